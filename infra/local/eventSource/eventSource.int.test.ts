import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { declareTopology } from '../../../shared/broker/topology.ts';
import { startBroker } from '../broker/startBroker.ts';
import type { RunningServer } from '../program.ts';
import { startEventSource } from './eventSource.ts';
import type { LambdaEvent } from './toLambdaEvent.ts';

/** What the function under test is told to do with its n-th invocation, from 0. */
type Behaviour = (invocation: number) => 'return' | 'throw' | Promise<'return' | 'throw'>;

interface Invocation {
  readonly path: string | undefined;
  readonly event: LambdaEvent;
}

/** Stands in for serverless-offline's Lambda endpoint: a handler that throws is answered with 200 and a header. */
function startLambdaEndpoint(invocations: Invocation[], seen: () => void, behave: () => Behaviour): Promise<Server> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    invocations.push({ path: request.url, event: JSON.parse(Buffer.concat(chunks).toString()) });
    seen();
    const outcome = await behave()(invocations.length - 1);
    if (outcome === 'throw') response.setHeader('x-amz-function-error', 'Unhandled');
    response.end(outcome === 'throw' ? '{"errorMessage":"table is gone"}' : 'null');
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

const realBroker = process.env['RABBITMQ_TEST_URL'] ?? process.env['RABBITMQ_URL'];
const brokers: [string, () => Promise<RunningServer>][] = [['the local broker', () => startBroker()]];
if (realBroker) brokers.push(['RabbitMQ', async () => ({ url: realBroker, stop: async () => {} })]);

