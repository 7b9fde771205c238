const lookEveryMs = 500;

/**
 * Notices the end of the `npm` that runs this script, even by kill -9, which tells nobody: the parent's process id
 * changes. Started otherwise (by hand, by a service manager) it does nothing.
 */
export function endWithNpm(end: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, lookEveryMs);
  timer.unref();
}
