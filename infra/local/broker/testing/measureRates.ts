import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';

const usage = 'node infra/local/broker/testing/measureRates.ts amqp://guest:guest@127.0.0.1:5673 [classic|quorum]';
const body = Buffer.alloc(500, 'w');

/** Publishes persistent messages with so many unconfirmed at most; returns messages per second. */
async function measurePublishing(
  channel: ConfirmChannel,
  queue: string,
  count: number,
  window: number,
): Promise<number> {
  const startedAt = performance.now();
  const { promise, resolve } = Promise.withResolvers<void>();
  let [sent, confirmed] = [0, 0];
  const fill = (): void => {
    while (sent < count && sent - confirmed < window) {
      sent += 1;
      channel.sendToQueue(queue, body, { persistent: true }, () => {
        confirmed += 1;
        if (confirmed === count) resolve();
        else if (sent - confirmed <= window / 2) fill();
      });
    }
  };
  fill();
  await promise;
  return count / ((performance.now() - startedAt) / 1000);
}

/** Consumes, each message acknowledged by itself; returns messages per second. */
async function measureConsuming(
  connection: ChannelModel,
  queue: string,
  count: number,
  prefetch: number,
): Promise<number> {
  const channel = await connection.createChannel();
  await channel.prefetch(prefetch);
  const startedAt = performance.now();
  const { promise, resolve } = Promise.withResolvers<void>();
  let taken = 0;
  await channel.consume(queue, (message) => {
    if (message === null || taken === count) return;
    channel.ack(message);
    taken += 1;
    if (taken === count) resolve();
  });
  await promise;
  const rate = count / ((performance.now() - startedAt) / 1000);
  await channel.close();
  return rate;
}

const [url, type = 'classic'] = process.argv.slice(2);
if (url === undefined) throw new Error(usage);
const connection = await connect(url, { noDelay: true });
const channel = await connection.createConfirmChannel();
const queue = `rates.${process.pid}`;
await channel.assertQueue(queue, { arguments: { 'x-queue-type': type } });
const sizes = [
  [1, 5_000],
  [100, 50_000],
  [1000, 100_000],
] as const;
await measurePublishing(channel, queue, 5_000, 100);
await measureConsuming(connection, queue, 5_000, 100);
for (const [window, count] of sizes) {
  const rate = await measurePublishing(channel, queue, count, window);
  console.log(`publish, ${window} unconfirmed: ${Math.round(rate)}/s`);
}
for (const [prefetch, count] of sizes) {
  const rate = await measureConsuming(connection, queue, count, prefetch);
  console.log(`consume, prefetch ${prefetch}: ${Math.round(rate)}/s`);
}
await channel.deleteQueue(queue);
await connection.close();
