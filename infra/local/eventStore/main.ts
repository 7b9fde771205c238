import { runProgram } from '../program.ts';
import { startEventStore } from './startEventStore.ts';

await runProgram('event store', () => startEventStore({ port: 2113 }));
