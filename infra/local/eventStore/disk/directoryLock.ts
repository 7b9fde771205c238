import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Takes a directory for this process. Throws when a living one has it; returns what gives it back. */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, 'lock');
  try {
    writeFileSync(path, describeProcess(process.pid), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = readFileSync(path, 'utf8');
    if (isAlive(owner)) throw new Error(`${directory} is in use by process ${owner.split(' ', 1)[0]}`);
    writeFileSync(path, describeProcess(process.pid));
  }
  held.add(path);
  return () => {
    held.delete(path);
    rmSync(path, { force: true });
  };
}

const held = new Set<string>();

/**
 * A process's number and, where the system tells it, when it started: a number alone is given again to others. Just the
 * number for one that has ended, though nobody has taken note of its end yet.
 */
function describeProcess(pid: number): string {
  try {
    // After the name in parentheses: the state, and 19 fields on the start in ticks since the system's own.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const hasEnded = fields[0] === 'Z' || fields[0] === 'X';
    return hasEnded ? `${pid} ended` : `${pid} ${fields[19]}`;
  } catch {
    return String(pid);
  }
}

/** Our own number in a lock we don't hold is left from an earlier process that had it. */
function isAlive(owner: string): boolean {
  const pid = Number(owner.split(' ', 1)[0]);
  if (pid === process.pid) return held.size > 0;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return !owner.includes(' ') || describeProcess(pid) === owner;
}
