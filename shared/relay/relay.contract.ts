import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { startTcpProxy, type TcpProxy } from '../../tests/faults/tcpProxy.ts';
import { createAmqpPublisher } from '../broker/amqpPublisher.ts';
import type { Publisher } from '../broker/publisher.ts';
import { exchanges } from '../broker/topology.ts';
import { systemClock } from '../kernel/clock.ts';
import { silentLogger } from '../observe/logger.ts';
import { silentMetrics } from '../observe/metrics.ts';
import type { EventStore, Position } from '../store/eventStore.ts';
import { newEvent } from '../testing/builders.ts';
import { createInMemoryLeaseRow } from './inMemoryLease.ts';
import { runRelay } from './relay.ts';
import { toReport } from './report.ts';
import { createRelayStatus } from './status.ts';

/** The publisher under another name for the exchange: a broker that others use as well must not see ours. */
function renaming(publisher: Publisher, exchange: string): Pick<Publisher, 'ready' | 'readDepth'> {
  return {
    async ready() {
      const sender = await publisher.ready();
      return {
        send: (message, settled) =>
          sender.send(
            { ...message, exchange: message.exchange === exchanges.events ? exchange : message.exchange },
            settled,
          ),
      };
    },
    readDepth: (queue) => publisher.readDepth(queue),
  };
}

