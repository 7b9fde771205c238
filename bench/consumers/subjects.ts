import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { createConsumer } from '../../shared/broker/consume.ts';
import type { Handler } from '../../shared/broker/consumer.ts';
import { createDynamoCursors } from '../../shared/broker/dynamoCursors.ts';
import { parseBody } from '../../shared/broker/message.ts';
import type { OutgoingMessage } from '../../shared/broker/publisher.ts';
import { createDynamoClient } from '../../shared/config/dynamoClient.ts';
import { type OrderEvent, orderEvents } from '../../shared/domain/orders/index.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { createLogger } from '../../shared/observe/logger.ts';
import { silentMetrics } from '../../shared/observe/metrics.ts';
import { type OrderView, projectOrder } from '../../shared/readModels/orderView.ts';
import { toDomainEvent } from '../../shared/store/codec.ts';
import type { StoredEvent } from '../../shared/store/eventStore.ts';
import { createStopwatch, measureEach, measureFunction } from './measure.ts';
import type { Servers } from './servers.ts';

/** What a measurement found out. */
export interface Measured {
  /** Messages a second. */
  readonly rate: number;
  readonly requestsPerEvent?: number;
}

/** One way of consuming these messages; each call on a queue and a table of its own. */
export type Subject = (servers: Servers, messages: readonly OutgoingMessage[]) => Promise<Measured>;

/** Streams side by side, and writes in flight of the ceiling. */
const inFlight = 64;

/** What every subject does with an event: reads it as the domain's own, and no more. */
function react(event: Pick<StoredEvent, 'type' | 'data' | 'metadata' | 'stream' | 'revision'>): void {
  if (!toDomainEvent<OrderEvent>(orderEvents, event)) throw new Error(`unknown event ${event.type}`);
}

/** The client of the functions, its requests counted. */
function openTables(endpoint: string) {
  const client = createDynamoClient({ endpoint });
  let requests = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      requests += 1;
      return next(args);
    },
    { step: 'finalizeRequest', name: 'countRequests' },
  );
  return { client, requests: () => requests, close: () => client.destroy() };
}

/** A queue and a table for one measurement, gone after it. */
async function onOwn<Result>(
  servers: Servers,
  messages: readonly OutgoingMessage[],
  key: string,
  work: (queue: string, table: string) => Promise<Result>,
): Promise<Result> {
  const name = `bench-${randomUUID()}`;
  await servers.createTable(name, key);
  await servers.fillQueue(name, messages);
  const result = await work(name, name);
  await servers.deleteQueue(name);
  return result;
}

const consumerOf =
  <View>(handler: Handler<View>): Subject =>
  (servers, messages) =>
    onOwn(servers, messages, 'pk', async (queue, table) => {
      const tables = openTables(servers.dynamoUrl);
      const consume = createConsumer<View>(
        {
          consumer: 'bench',
          store: { read: () => unexpected('read of the store') },
          cursors: createDynamoCursors<View>(tables.client, table),
          publisher: { publish: async () => unexpected('publication') },
          clock: systemClock,
          logger: createLogger('bench', 'WARN'),
          metrics: silentMetrics,
          instance: 'bench',
          random: Math.random,
        },
        handler,
        { maxConcurrent: inFlight },
      );
      const rate = await measureFunction(servers.brokerUrl, queue, messages.length, consume);
      tables.close();
      return { rate, requestsPerEvent: tables.requests() / messages.length };
    });

const unexpected = (what: string): never => {
  throw new Error(`the bench needs no ${what}`);
};

/** A view: its row and its cursor are one write. */
export const view = consumerOf<OrderView>(async (before, event) => projectOrder(before, event));

/** A reaction: its row is the cursor alone. */
export const reaction = consumerOf<never>(async (_, event) => {
  react(event);
  return undefined;
});

