import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ChannelModel, type ConfirmChannel, connect, type GetMessage } from 'amqplib';
import { type RunningBroker, startBroker } from '../../../infra/local/broker/startBroker.ts';
import { createOwnNames } from '../../testing/ownTopology.ts';
import { applyTopology } from '../amqpTopology.ts';
import { consumers, declareTopology } from '../topology.ts';
import { createAmqpQueues } from './amqpQueues.ts';
import type { HasTime } from './brokerAdmin.ts';

const realBroker = process.env['RABBITMQ_TEST_URL'];
const kinds: [string, string | undefined][] = [['the local broker', undefined]];
if (realBroker) kinds.push(['RabbitMQ', realBroker]);

describe.each(kinds)('queues over AMQP: %s', (_, url) => {
  const own = createOwnNames(`waybill-test-${randomUUID().slice(0, 8)}-`);
  const declared = own.declarations(declareTopology([consumers.orderView]));
  const [unrouted, events, view, full] = ['unrouted', 'order-events', 'order-view.0', 'full'].map(own.name) as [
    string,
    string,
    string,
    string,
  ];
  let local: RunningBroker | undefined;
  let model: ChannelModel;
  let channel: ConfirmChannel;
  let queues: ReturnType<typeof createAmqpQueues>;

  beforeAll(async () => {
    if (url === undefined) local = await startBroker();
    const broker = url ?? local?.url ?? '';
    queues = createAmqpQueues(broker);
    model = await connect(broker, { noDelay: true });
    model.on('error', () => undefined);
    channel = await model.createConfirmChannel();
    await applyTopology(channel, declared);
    // Takes nothing.
    const none = { 'x-queue-type': 'quorum', 'x-max-length': 1, 'x-overflow': 'reject-publish' };
    await channel.assertQueue(full, { arguments: none });
    await channel.bindQueue(full, events, 'full.#');
    for (let n = 0; n < 2; n += 1) channel.publish('', full, Buffer.from('{}'));
    await channel.waitForConfirms().catch(() => undefined);
  }, 60_000);
  beforeEach(async () => {
    for (const queue of [unrouted, view]) await channel.purgeQueue(queue);
  });
  afterAll(async () => {
    for (const { name } of declared.queues) await channel.deleteQueue(name);
    await channel.deleteQueue(full);
    for (const { name } of declared.exchanges) await channel.deleteExchange(name);
    await model.close();
    await local?.stop();
  }, 60_000);

  const publish = async (keys: readonly string[]) => {
    keys.forEach((key, n) => {
      const headers = { stream: 'order-1', revision: String(n) };
      const about = {
        messageId: `m-${n}`,
        type: 'OrderCreated',
        correlationId: 'c',
        timestamp: 1_700_000_000,
        headers,
      };
      channel.publish(events, key, Buffer.from(`{"n":${n}}`), { ...about, persistent: true, mandatory: true });
    });
    await channel.waitForConfirms();
  };
  const readAll = async (queue: string): Promise<readonly GetMessage[]> => {
    const found: GetMessage[] = [];
    for (let message = await channel.get(queue); message; message = await channel.get(queue)) {
      channel.ack(message);
      found.push(message);
    }
    return found;
  };
  const publishAgain = (count: number, exchange = events, hasTime?: HasTime) =>
    queues.move({ kind: 'publish-again', queue: unrouted, exchange, count, round: 'r1' }, hasTime);
  const deleteReturned = (count: number, round = 'r1', hasTime?: HasTime) =>
    queues.move({ kind: 'delete-returned', queue: unrouted, exchange: events, count, round }, hasTime);
  const idsOf = (messages: readonly GetMessage[]) => messages.map(({ properties }) => String(properties.messageId));
  const upTo = (count: number) => Array.from({ length: count }, (_, n) => `m-${n}`);
  /** Messages that came before their consumer's queue was bound, then the binding. */
  const publishUnbound = async (keys: readonly string[]) => {
    const bound = declared.bindings.filter(({ queue, exchange }) => queue === view && exchange === events);
    for (const { exchange, key } of bound) await channel.unbindQueue(view, exchange, key);
    await publish(keys);
    for (const { exchange, key } of bound) await channel.bindQueue(view, exchange, key);
  };

  test('what was unrouted is published again with its own routing key, whole and in its order', async () => {
    await publishUnbound(Array.from({ length: 60 }, () => 'order.OrderCreated.07'));
    expect(await publishAgain(60)).toBe(60);
    expect(await queues.readDepth(unrouted)).toEqual({ messages: 0, consumers: 0 });
    const messages = await readAll(view);
    expect(idsOf(messages)).toEqual(upTo(60));
    expect(messages[7]).toMatchObject({
      content: Buffer.from('{"n":7}'),
      fields: { exchange: events, routingKey: 'order.OrderCreated.07', redelivered: false },
      properties: {
        headers: { stream: 'order-1', revision: '7', round: 'r1' },
        type: 'OrderCreated',
        correlationId: 'c',
        timestamp: 1_700_000_000,
        deliveryMode: 2,
      },
    });
  });

  test('as many as asked for: what has no queue comes back behind the others, and is not taken again', async () => {
    await publish(['parcel.Sent.01', 'parcel.Sent.02', 'parcel.Sent.03']);
    await publishAgain(2);
    expect(await queues.readRoutingKeys(unrouted, 9)).toEqual(['parcel.Sent.03', 'parcel.Sent.01', 'parcel.Sent.02']);
    await publishAgain(9);
    expect(await queues.readDepth(unrouted)).toMatchObject({ messages: 3 });
  });

  test('ends in order when its time is over, and tells how far it came', async () => {
    await publishUnbound(Array.from({ length: 60 }, () => 'order.OrderCreated.07'));
    let asked = 0;
    expect(await publishAgain(60, events, () => ++asked < 3)).toBe(50);
    expect(idsOf(await readAll(view))).toEqual(upTo(50));
    expect(await deleteReturned(60, 'r1', () => false)).toBe(0);
    expect(await queues.readDepth(unrouted)).toMatchObject({ messages: 10 });
  });

  test('keys are looked at without a change to what lies there', async () => {
    await publish(Array.from({ length: 40 }, (_, n) => `parcel.Sent.${n}`));
    // More often than RabbitMQ delivers from a quorum queue that has no limit of its own.
    for (let n = 0; n < 22; n += 1) expect(await queues.readRoutingKeys(unrouted, 30)).toHaveLength(25);
    expect(idsOf(await readAll(unrouted))).toEqual(upTo(40));
  });

  test('cut off by a queue that takes nothing, each message is still there', async () => {
    const boundLater = async (work: () => Promise<unknown>) => {
      await channel.unbindQueue(full, events, 'full.#');
      await work();
      await channel.bindQueue(full, events, 'full.#');
    };
    await boundLater(() => publish(['full.A.01', 'full.A.02', 'full.A.03']));
    await expect(publishAgain(3)).rejects.toMatchObject({ code: 'broker/unavailable' });
    expect(idsOf(await readAll(unrouted))).toEqual(upTo(3));
  });

  test('an exchange that returns what it has no queue for: each message is still in its place', async () => {
    await publish(Array.from({ length: 40 }, () => 'parcel.Sent.01'));
    const publishing = publishAgain(40, own.name('retries'));
    await expect(publishing).rejects.toThrow("no queue takes 'parcel.Sent.01'");
    expect(idsOf(await readAll(unrouted))).toEqual(upTo(40));
  });

  test('deletes from the head what has come back, as many as asked for', async () => {
    await publish(Array.from({ length: 60 }, () => 'parcel.Sent.01'));
    await publishAgain(60);
    expect(await deleteReturned(58)).toBe(58);
    expect(idsOf(await readAll(unrouted))).toEqual(['m-58', 'm-59']);
  });

  test('what has not been round, or went another time, goes round instead of being deleted', async () => {
    await publish(Array.from({ length: 30 }, () => 'parcel.Sent.01'));
    await publishAgain(30);
    await publishUnbound(['order.OrderCreated.07']);
    expect(await deleteReturned(31, 'r2')).toBe(0);
    expect(await queues.readDepth(unrouted)).toMatchObject({ messages: 30 });
    expect(idsOf(await readAll(view))).toEqual(['m-0']);
    await publishUnbound(['order.OrderCreated.07', 'parcel.Sent.01']);
    expect(await deleteReturned(32, 'r2')).toBe(30);
    expect(idsOf(await readAll(view))).toEqual(['m-0']);
    expect(idsOf(await readAll(unrouted))).toEqual(['m-1']);
  });

  test('moving out of a queue that is gone has nothing to do', async () => {
    const move = { kind: 'move-messages', queue: own.name('nothing'), consumer: 'order-view' } as const;
    expect(await queues.move(move)).toBe(0);
  });

  test('one at a time, on all connections; what fails is told as it is', async () => {
    const inside = await queues.exclusively(() =>
      queues.exclusively(async () => 'both').catch((error: unknown) => error),
    );
    expect(inside).toMatchObject({ code: 'broker/unavailable', message: expect.stringContaining('somebody else') });
    await expect(queues.exclusively(() => Promise.reject(new TypeError('a defect')))).rejects.toThrow(TypeError);
    expect(await queues.exclusively(async () => 'free again')).toBe('free again');
  });

  if (url === undefined) {
    test('a broker that is short of memory: whoever waits is told, and nothing is gone', async () => {
      await publish(['parcel.Sent.01', 'parcel.Sent.02']);
      local?.blockPublishers('low on memory');
      await expect(publishAgain(2)).rejects.toMatchObject({ code: 'broker/unavailable' });
      local?.unblockPublishers();
      expect(new Set(idsOf(await readAll(unrouted)))).toEqual(new Set(upTo(2)));
    });
  }
});
