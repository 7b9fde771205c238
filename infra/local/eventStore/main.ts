import { runProgram } from '../program.ts';
import { helpText, parseOptions } from './options/parseOptions.ts';
import { startEventStore } from './startEventStore.ts';

const NAME = 'event store';
// Messages of a kilobyte and more share allocations this way; a process of its own may decide that.
Buffer.poolSize = 64 * 1024;
const args = process.argv.slice(2);

if (args.includes('--help')) {
  console.log(helpText());
} else {
  await runProgram(NAME, () => {
    const { options, notes } = parseOptions(args, process.env);
    for (const note of notes) console.error(`${NAME}: ${note}`);
    return startEventStore({ ...options, onShutdown: () => process.kill(process.pid, 'SIGTERM') });
  });
}
