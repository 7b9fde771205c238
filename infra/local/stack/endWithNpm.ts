import { readFileSync } from 'node:fs';

const lookEveryMs = 500;
const shells: readonly string[] = ['sh', 'dash', 'bash', 'ash', 'zsh'];

/**
 * Notices the end of the `npm` that runs this script, even by kill -9, which tells nobody: this process, or the shell
 * that npm put in between, then gets another parent. Started otherwise (by hand, by a service manager) it does nothing.
 */
export function endWithNpm(end: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const ancestors = readAncestors();
  const timer = setInterval(() => {
    if (readAncestors() === ancestors) return;
    clearInterval(timer);
    end();
  }, lookEveryMs);
  timer.unref();
}

/** The parent, and behind a shell its parent. Where there is no /proc, shells hand over to the program they start. */
function readAncestors(): string {
  const parent = process.ppid;
  try {
    // "pid (name) state ppid ..."; a name may hold anything, spaces and brackets too.
    const [, name = '', grandparent] =
      /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${parent}/stat`, 'utf8')) ?? [];
    return shells.includes(name) ? `${parent} ${grandparent}` : `${parent}`;
  } catch {
    return `${parent}`;
  }
}