/** (a) amqplib alone: consumes and acknowledges. */
export const bareConsume: Subject = (servers, messages) =>
  onOwn(servers, messages, 'pk', async (queue) => {
    const model = await connect(servers.brokerUrl, { noDelay: true });
    const channel = await model.createChannel();
    await channel.prefetch(200);
    const watch = createStopwatch(messages.length);
    await channel.consume(queue, (message) => {
      if (!message) return;
      watch.begin();
      channel.ack(message);
      watch.settle(1);
    });
    const rate = await watch.rate;
    await model.close();
    return { rate };
  });

/** (b) The writes alone that a consumer makes for these messages: one for each stream, with the same conditions. */
const bareWritesOf =
  (toView: (event: StoredEvent) => unknown): Subject =>
  (servers, messages) =>
    onOwn(servers, [], 'pk', async (_, table) => {
      const tables = openTables(servers.dynamoUrl);
      const cursors = createDynamoCursors<unknown>(tables.client, table);
      const events = messages.flatMap(({ body }) => parseBody(body).event ?? []);
      const first = events.filter(({ revision }) => revision === 0n);
      const eventsOfEach = events.length / first.length;
      const to = BigInt(eventsOfEach - 1);
      const writes = first.map((event) => ({
        stream: event.stream,
        run: { to, ...(toView(event) as object) },
      }));
      const rate = await measureEach(writes, inFlight, ({ stream, run }) => cursors.advance(stream, undefined, run));
      tables.close();
      return { rate: rate * eventsOfEach, requestsPerEvent: 1 / eventsOfEach };
    });

export const bareViewWrites = bareWritesOf((event) => ({ view: projectOrder(undefined, event) }));
export const bareCursorWrites = bareWritesOf(() => ({}));

interface Peer {
  readonly requests: { readonly count: number };
  stop(): Promise<void> | void;
}

interface PowertoolsPeer {
  createPowertoolsFunction(options: {
    readonly endpoint: string;
    readonly table: string;
    readonly handle: (body: string) => Promise<unknown>;
  }): Peer & { handler(event: unknown, context: unknown): Promise<void> };
}

interface NestPeer {
  startNestConsumer(options: {
    readonly url: string;
    readonly queue: string;
    readonly endpoint: string;
    readonly table: string;
    readonly handle: (body: { readonly event: StoredEvent }) => Promise<unknown>;
    readonly onMessage: () => void;
    readonly onSettled: () => void;
  }): Promise<Peer>;
}

const importPeer = async <Module>(name: string): Promise<Module> =>
  (await import(new URL(`../peers/${name}.js`, import.meta.url).href)) as Module;

/** (c) Powertools' idempotency around the same reaction, fed by the same event source. */
export const powertools: Subject = (servers, messages) =>
  onOwn(servers, messages, 'id', async (queue, table) => {
    const { createPowertoolsFunction } = await importPeer<PowertoolsPeer>('powertools');
    const peer = createPowertoolsFunction({
      endpoint: servers.dynamoUrl,
      table,
      handle: async (body) => {
        const { event } = parseBody(Buffer.from(body));
        if (event) react(event);
      },
    });
    const rate = await measureFunction(servers.brokerUrl, queue, messages.length, peer.handler);
    await peer.stop();
    return { rate, requestsPerEvent: peer.requests.count / messages.length };
  });

/** (d) A NestJS microservice around the same reaction, straight from the broker. */
export const nest: Subject = (servers, messages) =>
  onOwn(servers, messages, 'id', async (queue, table) => {
    const { startNestConsumer } = await importPeer<NestPeer>('nest');
    const watch = createStopwatch(messages.length);
    const peer = await startNestConsumer({
      url: servers.brokerUrl,
      queue,
      endpoint: servers.dynamoUrl,
      table,
      onMessage: watch.begin,
      onSettled: () => watch.settle(1),
      handle: async ({ event }) => react(event),
    });
    const rate = await watch.rate;
    const requestsPerEvent = peer.requests.count / messages.length;
    await peer.stop();
    return { rate, requestsPerEvent };
  });
