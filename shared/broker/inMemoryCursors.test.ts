import { describeCursors } from './cursors.contract.ts';
import { createInMemoryCursors } from './inMemoryCursors.ts';
import { describeUnsettled } from './unsettled.contract.ts';

describeCursors('in memory', createInMemoryCursors);
describeUnsettled('in memory', createInMemoryCursors);
