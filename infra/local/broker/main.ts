import { runProgram } from '../program.ts';
import { parseCommandLine, usage } from './commandLine.ts';
import { startBroker } from './startBroker.ts';

await runProgram('broker', async () => {
  const command = parseCommandLine(process.argv.slice(2));
  if (command.kind === 'help') {
    console.log(usage);
    process.exit(0);
  }
  return startBroker(command);
});
