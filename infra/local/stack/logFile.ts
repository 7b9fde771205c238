import { createWriteStream, globSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { lazy } from '../../../shared/kernel/lazy.ts';
import { isRunning, root } from './bundleFunctions.ts';
import { hasCode } from './stackProblem.ts';

export interface LogFile {
  /** Relative to the root. */
  readonly path: string;
  write(part: string, line: string): void;
}

/**
 * A new log for this run, made with its first line; the one before is kept under another name. JSON lines only. What the functions and the relay log goes in as it
 * is, what a server or serverless-offline writes as a message of that part; its line for every invocation is left out.
 *
 * @param httpPort two systems on one machine differ in it, so each has a log of its own; on any free port (0), in the process
 */
export function openLogFile(httpPort: number, echo: ((line: string) => void) | undefined): LogFile {
  const path = toLogPath(httpPort, process.pid);
  const file = lazy(() => {
    mkdirSync(`${root}.local`, { recursive: true });
    keepOne(`${root}${path}`);
    if (httpPort === 0) removeOld(`${root}.local`);
    const stream = createWriteStream(`${root}${path}`);
    stream.on('error', (error) => console.error(`cannot write ${path}: ${error.message}`));
    return stream;
  });
  return {
    path,
    write: (part, line) => {
      const entry = toLogLine(part, line);
      if (entry === undefined) return;
      file().write(`${entry}\n`);
      echo?.(entry);
    },
  };
}

export function toLogPath(httpPort: number, pid: number): string {
  const which = httpPort === 0 ? `-process-${pid}` : `-${httpPort}`;
  return `.local/waybill${httpPort === 3000 ? '' : which}.log`;
}

/** Of the logs of processes that have ended, all but the newest. */
export function removeOld(folder: string): void {
  const ended = globSync(`${folder}/waybill-process-*.log`).filter(
    (path) => !isRunning(Number(/(\d+)\.log$/.exec(path)?.[1])),
  );
  const changedAtMs = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const newestFirst = ended.toSorted((one, other) => changedAtMs(other) - changedAtMs(one));
  // Two that start at once may both tidy up.
  for (const path of newestFirst.slice(1)) rmSync(path, { force: true });
}

/** What stands there becomes the one before; the one before that is gone. */
export function keepOne(path: string): void {
  try {
    renameSync(path, path.replace(/\.log$/, '.1.log'));
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

/** @returns undefined for a line that says nothing */
export function toLogLine(part: string, line: string): string | undefined {
  if (line.startsWith('{') && line.endsWith('}')) return line;
  // What is left of a line that is nothing but colour, frame and space says nothing.
  const message = line.replaceAll(ansiColour, '').trim();
  if (message === '' || message.includes('(λ: ') || /^[│┌└]/.test(message)) return undefined;
  return JSON.stringify({ service: part, message });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const ansiColour = /\u001b\[[0-9;]*m/g;
