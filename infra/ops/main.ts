/** `npm run ops -- <what> ...`: what operators do, from a terminal; it speaks to the API. */

import { toLine, UsageProblem } from '../commandLine/usageProblem.ts';
import { deadLetters } from './deadLetters.ts';
import { relay } from './relay.ts';

const commands = { 'dead-letters': deadLetters, relay } as const;

const usage = `npm run ops -- dead-letters list    [--consumer NAME] [--cause TEXT | --id ID] [--limit N]
npm run ops -- dead-letters redrive (--id ID | --cause TEXT | --all) [--consumer NAME] [--dry-run] [--rate N]
npm run ops -- dead-letters discard (--id ID | --cause TEXT | --all) --reason TEXT [--yes] [the same]
npm run ops -- relay status
npm run ops -- relay rewind (--position N | --to-start)    has it publish again what is behind that position

  --url URL      of the API; http://127.0.0.1:3000 unless given
  --port N       the same for a local system at another port
  --token TOKEN  with the scope ops, or WAYBILL_TOKEN; its subject is kept as who did it: of a redrive or discard in the event
                 store, of a rewind in the log. Of a local system:
                 npm run -s token -- --customer NAME --scope ops
  --yes          discards also what an order or its money waits for: it then waits for good
  --rate N       dead letters a second, 20 unless given
  --json         the API's answer as it came`;

const [name = '', ...rest] = process.argv.slice(2);
if (process.argv.includes('--help')) {
  console.log(usage);
  process.exit();
}
try {
  const command = commands[name as keyof typeof commands];
  if (!command) throw new UsageProblem(name === '' ? 'what is to be done?' : `there is no "${name}"`);
  await command(rest, (line) => console.log(line));
} catch (error) {
  console.error(toLine(error));
  process.exitCode = 1;
}
