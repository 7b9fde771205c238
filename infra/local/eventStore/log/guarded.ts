/** Runs work that nobody waits for, such as a timer's. What it throws is told, and stops nothing else. */
export function guarded(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    console.error(`event store: ${what} failed`, error);
  }
}