describe.each(brokers)('on %s', (_, start) => {
  const queue = `waybill-test-event-source-${process.pid}`;
  const extra: string[] = [];
  const invocations: Invocation[] = [];
  const reported: string[] = [];
  const failures: string[] = [];
  const gone: string[] = [];
  let watchers: (() => void)[] = [];
  let behave: Behaviour = () => 'return';
  let broker: RunningServer;
  let lambda: Server;
  let connection: ChannelModel;
  let channel: Channel;
  let source: RunningServer | undefined;

  const seen = (): void => {
    for (const watcher of watchers) watcher();
  };
  const until = (isReached: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (isReached()) resolve();
      };
      watchers.push(look);
      look();
    });
  const bodies = ({ event }: Invocation): string[] =>
    Object.values(event.rmqMessagesByQueue).flatMap((messages) =>
      messages.map(({ data }) => Buffer.from(data, 'base64').toString()),
    );
  const publish = (...contents: readonly string[]): void => {
    for (const content of contents) channel.sendToQueue(queue, Buffer.from(content), { type: 'OrderCreated' });
  };
  const startSource = (batchSize: number, windowMs = 20, seed?: number): void => {
    source = startEventSource({
      mappings: [{ functionName: 'waybill-local-f', queue, batchSize, windowMs }],
      brokerUrl: broker.url,
      lambdaUrl: `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`,
      backoff: { baseMs: 1, maxMs: 1 },
      ...(seed !== undefined && { hostile: { seed } }),
      report: (line, error) => {
        reported.push(line);
        if (error !== undefined) failures.push(line);
        seen();
      },
      onGone: (name) => gone.push(name),
    });
  };
  const countReady = async (): Promise<number> => (await channel.checkQueue(queue)).messageCount;

  beforeEach(async () => {
    invocations.length = 0;
    for (const list of [reported, failures, gone]) list.length = 0;
    watchers = [];
    behave = () => 'return';
    broker = await start();
    lambda = await startLambdaEndpoint(invocations, seen, () => behave);
    connection = await connect(broker.url, { noDelay: true });
    channel = await connection.createChannel();
    await channel.assertQueue(queue, { durable: true });
  });

  afterEach(async () => {
    await source?.stop();
    source = undefined;
    for (const name of [queue, ...extra.splice(0)]) await channel.deleteQueue(name);
    await connection.close();
    await new Promise((resolve) => lambda.close(resolve));
    await broker.stop();
  });

  test('hands out in the order of the queue, in batches of at most the batch size, and acknowledges', async () => {
    publish('1', '2', '3', '4', '5');
    startSource(2);

    await until(() => invocations.length === 3);
    await source?.stop();

    expect(invocations.map(bodies)).toEqual([['1', '2'], ['3', '4'], ['5']]);
    expect(await countReady()).toBe(0);
  });

  test("names function, queue and virtual host as Lambda's mapping does", async () => {
    publish('1');
    startSource(10);

    await until(() => invocations.length === 1);

    expect(invocations[0]?.path).toBe('/2015-03-31/functions/waybill-local-f/invocations');
    expect(invocations[0]?.event).toMatchObject({
      eventSource: 'aws:rmq',
      rmqMessagesByQueue: {
        [`${queue}::/`]: [{ basicProperties: { type: 'OrderCreated', bodySize: 1 }, redelivered: false }],
      },
    });
  });

  test('gives the whole batch again, in order and marked as redelivered, after the function has thrown', async () => {
    behave = (n) => (n === 0 ? 'throw' : 'return');
    publish('1', '2', '3');
    startSource(2);

    await until(() => invocations.length === 3);
    await source?.stop();

    expect(invocations.map(bodies)).toEqual([['1', '2'], ['1', '2'], ['3']]);
    expect(invocations[1]?.event.rmqMessagesByQueue[`${queue}::/`]?.map(({ redelivered }) => redelivered)).toEqual([
      true,
      true,
    ]);
    expect(reported).toContainEqual(expect.stringContaining('table is gone'));
    expect(await countReady()).toBe(0);
  });

  test('invokes one at a time, however much waits', async () => {
    let release: () => void = () => {};
    const held = new Promise<'return'>((resolve) => {
      release = () => resolve('return');
    });
    behave = () => held;
    publish('1', '2', '3');
    startSource(1);
    await until(() => invocations.length === 1);
    // The rest has been delivered by now if the next batch is already gathering: the channel answers in order.
    await channel.checkQueue(queue);
    expect(invocations).toHaveLength(1);

    release();
    await until(() => invocations.length === 3);
    expect(invocations.map(bodies)).toEqual([['1'], ['2'], ['3']]);
  });

  test('an invocation under way when it stops is finished and acknowledged; the rest stays in the queue', async () => {
    let stopped: Promise<void> | undefined;
    behave = () => {
      stopped = source?.stop();
      seen();
      return 'return';
    };
    publish('1', '2');
    startSource(1);

    await until(() => stopped !== undefined);
    await stopped;

    expect(invocations.map(bodies)).toEqual([['1']]);
    expect(await countReady()).toBe(1);
  });

  /** A queue as the topology declares a consumer's, that sends its dead letters to another. */
  const makePartitionQueue = async (): Promise<{ name: string; dead: string }> => {
    const [name, dead] = [`${queue}-partition`, `${queue}-dlq`];
    const declared = declareTopology().queues.find((each) => each.name === 'orders.0');
    const argumentsOf = { ...declared?.arguments, 'x-dead-letter-routing-key': dead };
    await channel.assertQueue(dead, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await channel.assertQueue(name, { durable: true, arguments: argumentsOf });
    extra.push(name, dead);
    return { name, dead };
  };
  const startOn = (name: string): void => {
    source = startEventSource({
      mappings: [{ functionName: 'waybill-local-f', queue: name, batchSize: 1, windowMs: 20 }],
      brokerUrl: broker.url,
      lambdaUrl: `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`,
      backoff: { baseMs: 1, maxMs: 1 },
      report: (line) => {
        reported.push(line);
        seen();
      },
    });
  };
  const getDead = async (dead: string) => {
    for (;;) {
      const message = await channel.get(dead, { noAck: true });
      if (message) return message;
    }
  };

  test('tells how often a message of a quorum queue was delivered before', async () => {
    const { name } = await makePartitionQueue();
    behave = (n) => (n < 2 ? 'throw' : 'return');
    channel.sendToQueue(name, Buffer.from('1'));
    startOn(name);
    await until(() => invocations.length === 3);
    const counts = invocations.map(({ event }) => {
      const [message] = Object.values(event.rmqMessagesByQueue).flat();
      return (message?.basicProperties['headers'] as Record<string, unknown> | null)?.['x-delivery-count'];
    });
    expect(counts.slice(1)).toEqual([1, 2]);
  });

  test('a message over what an invocation takes is dead-lettered as it came; the next is handed out', async () => {
    const { name, dead } = await makePartitionQueue();
    const large = Buffer.alloc(5 * 1024 * 1024, 'x');
    channel.sendToQueue(name, large, { messageId: 'large', headers: { stream: 'order-1' } });
    channel.sendToQueue(name, Buffer.from('1'));
    startOn(name);
    await until(() => invocations.length === 1);
    const { content, properties } = await getDead(dead);
    expect(content.equals(large)).toBe(true);
    expect(properties).toMatchObject({ messageId: 'large', headers: { stream: 'order-1' } });
    expect(properties.headers?.['x-death']).toMatchObject([{ reason: 'rejected', queue: name }]);
    expect(invocations.map(bodies)).toEqual([['1']]);
  });

  test('a message that expires before it is read is dead-lettered as it came', async () => {
    const { name, dead } = await makePartitionQueue();
    channel.sendToQueue(name, Buffer.from('late'), { expiration: '1', type: 'OrderCreated' });
    const { content, properties } = await getDead(dead);
    expect([content.toString(), properties.type]).toEqual(['late', 'OrderCreated']);
    expect(properties.headers?.['x-death']).toMatchObject([{ reason: 'expired', queue: name }]);
  });

  test('hostile, it loses nothing: everything is handed out, and the queue is empty in the end', async () => {
    const names = Array.from({ length: 300 }, (_, n) => `${n}`);
    publish(...names);
    startSource(20, 20, 42);
    await until(() => new Set(invocations.flatMap(bodies)).size === names.length);
    await source?.stop();
    // What was delivered ahead, or taken for failed, is back in the queue.
    while ((await countReady()) > 0) {
      const before = invocations.length;
      startSource(20);
      await until(() => invocations.length > before);
      await source?.stop();
    }
    const inOrder = invocations.flatMap(bodies);
    expect(inOrder.length).toBeGreaterThan(names.length);
    expect(inOrder).not.toEqual(inOrder.toSorted((a, b) => Number(a) - Number(b)));
  });

  test('goes on by itself when its queue was away for a while', async () => {
    startSource(1);
    publish('1');
    await until(() => invocations.length === 1);

    await channel.deleteQueue(queue);
    await until(() => reported.some((line) => line.includes('connecting again')));
    await channel.assertQueue(queue, { durable: true });
    publish('2');

    await until(() => invocations.length === 2);
    expect(invocations.map(bodies)).toEqual([['1'], ['2']]);
  });

  test('of a queue that is gone it tells once, each time it disappears, while every attempt is an error in the log', async () => {
    startSource(1);
    for (const time of [1, 2]) {
      publish(`${time}`);
      await until(() => invocations.length === time);
      failures.length = 0;
      await channel.deleteQueue(queue);
      await until(() => failures.length >= 3);
      expect(failures[0]).toContain(`${queue}: cannot consume`);
      expect(gone).toEqual(Array.from({ length: time }, () => queue));
      await channel.assertQueue(queue, { durable: true });
    }
  });
});
