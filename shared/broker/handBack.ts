import type { Consumer } from './consumer.ts';
import { toRetryHint } from './deadLetters.ts';
import { shortestDelayMs } from './retryDelays.ts';
import type { StreamNews } from './streamNews.ts';

/**
 * The stream's news comes again after `delayMs`, and is no failure of anybody's. Afterwards its messages are settled.
 *
 * @throws Fault broker/unavailable
 */
export async function handBack<View>(
  { consumer, publisher, clock, logger }: Pick<Consumer<View>, 'consumer' | 'publisher' | 'clock' | 'logger'>,
  { stream, head, attempt, look }: Pick<StreamNews, 'stream' | 'head' | 'attempt' | 'look'>,
  reason: string,
  delayMs: number = shortestDelayMs,
): Promise<void> {
  logger.info('handed back', { consumer, stream, revision: head, delayMs, reason });
  await publisher.publish(toRetryHint(consumer, { stream, revision: head, attempt, look }, delayMs, clock.now()));
}
