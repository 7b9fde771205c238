const KEPT = 1000;

const QUANTILES: readonly (readonly [string, number])[] = [
  ['Mean', Number.NaN],
  ['Median', 0.5],
  ['Fastest', 0],
  ['Quintile 1', 0.2],
  ['Quintile 2', 0.4],
  ['Quintile 3', 0.6],
  ['Quintile 4', 0.8],
  ['Quintile 5', 1],
  ['90%', 0.9],
  ['95%', 0.95],
  ['99%', 0.99],
  ['99.5%', 0.995],
  ['99.9%', 0.999],
  ['Highest', 1],
];

/** How many messages were settled, and how long the latest took. */
export class Measurements {
  readonly #startedMs = Date.now();
  readonly #latestMs: number[] = [];
  #measuredAt = this.#startedMs;
  #measuredTotal = 0;
  total = 0;

  settled(elapsedMs: number): void {
    this.#latestMs[this.total++ % KEPT] = elapsedMs;
  }

  get averagePerSecond(): number {
    return Math.round(this.total / Math.max(1, (Date.now() - this.#startedMs) / 1000));
  }

  /** Counted anew each second. */
  get sinceLastMeasurement(): number {
    if (Date.now() - this.#measuredAt > 1000) {
      this.#measuredAt = Date.now();
      const count = this.total - this.#measuredTotal;
      this.#measuredTotal = this.total;
      return count;
    }
    return this.total - this.#measuredTotal;
  }

  /** Milliseconds by the names the real server gives them; none before the first message was settled. */
  observed(): { readonly key: string; readonly value: bigint }[] {
    if (this.#latestMs.length === 0) return [];
    const sorted = [...this.#latestMs].sort((a, b) => a - b);
    const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
    return QUANTILES.map(([key, quantile]) => {
      const value = Number.isNaN(quantile) ? mean : sorted[Math.floor((sorted.length - 1) * quantile)];
      return { key, value: BigInt(Math.round(value ?? 0)) };
    });
  }
}
