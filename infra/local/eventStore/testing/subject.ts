import { randomUUID } from 'node:crypto';
import {
  type AllStreamSubscription,
  type EventData,
  EventStoreDBClient,
  jsonEvent,
  type ResolvedEvent,
  type StreamSubscription,
} from '@eventstore/db-client';

/** The server a contract is tried on, and the official client connected to it. */
export interface Subject {
  readonly url: string;
  readonly client: EventStoreDBClient;
}

/** A client that doesn't keep the test process alive longer than `dispose`. */
export function connect(url: string): EventStoreDBClient {
  return EventStoreDBClient.connectionString(url);
}

/** A stream name nobody used before, so that a contract can run on a server that has history. */
export function freshName(category = 'thing'): string {
  return `${category}-${randomUUID()}`;
}

/** `count` JSON events of one type whose data is `{ n }`, counted from 0. */
export function numbered(count: number, type = 'Counted'): EventData[] {
  return Array.from({ length: count }, (_, n) => jsonEvent({ type, data: { n } }));
}

/** Reads an answer to its end. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const item of items) result.push(item);
  return result;
}

/** Follows a subscription until `count` events have come, then ends it. */
export async function take(
  subscription: StreamSubscription | AllStreamSubscription,
  count: number,
): Promise<ResolvedEvent[]> {
  const result: ResolvedEvent[] = [];
  for await (const item of subscription) {
    result.push(item as ResolvedEvent);
    if (result.length >= count) break;
  }
  return result;
}

/** Resolves with the error a subscription ends with. */
export function failureOf(subscription: StreamSubscription | AllStreamSubscription): Promise<Error> {
  subscription.on('data', () => undefined);
  return new Promise((resolve) => subscription.on('error', resolve));
}

export const revisionsOf = (events: readonly ResolvedEvent[]): (bigint | undefined)[] =>
  events.map(({ event }) => event?.revision);
