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
    const outage = { code: 'broker/unavailable', isOutage: true };
    const judge = async () => [];
    const missing = createAmqpDeadLetterQueue(broker.url, 'test').look(`waybill-test-${randomUUID()}`, 1, judge);
    await expect(missing).rejects.toMatchObject(outage);
    const nowhere = createAmqpDeadLetterQueue('amqp://127.0.0.1:1', 'test').look('any', 1, judge);
    await expect(nowhere).rejects.toMatchObject(outage);
  });
});