/** What the relay promises on a broker at `url()`, between it and an empty store; names are new for each test. */
export function describeRelay(name: string, url: () => string, makeStore: () => EventStore): void {
  describe(`relay: ${name}`, () => {
    let model: ChannelModel;
    let channel: Channel;
    let proxy: TcpProxy;
    let publisher: Publisher;
    let exchange: string;
    let queue: string;
    let stop: AbortController;
    let running: Promise<void>[];

    beforeAll(async () => {
      model = await connect(url());
      const { hostname, port } = new URL(url());
      proxy = await startTcpProxy({ host: hostname, port: Number(port) });
    });
    beforeEach(async () => {
      const run = randomUUID();
      exchange = `relay-contract-${run}`;
      queue = `relay-contract-${run}`;
      channel = await model.createChannel();
      stop = new AbortController();
      running = [];
      const wire = new URL(url());
      wire.hostname = '127.0.0.1';
      wire.port = String(proxy.port);
      publisher = createAmqpPublisher(wire.href, 'relay contract');
    });
    afterEach(async () => {
      stop.abort();
      await Promise.all(running);
      await publisher.close();
      await channel.deleteQueue(queue);
      await channel.deleteExchange(exchange);
      await channel.close();
    });
    afterAll(async () => {
      await proxy.stop();
      await model.close();
    });

    const declareExchange = () => channel.assertExchange(exchange, 'topic', { durable: true });
    const declareQueue = async (args: Record<string, unknown> = {}) => {
      await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum', ...args } });
      await channel.bindQueue(queue, exchange, 'order.#');
    };
    const append = async (store: EventStore, stream: string, count: number) => {
      const events = Array.from({ length: count }, (_, n) => newEvent(stream, { n }));
      await store.append(stream, events, 'no-stream');
    };
    /** The revisions that arrive, in order, until `isEnough`; what is there afterwards stays in the queue. */
    const collect = (isEnough: (revisions: readonly number[]) => boolean) =>
      new Promise<number[]>((resolve, reject) => {
        const revisions: number[] = [];
        const take = (message: { properties: { headers?: Record<string, unknown> | undefined } } | null): void => {
          revisions.push(Number(message?.properties.headers?.['revision']));
          if (isEnough(revisions)) channel.cancel(queue).then(() => resolve(revisions), reject);
        };
        channel.consume(queue, take, { noAck: true, consumerTag: queue }).catch(reject);
      });
    const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

    const start = (store: EventStore, row = createInMemoryLeaseRow(systemClock), signal = stop.signal) => {
      const status = createRelayStatus();
      const deps = {
        store,
        publisher: renaming(publisher, exchange),
        lease: row.newLease(),
        clock: systemClock,
        logger: silentLogger,
        metrics: silentMetrics,
      };
      const ended = runRelay(deps, signal, { windowSize: 50, checkpointMs: 20 }, status);
      running.push(ended);
      return { status, ended, report: () => toReport(status, systemClock) };
    };
    const until = async (isReached: () => boolean) => {
      while (!isReached()) await systemClock.sleep(5);
    };
    const commitOf = (position: Position | undefined) => Number(position?.commit ?? -1n);

    test('everything stored arrives in order, whole and lasting, and the checkpoint follows', async () => {
      await declareExchange();
      await declareQueue();
      const store = makeStore();
      await append(store, 'order-1', 300);
      const relay = start(store);
      await until(() => relay.status.published === 300);
      const first = await channel.get(queue, { noAck: true });
      if (!first) throw new Error('nothing arrived');
      expect(first.fields.routingKey).toBe('order.Happened.15');
      expect(first.properties).toMatchObject({
        type: 'Happened',
        deliveryMode: 2,
        contentType: 'application/json',
        correlationId: 'correlation-1',
        headers: { stream: 'order-1', revision: '0', schemaVersion: 1, causationId: 'cause-1' },
      });
      expect(JSON.parse(first.content.toString())).toMatchObject({ stream: 'order-1', revision: '0' });
      expect(await collect((revisions) => revisions.length === 299)).toEqual(numbers(300).slice(1));
      const head = await store.readHead(['order']);
      await until(() => commitOf(relay.status.confirmed) >= commitOf(head));
    });

    test('a connection that is cut again and again: repeats, nothing missing, first times in order', async () => {
      await declareExchange();
      await declareQueue();
      const store = makeStore();
      await append(store, 'order-1', 1_000);
      const relay = start(store);
      const arrived = collect((revisions) => revisions.includes(999));
      for (let n = 1; n <= 5; n += 1) {
        await until(() => relay.status.published >= n * 100);
        proxy.cut();
      }
      expect([...new Set(await arrived)]).toEqual(numbers(1_000));
      expect(relay.status.failuresInAll).toBeGreaterThanOrEqual(5);
    });

    test('without the exchange it says so, and goes on by itself once it is there', async () => {
      const store = makeStore();
      await append(store, 'order-1', 3);
      const relay = start(store);
      await until(() => relay.status.lastError !== undefined);
      expect(relay.report()).toMatchObject({ lastError: { code: 'broker/unroutable' } });
      expect(relay.report().lastError?.message).toMatch(/no exchange 'relay-contract-.*apply the topology/);
      await declareExchange();
      await declareQueue();
      expect(await collect((revisions) => revisions.length === 3)).toEqual([0, 1, 2]);
      await until(() => relay.status.failures === 0);
    });

    test('what no queue takes holds the checkpoint and is told as unroutable', async () => {
      await declareExchange();
      const store = makeStore();
      await append(store, 'order-1', 3);
      const relay = start(store);
      await until(() => relay.report().trouble === 'unroutable');
      expect(relay.status.confirmed).toBeUndefined();
      await declareQueue();
      expect(await collect((revisions) => revisions.includes(2))).toEqual([0, 1, 2]);
    });

    test('a queue that refuses: nacks hold the checkpoint until there is room', async () => {
      await declareExchange();
      await declareQueue({ 'x-queue-type': 'classic', 'x-max-length': 10, 'x-overflow': 'reject-publish' });
      const store = makeStore();
      await append(store, 'order-1', 40);
      const relay = start(store);
      await until(() => relay.status.lastError !== undefined);
      expect(relay.report().lastError).toMatchObject({
        code: 'broker/unavailable',
        message: expect.stringMatching(/nack/),
      });
      const arrived = await collect((revisions) => new Set(revisions).size === 40);
      expect([...new Set(arrived)].toSorted((a, b) => a - b)).toEqual(numbers(40));
    });

    test('a clean stop hands over in less than a second, and the next repeats nothing', async () => {
      await declareExchange();
      await declareQueue();
      const store = makeStore();
      const row = createInMemoryLeaseRow(systemClock);
      const end = new AbortController();
      await append(store, 'order-1', 100);
      const [first, second] = [start(store, row, end.signal), start(store, row)];
      await until(() => first.status.published + second.status.published === 100);
      const isFirst = first.status.published === 100;
      if (!isFirst) throw new Error('the second was first');
      const startedMs = performance.now();
      end.abort();
      await append(store, 'order-2', 1);
      await until(() => second.status.published === 1);
      expect(performance.now() - startedMs).toBeLessThan(1_000);
      const arrived = await collect((revisions) => revisions.length === 101);
      expect(arrived).toEqual([...numbers(100), 0]);
    });
  });
}
