import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { toLastWords } from './lastWords.ts';
import { PartProblem } from './stackProblem.ts';

export interface PartOptions {
  readonly name: string;
  /** File of the program, run under this Node. */
  readonly program: URL;
  readonly args?: readonly string[];
  /** Besides this process's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly nodeFlags?: readonly string[];
  /** Ready with its first message to its parent, or as soon as it runs. */
  readonly readyWith: 'message' | 'start';
  /** One that is not ready by then is killed; unless given it may take its time. */
  readonly readyWithinMs?: number;
  /** Where it listens, when that is known beforehand. */
  readonly url?: string;
  readonly onLine?: (line: string) => void;
  /** What it tells its parent after it is ready. */
  readonly onMessage?: ((message: unknown) => void) | undefined;
}

/** A process of the stack. */
export interface Part {
  readonly name: string;
  readonly pid: number;
  /** The first message it sent; undefined for one that sends none. */
  readonly message: unknown;
  /** Where it listens, if that message said so. */
  readonly url: string | undefined;
  /** Resolves with how it ended, such as "SIGKILL" or "exit code 1". */
  readonly ended: Promise<string>;
  /** After its end: what it wrote last to standard error that says why, or ''. */
  lastWords(): Promise<string>;
  /** Asks it to end; one that does not within its time is killed. */
  stop(): Promise<void>;
  /** Ends it as a crash would (SIGKILL). */
  kill(): Promise<void>;
}

const preload = new URL('./endWithParent.ts', import.meta.url).href;
const stopTimeoutMs = 4_000;
/** What was written may be read a moment after the end. */
const lastWordsMs = 500;
/** What was written longer than this before the end is not about it. */
const recentMs = 5_000;
const recentLines = 50;

/**
 * Starts a program and waits until it is ready. It never outlives this process.
 *
 * @param signal aborting kills it, ready or not
 * @throws PartProblem when it ends before it is ready or is not ready in time, with its last words
 */
export async function startPart(options: PartOptions, signal: AbortSignal): Promise<Part> {
  const { name, readyWithinMs, onLine } = options;
  signal.throwIfAborted();
  const child = fork(fileURLToPath(options.program), options.args ?? [], {
    env: { ...process.env, ...options.env },
    execArgv: ['--disable-warning=ExperimentalWarning', '--import', preload, ...(options.nodeFlags ?? [])],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: Ctrl-C reaches this process alone, which then ends the parts in order.
    detached: true,
  });
  const ended = new Promise<string>((resolve) => {
    child.on('exit', (code, by) => resolve(by ?? `exit code ${code}`));
    child.on('error', (error) => resolve(error.message));
  });
  const closed = new Promise((resolve) => child.on('close', resolve));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  signal.addEventListener('abort', kill);
  void ended.then(() => signal.removeEventListener('abort', kill));

  const lines: string[] = [];
  const errors: { readonly line: string; readonly atMs: number }[] = [];
  let isStarting = true;
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      if (isStarting) lines.push(line);
      // What is logged is about the work; a program's end is told in plain words.
      if (stream === child.stderr && !line.startsWith('{')) errors.push({ line, atMs: performance.now() });
      errors.splice(0, errors.length - recentLines);
      onLine?.(line);
    });
  }

  const started = options.readyWith === 'message' ? firstMessage(child) : spawned(child);
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<string>((resolve) => {
    if (readyWithinMs !== undefined)
      timer = setTimeout(() => resolve(`no answer within ${readyWithinMs / 1_000} s`), readyWithinMs);
  });
  const outcome = await Promise.race([
    started.then((message) => ({ ready: true as const, message })),
    Promise.race([ended, tooLate]).then((why) => ({ ready: false as const, why })),
  ]);
  clearTimeout(timer);
  if (!outcome.ready) {
    await kill();
    await Promise.race([closed, sleep(lastWordsMs)]);
    signal.throwIfAborted();
    const words = toLastWords(lines);
    throw new PartProblem(`${name} did not start (${outcome.why})${words === '' ? '' : `: ${words}`}`);
  }
  isStarting = false;
  if (options.onMessage) child.on('message', options.onMessage);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await ended;
    clearTimeout(timer);
  };
  const lastWords = async (): Promise<string> => {
    await ended;
    const sinceMs = performance.now() - recentMs;
    await Promise.race([closed, sleep(lastWordsMs)]);
    return toLastWords(errors.filter(({ atMs }) => atMs > sinceMs).map(({ line }) => line));
  };
  const { message } = outcome;
  return { name, pid: child.pid ?? 0, message, url: options.url ?? toUrl(message), ended, lastWords, stop, kill };
}

const toUrl = (message: unknown): string | undefined =>
  typeof message === 'object' && message !== null && 'url' in message ? String(message.url) : undefined;
const firstMessage = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => child.once('message', resolve));
const spawned = (child: ChildProcess): Promise<undefined> =>
  new Promise((resolve) => child.once('spawn', () => resolve(undefined)));
