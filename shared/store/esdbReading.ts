import type { StreamingRead } from '@eventstore/db-client';

/**
 * What a read gives, for a loop that may be left early: then `leave` it. A plain loop would destroy the reader and leave the
 * call behind it standing still; one whose last answer had come already would never be forgotten by the client.
 */
export const untilLeft = <Item>(reading: StreamingRead<Item>): AsyncIterable<Item> =>
  reading.iterator({ destroyOnReturn: false });

/** Ends a read that somebody has had enough of: the server is told, and what has come already runs out. */
export async function leave(reading: StreamingRead<unknown>): Promise<void> {
  await reading.cancel().catch(() => undefined);
  reading.resume();
}
