/** How long a failed stream waits before attempt 2, 3, ...; after the last, some 36 minutes on, it is blocked. */
export const retryDelaysMs = [1_000, 5_000, 30_000, 300_000, 1_800_000] as const;

/**
 * Each delay in three lengths, a retry queue for each: those that failed together do not all come back together. A
 * queue has one time to live, since a message with a shorter one of its own would wait behind the others all the same.
 */
const spread = [0.8, 1, 1.25] as const;

const spreadOf = (delayMs: number): readonly number[] => spread.map((factor) => delayMs * factor);

/** Every delay that there is a queue for, ascending. */
export const retryQueueDelaysMs: readonly number[] = retryDelaysMs.flatMap(spreadOf);

/** For what has not failed and only has to come again. */
export const shortestDelayMs = Math.min(...retryQueueDelaysMs);

/**
 * How long a stream waits after `attempts` failures of its next event; undefined: it is not tried again.
 *
 * @param random answers a number in [0, 1)
 */
export function retryDelayMs(attempts: number, random: () => number): number | undefined {
  const delayMs = retryDelaysMs[attempts - 1];
  return delayMs === undefined ? undefined : spreadOf(delayMs)[Math.floor(random() * spread.length)];
}

/** The longest delay that does not wait beyond `ms`; a longer wait takes several. At least the shortest. */
export const longestDelayMs = (ms: number): number =>
  Math.max(shortestDelayMs, ...retryQueueDelaysMs.filter((delayMs) => delayMs <= ms));

/** The shortest delay that is not shorter than `ms`, or the longest there is. */
export const delayOfAtLeast = (ms: number): number =>
  retryQueueDelaysMs.find((delayMs) => delayMs >= ms) ?? Math.max(...retryQueueDelaysMs);
