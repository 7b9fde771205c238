export interface BackoffLimits {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * How long to wait after the n-th failure in a row (from 1): doubling from `firstMs`, never above `maxMs`, and spread over the upper
 * half of that, so that several that failed together do not come back together.
 *
 * @param random from 0 to 1
 */
export function toBackoffMs(failures: number, { firstMs, maxMs }: BackoffLimits, random: number): number {
  const fullMs = Math.min(maxMs, firstMs * 2 ** (failures - 1));
  return Math.round(fullMs / 2 + (fullMs / 2) * random);
}
