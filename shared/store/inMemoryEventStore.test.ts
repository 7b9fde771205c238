import { describeEventStore } from './eventStore.contract.ts';
import { createInMemoryEventStore } from './inMemoryEventStore.ts';

describeEventStore('in memory', createInMemoryEventStore);
