import { connect } from 'amqplib';
import type { Meter } from './meter.ts';

const windowSize = 1_000;

/** amqplib alone: publishes one prepared body over and over, with the same window. */
export async function amqpAlone(meter: Meter): Promise<void> {
  const connection = await connect(process.env['RABBITMQ_URL'] ?? '', { noDelay: true });
  const channel = await connection.createConfirmChannel();
  const exchange = process.env['EXCHANGE'] ?? '';
  const body = Buffer.alloc(900, 'x');
  let sent = 0;
  const sendOne = (): void => {
    if (sent === meter.count) return;
    sent += 1;
    channel.publish(exchange, 'order.Benched.00', body, { persistent: true, mandatory: true, messageId: 'x' }, () => {
      meter.done('');
      sendOne();
    });
  };
  for (let n = 0; n < windowSize; n += 1) sendOne();
  await meter.result;
}
