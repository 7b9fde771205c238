import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { UnsettledStreams } from './cursors.ts';

/** Most that are counted: rows are read for it, each minute. */
const maxCounted = 1_000;

export interface GaugeDeps {
  /** By consumer. */
  readonly tables: Readonly<Record<string, Pick<UnsettledStreams, 'readBlocked'>>>;
  /** Where the consumer's own figures go. */
  readonly metricsOf: (consumer: string) => Metrics;
  readonly logger: Pick<Logger, 'error'>;
}

/**
 * Tells of every consumer how many of its streams are blocked now, a nought included: `BlockedStreams`, at least so many
 * from 1,000 on. One that can't be counted is left out, with a line in the log. Never rejects: whoever has work to do
 * besides does it.
 */
export async function gaugeBlocked({ tables, metricsOf, logger }: GaugeDeps): Promise<void> {
  await Promise.all(
    Object.entries(tables).map(async ([consumer, table]) => {
      try {
        const blocked = await table.readBlocked(maxCounted);
        const metrics = metricsOf(consumer);
        metrics.add('BlockedStreams', 'Count', blocked.length);
        metrics.flush();
      } catch (error) {
        logger.error('blocked streams were not counted', error, { consumer });
      }
    }),
  );
}
