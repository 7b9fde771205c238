import { type EventStoreDBClient, jsonEvent } from '@eventstore/db-client';

/** Events whose data is about so many bytes of JSON. */
export function events(count: number, dataBytes: number) {
  const text = 'x'.repeat(Math.max(0, dataBytes - 11));
  return Array.from({ length: count }, () => jsonEvent({ type: 'Benched', data: { text } }));
}

/** Runs `work` `count` times, `inFlight` of them at once, and returns how many a second. */
export async function rate(count: number, inFlight: number, work: () => Promise<unknown>): Promise<number> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await work();
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: inFlight }, worker));
  return count / ((performance.now() - started) / 1000);
}

/** Events a second of a subscription to `$all` from the start, until `count` have come. */
export async function subscribeRate(client: EventStoreDBClient, count: number): Promise<number> {
  const started = performance.now();
  const subscription = client.subscribeToAll();
  let seen = 0;
  await new Promise<void>((resolve, reject) => {
    subscription.on('error', reject);
    subscription.on('data', () => {
      if (++seen === count) resolve();
    });
  });
  const elapsed = performance.now() - started;
  await subscription.unsubscribe();
  return count / (elapsed / 1000);
}

/** Events a second of reading a stream to its end. */
export async function readRate(
  client: EventStoreDBClient,
  stream: string,
  maxCount = Number.MAX_SAFE_INTEGER,
): Promise<number> {
  const started = performance.now();
  let seen = 0;
  for await (const _ of client.readStream(stream, { maxCount })) seen++;
  return seen / ((performance.now() - started) / 1000);
}

/** Milliseconds from the call to its answer, each time anew. */
export async function roundTrips(client: EventStoreDBClient, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const [event] = events(1, 110);
    const started = performance.now();
    if (event) await client.appendToStream('round-trip', event);
    times.push(performance.now() - started);
  }
  return times;
}

/** Milliseconds from the call of an append until a live subscription brings its event. */
export async function deliveries(client: EventStoreDBClient, count: number): Promise<number[]> {
  const subscription = client.subscribeToStream('delivery', { fromRevision: 'end' });
  let arrived: () => void = () => undefined;
  const caughtUp = new Promise<void>((resolve) => subscription.once('caughtUp', () => resolve()));
  subscription.on('data', () => arrived());
  await caughtUp;
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const started = performance.now();
    const [event] = events(1, 110);
    if (event)
      await Promise.all([
        client.appendToStream('delivery', event),
        arrival.then(() => times.push(performance.now() - started)),
      ]);
  }
  await subscription.unsubscribe();
  return times;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
