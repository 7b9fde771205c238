export interface BackoffOptions {
  readonly baseMs: number;
  readonly maxMs: number;
  /** A number in [0, 1). */
  readonly random?: () => number;
}

/**
 * How long to wait before try `failures + 1`: doubles from `baseMs` up to `maxMs`, of which a random half to whole, so
 * that many that failed together do not come back together.
 */
export function backoffMs(failures: number, { baseMs, maxMs, random = Math.random }: BackoffOptions): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.max(0, failures - 1));
  return Math.round(ceiling * (0.5 + random() / 2));
}
