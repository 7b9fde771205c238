import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningBroker, startBroker } from '../../infra/local/broker/startBroker.ts';
import { createAmqpPublisher } from './amqpPublisher.ts';
import { describePublisher } from './publisher.contract.ts';

const realBroker = process.env['RABBITMQ_TEST_URL'] ?? process.env['RABBITMQ_URL'];

describe('local broker', () => {
  let broker: RunningBroker;
  beforeAll(async () => {
    broker = await startBroker();
  });
  afterAll(() => broker.stop());
  describePublisher(
    'amqplib on the local broker',
    () => broker.url,
    () => createAmqpPublisher(broker.url, 'contract'),
  );

  test('a broker that is gone is an outage; when it is back, so is the publisher', async () => {
    const first = await startBroker();
    const publisher = createAmqpPublisher(first.url, 'contract');
    const message = {
      exchange: '',
      routingKey: 'q',
      messageId: 'm-1',
      type: 'X',
      timestamp: new Date(0),
      headers: {},
      body: Buffer.from('{}'),
    };
    await expect(publisher.publish(message)).rejects.toMatchObject({ code: 'broker/unroutable' });
    await first.stop();
    await expect(publisher.publish(message)).rejects.toMatchObject({ code: 'broker/unavailable' });
    const second = await startBroker({ port: first.port });
    await expect(publisher.publish(message)).rejects.toMatchObject({ code: 'broker/unroutable' });
    await publisher.close();
    await second.stop();
  });
});

if (realBroker !== undefined) {
  describePublisher(
    'amqplib on RabbitMQ',
    () => realBroker,
    () => createAmqpPublisher(realBroker, 'contract'),
  );
}
