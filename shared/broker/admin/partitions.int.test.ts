import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { startBroker } from '../../../infra/local/broker/startBroker.ts';
import { startEventSource } from '../../../infra/local/eventSource/eventSource.ts';
import type { RunningServer } from '../../../infra/local/program.ts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLogger } from '../../observe/logger.ts';
import { silentMetrics } from '../../observe/metrics.ts';
import { toMessage } from '../../relay/toMessage.ts';
import { createInMemoryEventStore } from '../../store/inMemoryEventStore.ts';
import { newEvent } from '../../testing/builders.ts';
import { createOwnNames } from '../../testing/ownTopology.ts';
import { planPartitions } from '../../testing/planPartitions.ts';
import { createAmqpPublisher } from '../amqpPublisher.ts';
import { applyTopology } from '../amqpTopology.ts';
import { createConsumer } from '../consume.ts';
import { createInMemoryCursors } from '../inMemoryCursors.ts';
import { consumers, declareTopology, feedingQueues, type PartitionCount } from '../topology.ts';
import type { BrokerChange } from './brokerAdmin.ts';

const realBroker = process.env['RABBITMQ_TEST_URL'];
const brokers: [string, () => Promise<RunningServer>][] = [['the local broker', () => startBroker()]];
if (realBroker) brokers.push(['RabbitMQ', async () => ({ url: realBroker, stop: async () => undefined })]);

const streams = Array.from({ length: 60 }, (_, n) => `order-${n}`);
const eventsOfEach = 12;

describe.each(brokers)('a consumer of 1, then 4, then 2 partitions, on %s', (_, start) => {
  const own = createOwnNames(`waybill-test-${randomUUID().slice(0, 8)}-`);
  const at = (partitions: PartitionCount) => ({ ...consumers.orderView, partitions });
  const declared = own.declarations(declareTopology([at(1)]));
  const queues = new Set(declared.queues.map(({ name }) => name));
  let broker: RunningServer;
  let model: ChannelModel;
  let channel: ConfirmChannel;
  let publisher: ReturnType<typeof createAmqpPublisher>;

  beforeAll(async () => {
    broker = await start();
    publisher = createAmqpPublisher(broker.url, 'test');
    model = await connect(broker.url, { noDelay: true });
    model.on('error', () => undefined);
    channel = await model.createConfirmChannel();
    await applyTopology(channel, declared);
  }, 60_000);
  afterAll(async () => {
    for (const queue of queues) await channel.deleteQueue(queue);
    for (const { name } of declared.exchanges) await channel.deleteExchange(name);
    await model.close();
    await publisher.close();
    await broker.stop();
  }, 60_000);

  test('loses nothing and keeps the order of every stream, while messages come all the time', async () => {
    const store = createInMemoryEventStore();
    const cursors = createInMemoryCursors<readonly number[]>();
    let isBroken = false;
    const consume = createConsumer<readonly number[]>(
      {
        consumer: consumers.orderView.name,
        store,
        cursors,
        publisher: own.publisher(publisher),
        clock: systemClock,
        logger: silentLogger,
        metrics: silentMetrics,
        instance: 'test',
        random: Math.random,
      },
      async (view = [], event) => {
        const { n } = event.data as { n: number };
        isBroken ||= n !== view.length;
        return [...view, n];
      },
    );
    const read = (names: readonly string[]): RunningServer =>
      startEventSource({
        mappings: names.map((queue) => ({ functionName: 'view', queue: own.name(queue), batchSize: 10, windowMs: 5 })),
        brokerUrl: broker.url,
        lambdaUrl: 'http://nobody',
        invoke: async (_name, payload) => {
          await consume(JSON.parse(payload));
          return { outcome: 'succeeded' };
        },
      });

    let published = 0;
    const total = streams.length * eventsOfEach;
    const publishing = (async () => {
      for (let n = 0; n < eventsOfEach; n += 1) {
        await Promise.all(
          streams.map(async (stream) => {
            await store.append(stream, [newEvent(stream, { n })], n === 0 ? 'no-stream' : BigInt(n - 1));
            const [event] = await Array.fromAsync(store.read(stream, { from: BigInt(n) }));
            if (event) await publisher.publish(own.message(toMessage(event, { commit: 1n, prepare: 1n })));
            published += 1;
          }),
        );
      }
    })();
    const untilPublished = async (share: number) => {
      while (published < total * share) await channel.checkQueue(own.name('order-view.0'));
    };
    const untilEmpty = async (names: readonly string[]) => {
      for (const name of names) while ((await channel.checkQueue(own.name(name))).messageCount > 0);
    };

    const apply = async (change: BrokerChange): Promise<unknown> => {
      if (change.kind === 'declare-queue') {
        const { name, arguments: args } = own.queue(change.queue);
        return channel.assertQueue(name, { durable: true, arguments: args });
      }
      if (change.kind !== 'bind' && change.kind !== 'unbind') throw new Error(`${change.kind} changes no partitions`);
      const { queue, exchange, key } = own.binding(change.binding);
      return change.kind === 'bind'
        ? channel.bindQueue(queue, exchange, key)
        : channel.unbindQueue(queue, exchange, key);
    };
    const change = async (from: PartitionCount, to: PartitionCount) => {
      const plan = planPartitions(consumers.orderView, from, to);
      for (const change of plan.changes) await apply(change);
      for (const name of plan.declared) queues.add(own.name(name));
      // Those that stay are read on all the while; those that are new, when what lost slots to them is empty.
      await untilEmpty(plan.drained);
      return plan;
    };

    /** Its mapping ends first: RabbitMQ does not delete a quorum queue on the condition that it is empty. */
    const retire = async (queue: string) => {
      await untilEmpty([queue]);
      await readers.get(queue)?.stop();
      const { messageCount } = await channel.checkQueue(own.name(queue));
      if (messageCount > 0) {
        // What its reader held when it was stopped has come back.
        readers.set(queue, read([queue]));
        return retire(queue);
      }
      readers.delete(queue);
      await channel.deleteQueue(own.name(queue));
      queues.delete(own.name(queue));
    };

    const readers = new Map(feedingQueues(at(1)).map((queue) => [queue, read([queue])]));
    await untilPublished(0.3);
    const grown = await change(1, 4);
    for (const name of grown.declared) readers.set(name, read([name]));
    await untilPublished(0.6);
    const shrunk = await change(4, 2);
    for (const queue of shrunk.retired) await retire(queue);
    await publishing;
    await untilEmpty(feedingQueues(at(2)));
    await Promise.all([...readers.values()].map((reader) => reader.stop()));

    const rows = await cursors.load(streams);
    const complete = Array.from({ length: eventsOfEach }, (_, n) => n);
    for (const stream of streams) {
      expect([stream, rows.get(stream)?.view]).toEqual([stream, complete]);
      expect(rows.get(stream)).toMatchObject({ revision: BigInt(eventsOfEach - 1), status: 'ready' });
    }
    expect(isBroken).toBe(false);
    const deadLetters = await channel.checkQueue(own.name('order-view-dlq'));
    expect(deadLetters.messageCount).toBe(0);
  });
});
