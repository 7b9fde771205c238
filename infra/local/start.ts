/**
 * `npm start`: the whole system on this machine, until Ctrl-C or SIGTERM. What starts and ends it is here; what it is
 * made of is in stack/.
 */
import { resolve } from 'node:path';
import { type CommandLine, parseCommandLine, usage } from './stack/commandLine.ts';
import type { Stack } from './stack/startStack.ts';
import type { UnexpectedEnd } from './stack/supervisor.ts';

function readCommandLine(): CommandLine {
  try {
    return parseCommandLine(process.argv.slice(2));
  } catch (error) {
    console.error(`npm start: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}

const command = readCommandLine();
if (command.kind === 'help') {
  console.log(usage);
  process.exit(0);
}

const { data } = command;
// npm runs this in the project's folder, wherever it was called.
const dataDirectory = data === undefined ? undefined : resolve(process.env['INIT_CWD'] ?? '.', data);

// A reader that has gone (npm start | head) is no reason to fall over.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

const aborting = new AbortController();
let stack: Stack | undefined;
let exitCode = 0;
let ending = false;
const longestEndMs = 10_000;

/** The first call decides; Ctrl-C under npm arrives twice by nature. */
function end(code: number): void {
  if (ending) return;
  ending = true;
  exitCode = code;
  setTimeout(() => console.error('npm start: ending: a part takes its time, at most a few seconds'), 2_000).unref();
  // Whatever hangs: every part ends with this process.
  setTimeout(() => process.exit(code), longestEndMs).unref();
  if (stack) void stack.stop().then(() => leave(code));
  else aborting.abort();
}

/** Everything has ended. */
function leave(code: number): void {
  if (code === 0)
    console.log(`npm start: stopped${dataDirectory === undefined ? '' : `; data kept in ${dataDirectory}`}`);
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
const { endWithNpm } = await import('./stack/endWithNpm.ts');
endWithNpm(() => end(1));

const startedAtMs = performance.now();
const { createRestarts } = await import('./stack/restarts.ts');
const { showProgress } = await import('./stack/progress.ts');
const startsAgain = dataDirectory === undefined ? 'npm start begins afresh' : 'the same npm start goes on from there';

/** Ends everything because of one part; says which, and what to do. */
function giveUp(reason: string): void {
  if (ending) return;
  const hint =
    dataDirectory === undefined && reason.includes('in memory') ? '; npm start -- --data DIR would keep it' : '';
  console.error(
    `npm start: ${reason}: everything else is ended too; its last words may be in the log; ${startsAgain}${hint}`,
  );
  end(1);
}

const say = (line: string): void => {
  if (!ending) console.error(`npm start: ${line}`);
};
const restarts = createRestarts({ say, giveUp });
const progress = showProgress((line) => console.log(line));

let logPath = '';

function onUnexpectedEnd(ended: UnexpectedEnd): void {
  if (ending) return;
  if (stack) restarts.onEnd(ended);
  else giveUp(`${ended.part} ended by itself (${ended.how}) during the start`);
}

try {
  const [{ parseSettings }, { toWarnings }, { startStack }, { openLogFile }, { toWelcome }] = await Promise.all([
    import('./stack/settings.ts'),
    import('./stack/warnings.ts'),
    import('./stack/startStack.ts'),
    import('./stack/logFile.ts'),
    import('./stack/welcome.ts'),
  ]);
  const { port, isVerbose } = command;
  const settings = parseSettings(port === undefined ? process.env : { ...process.env, PORT: port }, dataDirectory);
  for (const warning of toWarnings(settings)) console.error(`npm start: ${warning}`);
  const log = openLogFile(settings.httpPort, isVerbose ? (line) => console.log(line) : undefined);
  logPath = log.path;
  stack = await startStack({
    settings,
    signal: aborting.signal,
    onLine: log.write,
    onProgress: progress.update,
    onUnexpectedEnd,
    onNotice: say,
  });
  progress.stop();
  if (ending) await stack.stop().then(() => leave(exitCode));
  else console.log(toWelcome(stack, log.path, performance.now() - startedAtMs));
} catch (error) {
  progress.stop();
  const { PartProblem, StackProblem } = await import('./stack/stackProblem.ts');
  const more = error instanceof PartProblem ? `; all that it said is in ${logPath}` : '';
  if (!ending) console.error(error instanceof StackProblem ? `npm start: ${error.message}${more}` : error);
  if (ending) leave(exitCode);
  process.exit(1);
}
