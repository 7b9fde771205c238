import { describeCursors } from './cursors.contract.ts';
import { createInMemoryCursors } from './inMemoryCursors.ts';

describeCursors('in memory', createInMemoryCursors);
