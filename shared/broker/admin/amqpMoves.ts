import type { ConfirmChannel, GetMessage, Options } from 'amqplib';
import { getUpTo } from '../amqpGetUpTo.ts';
import { shortestDelayMs } from '../retryDelays.ts';
import { slotOf, toSlot } from '../slots.ts';
import { exchanges, hintKey } from '../topology.ts';
import type { HasTime } from './brokerAdmin.ts';

/** Messages that are moved between two waits for confirms; no more, for the reason in amqpDeadLetterQueue.ts. */
const batchSize = 25;

/** How long the broker may take to confirm a batch: one that is short of memory takes nothing, and does not say when it will. */
const confirmMs = 10_000;

/** Where a message goes that is taken out of a queue. */
export interface Target {
  readonly exchange: string;
  readonly routingKey: string;
  /** Headers that it has from then on. */
  readonly headers?: Readonly<Record<string, unknown>>;
}

/**
 * Takes messages from the head of a queue, `count` at most, and publishes each to where `toTarget` says, if it says anything.
 * It leaves the queue when the broker has confirmed it there: one that is cut off in between is there twice, none is lost.
 *
 * @returns how many
 */
export async function moveUpTo(
  channel: ConfirmChannel,
  queue: string,
  count: number,
  toTarget: (message: GetMessage) => Target | undefined,
  hasTime: HasTime,
): Promise<number> {
  let returned: Target | undefined;
  channel.on('return', ({ fields }) => {
    returned = fields;
  });
  const settle = async (batch: readonly GetMessage[]): Promise<void> => {
    for (const message of batch) {
      const target = toTarget(message);
      if (target) publish(channel, message, target);
    }
    await confirmed(channel);
    if (returned) throw new Error(`no queue takes '${returned.routingKey}' from '${returned.exchange}'`);
  };
  return takeUpTo(channel, queue, count, settle, hasTime);
}

/**
 * Takes messages from the head of a queue, `count` at most; those of a batch leave it when `settle` has resolved.
 *
 * @returns how many
 */
async function takeUpTo(
  channel: ConfirmChannel,
  queue: string,
  count: number,
  settle: (batch: readonly GetMessage[]) => Promise<void>,
  hasTime: HasTime,
): Promise<number> {
  let taken = 0;
  while (taken < count && hasTime()) {
    const batch = await getUpTo(channel, queue, Math.min(batchSize, count - taken));
    if (batch.length === 0) break;
    await settle(batch).catch((error: unknown) => {
      putBack(channel, batch);
      throw error;
    });
    channel.ackAll();
    taken += batch.length;
  }
  return taken;
}

/** The routing keys of the first messages, 25 at most. */
export async function lookAtKeys(channel: ConfirmChannel, queue: string, limit: number): Promise<readonly string[]> {
  const messages = await getUpTo(channel, queue, Math.min(batchSize, limit));
  putBack(channel, messages);
  return messages.map(({ fields }) => fields.routingKey);
}

/** To their places. When the channel closes they would go there as well, but in any order. */
function putBack(channel: ConfirmChannel, messages: readonly GetMessage[]): void {
  try {
    for (const message of messages) channel.nack(message, false, true);
  } catch {
    // The channel is closed already.
  }
}

async function confirmed(channel: ConfirmChannel): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no confirm within ${confirmMs} ms`)), confirmMs);
  });
  await Promise.race([channel.waitForConfirms(), tooLong]).finally(() => clearTimeout(timer));
}

function publish(
  channel: ConfirmChannel,
  { content, properties }: GetMessage,
  { exchange, routingKey, headers: added }: Target,
): void {
  // The broker's own notes on where it has been would be taken for a redelivery's.
  const { 'x-death': _, ...own } = properties.headers ?? {};
  const headers = { ...own, ...added };
  const { messageId, type, timestamp, correlationId, contentType, contentEncoding } = properties;
  const kept: Options.Publish = { messageId, type, timestamp, correlationId, contentType, contentEncoding, headers };
  channel.publish(exchange, routingKey, content, { ...kept, persistent: true, mandatory: true });
}

/** Round again to a consumer, by its stream's slot; one without a stream may go to any partition: it is dead-lettered from there. */
export const toConsumer =
  (consumer: string) =>
  ({ properties }: GetMessage): Target => {
    const stream: unknown = properties.headers?.['stream'];
    const slot = typeof stream === 'string' ? slotOf(stream) : toSlot(0);
    return { exchange: exchanges.retries, routingKey: hintKey(consumer, shortestDelayMs, slot) };
  };

/** What went through an alternate exchange still has the routing key that it was published with. */
export const toRound =
  (exchange: string, round: string) =>
  ({ fields: { routingKey } }: GetMessage): Target => ({ exchange, routingKey, headers: { round } });

export const isOfRound = ({ properties }: GetMessage, round: string): boolean =>
  properties.headers?.['round'] === round;
