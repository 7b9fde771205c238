import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { startBroker } from '../../infra/local/broker/startBroker.ts';
import type { RunningServer } from '../../infra/local/program.ts';
import { createAmqpDeadLetterQueue } from './amqpDeadLetterQueue.ts';
import { describeDeadLetterQueue } from './deadLetterQueue.contract.ts';
import { declareTopology } from './topology.ts';

const realBroker = process.env['RABBITMQ_TEST_URL'];
const brokers: [string, () => Promise<RunningServer>][] = [['the local broker', () => startBroker()]];
if (realBroker) brokers.push(['RabbitMQ', async () => ({ url: realBroker, stop: async () => undefined })]);

/** As the topology declares it. */
const dlq = declareTopology().queues.find(({ name }) => name === 'orders-dlq');

describe.each(brokers)('on %s', (_, start) => {
  let broker: RunningServer;
  let model: ChannelModel;
  let channel: ConfirmChannel;
  const queues: string[] = [];

  beforeAll(async () => {
    broker = await start();
    model = await connect(broker.url, { noDelay: true });
    channel = await model.createConfirmChannel();
  });
  afterAll(async () => {
    for (const queue of queues) await channel.deleteQueue(queue);
    await model.close();
    await broker.stop();
  });

  describeDeadLetterQueue('amqplib', () => ({
    deadLetters: createAmqpDeadLetterQueue(broker.url, 'test'),
    makeQueue: async () => {
      const queue = `waybill-test-dlq-${randomUUID()}`;
      await channel.assertQueue(queue, { durable: true, arguments: dlq?.arguments ?? {} });
      queues.push(queue);
      return queue;
    },
    put: async (queue, { body, headers, messageId = '', type = '', correlationId = '' }) => {
      channel.sendToQueue(queue, Buffer.from(body), { messageId, type, correlationId, headers: { ...headers } });
      await channel.waitForConfirms();
    },
  }));

  test('a queue that is not there is an outage, and so is a broker', async () => {
    const judge = async () => [];
    const queue = `waybill-test-${randomUUID()}`;
    const { host } = new URL(broker.url);
    await expect(createAmqpDeadLetterQueue(broker.url, 'test').look(queue, 1, judge)).rejects.toMatchObject({
      code: 'broker/unroutable',
      isOutage: true,
      message: `${host}: NOT_FOUND - no queue '${queue}' in vhost '/': apply the topology to it`,
    });
    await expect(createAmqpDeadLetterQueue('amqp://127.0.0.1:1', 'test').look('any', 1, judge)).rejects.toMatchObject({
      code: 'broker/unavailable',
      isOutage: true,
      message: expect.stringMatching(/^127\.0\.0\.1:1: .*: is the broker running there, and RABBITMQ_URL its address/),
    });
    await expect(createAmqpDeadLetterQueue('nowhere', 'test').look('any', 1, judge)).rejects.toMatchObject({
      code: 'config/invalid',
    });
  });
});
