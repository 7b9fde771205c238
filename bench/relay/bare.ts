import { EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';
import { connect } from 'amqplib';
import type { Meter } from './meter.ts';

const windowSize = 1_000;
const filter = () => streamNameFilter({ prefixes: ['order-'], checkpointInterval: 8 });

/** The least that carries events from store to broker: one loop, the same client libraries, the same window, nothing else. */
export async function barePump(meter: Meter): Promise<void> {
  const client = EventStoreDBClient.connectionString(process.env['EVENTSTORE_URL'] ?? '');
  const connection = await connect(process.env['RABBITMQ_URL'] ?? '', { noDelay: true });
  const channel = await connection.createConfirmChannel();
  const exchange = process.env['EXCHANGE'] ?? '';
  let inWindow = 0;
  let room = Promise.withResolvers<void>();
  meter.start();
  process.send?.('started');
  for await (const { event } of client.subscribeToAll({ fromPosition: START, filter: filter() })) {
    if (!event) continue;
    if (inWindow === windowSize) {
      room = Promise.withResolvers();
      await room.promise;
    }
    inWindow += 1;
    const { id, type, streamId: stream, revision, data, metadata } = event;
    const body = JSON.stringify({ stream, revision: Number(revision), id, type, data, metadata });
    channel.publish(
      exchange,
      `order.${type}.00`,
      Buffer.from(body),
      { persistent: true, mandatory: true, messageId: id },
      () => {
        inWindow -= 1;
        room.resolve();
        meter.done(id);
      },
    );
  }
}

/** The client alone: reads and throws away. */
export async function clientAlone(meter: Meter): Promise<void> {
  const client = EventStoreDBClient.connectionString(process.env['EVENTSTORE_URL'] ?? '');
  meter.start();
  for await (const { event } of client.subscribeToAll({ fromPosition: START, filter: filter() })) {
    if (event) meter.done(event.id);
  }
}
