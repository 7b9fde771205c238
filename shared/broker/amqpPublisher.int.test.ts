import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from 'amqplib';
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

test('a broker that takes nothing is an outage, not something to wait for; later it is as it was', async () => {
  const broker = await startBroker();
  const publisher = createAmqpPublisher(broker.url, 'contract');
  const hasty = createAmqpPublisher(broker.url, 'contract', undefined, 300);
  const connection = await connect(broker.url);
  await (await connection.createChannel()).assertQueue('q');
  const message = {
    exchange: '',
    routingKey: 'q',
    type: 'X',
    timestamp: new Date(0),
    headers: {},
    body: Buffer.from('{}'),
  };
  broker.blockPublishers('low on memory');
  // With these the broker sees that it has publishers there.
  await publisher.publish({ ...message, messageId: 'm-1' });
  await hasty.publish({ ...message, messageId: 'm-2' }).catch(() => undefined);
  await expect(hasty.publish({ ...message, messageId: 'm-3' })).rejects.toMatchObject({
    code: 'broker/unavailable',
    isOutage: true,
    message: 'publish: the broker is out of memory or disk and takes nothing within 300 ms',
  });
  broker.unblockPublishers();
  await publisher.publish({ ...message, messageId: 'm-4' });
  await publisher.close();
  await hasty.close();
  await connection.close();
  await broker.stop();
});

describe('says what is wrong, where, and what to do', () => {
  let broker: RunningBroker;
  beforeAll(async () => {
    broker = await startBroker();
  });
  afterAll(() => broker.stop());
  const saysOf = async (change: (url: URL) => void) => {
    const url = new URL(broker.url);
    change(url);
    const publisher = createAmqpPublisher(url.href, 'contract');
    const error = await publisher.ready().catch((reason: unknown) => reason);
    await publisher.close();
    return error;
  };
  const wrong = (change: (url: URL) => void, code: string, says: RegExp) => ({ change, code, says });

  test.each([
    wrong(
      (url) => (url.password = 'secret'),
      'broker/refused',
      /:\d+ refuses user 'guest': correct name and password in RABBITMQ_URL$/,
    ),
    wrong((url) => (url.pathname = '/nobodys'), 'broker/refused', /has no virtual host 'nobodys' for user 'guest'/),
    wrong((url) => (url.port = '1'), 'broker/unavailable', /127\.0\.0\.1:1: .*ECONNREFUSED.*RABBITMQ_URL/),
    wrong(
      (url) => (url.hostname = 'no.such.host.invalid'),
      'broker/unavailable',
      /no\.such\.host\.invalid:\d+: .*RABBITMQ_URL/,
    ),
  ])('$says', async ({ change, code, says }) => {
    const fault = await saysOf(change);
    expect(fault).toMatchObject({ code, message: expect.stringMatching(says) });
    expect(String(fault)).not.toContain('secret');
  });

  test.each(['', 'nonsense', 'http://127.0.0.1:5672', 'amqp://'])('no address at all: "%s"', (url) => {
    expect(() => createAmqpPublisher(url, 'contract')).toThrow(/RABBITMQ_URL is no address/);
  });
});

if (realBroker !== undefined) {
  describePublisher(
    'amqplib on RabbitMQ',
    () => realBroker,
    () => createAmqpPublisher(realBroker, 'contract'),
  );
}
