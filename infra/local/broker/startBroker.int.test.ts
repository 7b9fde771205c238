import { expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import { startBroker } from './startBroker.ts';

test('a client publishes and consumes, and the port is free again after stop', async () => {
  const broker = await startBroker();
  const connection = await connect(broker.url);
  const channel = await connection.createConfirmChannel();
  const { queue } = await channel.assertQueue('');
  channel.sendToQueue(queue, Buffer.from('hello'));
  await channel.waitForConfirms();
  const message = await channel.get(queue, { noAck: true });
  expect(message).toMatchObject({ content: Buffer.from('hello') });
  await connection.close();
  await broker.stop();
  const again = await startBroker({ port: broker.port });
  expect(again.url).toBe(broker.url);
  await again.stop();
});
