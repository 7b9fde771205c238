import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Takes a directory for this process. Throws when a living one has it; returns what gives it back. */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, 'lock');
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = Number(readFileSync(path, 'utf8'));
    if (isAlive(owner)) throw new Error(`${directory} is in use by process ${owner}`);
    writeFileSync(path, String(process.pid));
  }
  held.add(path);
  return () => {
    held.delete(path);
    rmSync(path, { force: true });
  };
}

const held = new Set<string>();

/** Our own number in a lock we don't hold is left from an earlier process that had it. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return held.size > 0;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
