import { startPoller } from '../../infra/local/eventSource/poller.ts';
import type { LambdaEvent } from '../../infra/local/eventSource/toLambdaEvent.ts';

/** As Lambda's mapping by default. */
const batchSize = 100;

/** From the first message's arrival to the last one's end. */
export interface Stopwatch {
  /** A message has arrived; the first one counts. */
  begin(): void;
  /** So many messages have been settled. */
  settle(count: number): void;
  /** Messages a second, when all have been settled. */
  readonly rate: Promise<number>;
}

export function createStopwatch(total: number): Stopwatch {
  const done = Promise.withResolvers<number>();
  let startedMs: number | undefined;
  let settled = 0;
  return {
    begin() {
      startedMs ??= performance.now();
    },
    settle(count) {
      settled += count;
      if (settled >= total) done.resolve((total / (performance.now() - (startedMs ?? 0))) * 1_000);
    },
    rate: done.promise,
  };
}

type LambdaHandler = (event: LambdaEvent, context: { getRemainingTimeInMillis(): number }) => Promise<unknown>;

/** Feeds a function from a queue through the event source of the local stack, its payload as text, as it is in Lambda. */
export async function measureFunction(brokerUrl: string, queue: string, total: number, handler: LambdaHandler) {
  const watch = createStopwatch(total);
  const poller = startPoller({
    functionName: 'bench',
    queue,
    virtualHost: '/',
    brokerUrl,
    batchSize,
    windowMs: 5,
    maxBytes: 6 * 1024 * 1024,
    backoff: { baseMs: 1_000, maxMs: 1_000 },
    report: (line) => console.error(line),
    async invoke(_, payload) {
      watch.begin();
      const event: LambdaEvent = JSON.parse(payload);
      const endMs = performance.now() + 60_000;
      await handler(event, { getRemainingTimeInMillis: () => endMs - performance.now() });
      watch.settle(Object.values(event.rmqMessagesByQueue).flat().length);
      return { outcome: 'succeeded' };
    },
  });
  const rate = await watch.rate;
  await poller.stop();
  return rate;
}

/** Runs `work` for each item, `inFlight` at once, and answers how many a second. */
export async function measureEach<Item>(
  items: readonly Item[],
  inFlight: number,
  work: (item: Item) => Promise<unknown>,
): Promise<number> {
  const startedMs = performance.now();
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return (items.length / (performance.now() - startedMs)) * 1_000;
}
