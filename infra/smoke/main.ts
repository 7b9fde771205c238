/** `npm run smoke -- --url <API>`: a few orders through a running system, local or deployed. */
import { toLine } from '../commandLine/usageProblem.ts';
import { parseCommandLine, usage } from './commandLine.ts';
import { runJourney } from './journey.ts';

try {
  const options = parseCommandLine(process.argv.slice(2), process.env);
  if (options === undefined) {
    console.log(usage);
    process.exit(0);
  }
  const startedMs = performance.now();
  await runJourney({ ...options, onStep: (line) => console.log(`ok  ${line}`) });
  console.log(`all went as it must, in ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
} catch (error) {
  console.error(`smoke: ${toLine(error)}`);
  process.exitCode = 1;
}
