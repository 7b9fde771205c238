import { afterEach, describe, expect, test } from '@jest/globals';
import { type Channel, connect } from 'amqplib';
import { eventually } from './contract/observe.ts';
import { type RunningBroker, type StartBrokerOptions, startBroker } from './startBroker.ts';
import { WireClient } from './testing/wireClient.ts';
import { emptyTable } from './wire/fieldTable.ts';

const running: RunningBroker[] = [];

async function start(options: StartBrokerOptions = {}): Promise<RunningBroker> {
  const broker = await startBroker(options);
  running.push(broker);
  return broker;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((broker) => broker.stop()));
});

/** A channel whose connection ends with the broker. */
async function openChannel(url: string): Promise<Channel> {
  const connection = await connect(url, { noDelay: true });
  connection.on('error', () => {});
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  return channel;
}

describe('stop', () => {
  test('says goodbye as RabbitMQ does, and frees the port', async () => {
    const broker = await start();
    const connection = await connect(broker.url);
    const goodbye = new Promise<Error>((resolve) => connection.on('close', resolve));
    await broker.stop();
    expect((await goodbye).message).toBe(
      `Connection closed: 320 (CONNECTION-FORCED) with message "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'"`,
    );
    const again = await start({ port: broker.port });
    expect(again.url).toBe(broker.url);
  });

  test('does not wait long for a client that says nothing', async () => {
    const broker = await start();
    const [silent, mute] = [await WireClient.dial(broker.url), await WireClient.openChannel(broker.url)];
    await broker.stop();
    await Promise.all([silent.ended, mute.ended]);
  });

  test('a taken port is one clear line', async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toThrow(`port ${port} on 127.0.0.1 is taken`);
  });
});

test('users, virtual hosts and the largest message are the ones it was started with', async () => {
  const options = { users: { ann: 'secret' }, vhosts: ['/', 'shop'], maxMessageBytes: 100 };
  const broker = await start(options);
  expect(broker.url).toMatch(/^amqp:\/\/ann:secret@127\.0\.0\.1:\d+$/);
  const channel = await openChannel(`${broker.url}/shop`);
  const { queue } = await channel.assertQueue('mine');
  const elsewhere = await openChannel(broker.url);
  await expect(elsewhere.checkQueue(queue)).rejects.toThrow("no queue 'mine' in vhost '/'");
  const failed = new Promise<Error>((resolve) => channel.on('error', resolve));
  channel.sendToQueue(queue, Buffer.alloc(101));
  expect((await failed).message).toContain(
    'PRECONDITION_FAILED - message size 101 is larger than configured max size 100',
  );
});

describe('heartbeats', () => {
  test('come while nothing else does, and a client that sends none is given up', async () => {
    const broker = await start({ heartbeatSeconds: 1 });
    const client = await WireClient.openChannel(broker.url, { heartbeat: 1 });
    expect(await client.nextFrame()).toMatchObject({ type: 8, channel: 0 });
    await client.ended;
  });
});

describe('blocked publishers', () => {
  test('are told, wait, and go on; consumers are not touched', async () => {
    const broker = await start();
    const publisher = await connect(broker.url, { noDelay: true });
    const confirmed = await publisher.createConfirmChannel();
    const consumer = await openChannel(broker.url);
    const { queue } = await consumer.assertQueue('q');
    const blocked = new Promise((resolve) => publisher.on('blocked', resolve));
    const unblocked = new Promise<void>((resolve) => publisher.on('unblocked', () => resolve()));
    broker.blockPublishers('low on disk');
    confirmed.sendToQueue(queue, Buffer.from('1'));
    expect(await blocked).toBe('low on disk');
    confirmed.sendToQueue(queue, Buffer.from('2'));
    await eventually(async () => (await consumer.checkQueue(queue)).messageCount === 1);
    broker.unblockPublishers();
    await unblocked;
    await confirmed.waitForConfirms();
    expect(await consumer.checkQueue(queue)).toMatchObject({ messageCount: 2 });
    await publisher.close();
  });

  test('wait on their own when too much waits in queues', async () => {
    const broker = await start({ memoryLimitBytes: 10_000 });
    const publisher = await connect(broker.url);
    const channel = await publisher.createConfirmChannel();
    const consumer = await openChannel(broker.url);
    const { queue } = await consumer.assertQueue('q');
    const blocked = new Promise((resolve) => publisher.on('blocked', resolve));
    channel.sendToQueue(queue, Buffer.alloc(10_001));
    await channel.waitForConfirms();
    channel.sendToQueue(queue, Buffer.alloc(1));
    expect(await blocked).toBe('low on memory');
    await consumer.purgeQueue(queue);
    await channel.waitForConfirms();
    await publisher.close();
  });
});

test('what a connection with several channels held is returned once, not from channel to channel', async () => {
  const broker = await start();
  const channel = await openChannel(broker.url);
  const { queue } = await channel.assertQueue('q', { arguments: { 'x-queue-type': 'quorum' } });
  channel.sendToQueue(queue, Buffer.from('held'));
  const connection = await connect(broker.url);
  const channels = [await connection.createChannel(), await connection.createChannel()];
  const delivered = Promise.race(channels.map((each) => new Promise((resolve) => void each.consume(queue, resolve))));
  await delivered;
  await connection.close();
  expect(await channel.get(queue)).toMatchObject({ properties: { headers: { 'x-delivery-count': 1 } } });
});

test('a consumer that does not read holds little, and slows nobody', async () => {
  const broker = await start();
  const publisher = await openChannel(broker.url);
  for (const queue of ['stuck', 'flowing']) {
    await publisher.assertQueue(queue);
    await publisher.bindQueue(queue, 'amq.fanout', '');
  }
  const stuck = await WireClient.openChannel(broker.url);
  const flags = { noLocal: false, noAck: true, exclusive: false, noWait: false, arguments: emptyTable };
  stuck.send(1, 'basic.consume', { queue: 'stuck', consumerTag: 'c', ...flags });
  await stuck.receive('basic.consume-ok');
  stuck.socket.pause();

  const consumer = await openChannel(broker.url);
  const [messages, size] = [400, 100_000];
  const all = new Promise<void>((resolve) => {
    let left = messages;
    const taken = (): void => {
      left -= 1;
      if (left === 0) resolve();
    };
    void consumer.consume('flowing', taken, { noAck: true });
  });
  for (let i = 0; i < messages; i += 1) publisher.publish('amq.fanout', '', Buffer.alloc(size));
  await all;
  const { messageCount } = await publisher.checkQueue('stuck');
  // Kernel buffers take some megabytes; the broker's own share is half of one.
  expect(messageCount).toBeGreaterThan(messages / 2);
  stuck.socket.resume();
  await eventually(async () => (await publisher.checkQueue('stuck')).messageCount === 0);
  stuck.close();
});
