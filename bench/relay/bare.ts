import { EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';
import { connect } from 'amqplib';
import type { StoredMetadata } from '../../shared/store/metadata.ts';
import type { Meter } from './meter.ts';

const windowSize = 1_000;
const filter = () => streamNameFilter({ prefixes: ['order-'], checkpointInterval: 8 });

/** The least that carries the same messages from store to broker: one loop, the same client libraries and window, nothing else. */
export async function barePump(meter: Meter): Promise<void> {
  const client = EventStoreDBClient.connectionString(process.env['EVENTSTORE_URL'] ?? '');
  const connection = await connect(process.env['RABBITMQ_URL'] ?? '', { noDelay: true });
  const channel = await connection.createConfirmChannel();
  const exchange = process.env['EXCHANGE'] ?? '';
  let inWindow = 0;
  let room = Promise.withResolvers<void>();
  process.send?.('started');
  for await (const { event } of client.subscribeToAll({ fromPosition: START, filter: filter() })) {
    if (!event) continue;
    if (inWindow === windowSize) {
      room = Promise.withResolvers();
      await room.promise;
    }
    inWindow += 1;
    const { id, type, streamId: stream, revision, data, metadata, position } = event;
    const { $correlationId, $causationId, schemaVersion, occurredAt } = metadata as unknown as StoredMetadata;
    const body = JSON.stringify({ stream, revision: String(revision), event: { id, type, data, metadata } });
    const options = {
      persistent: true,
      mandatory: true,
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      messageId: id,
      type,
      correlationId: $correlationId,
      timestamp: Math.floor(Date.parse(occurredAt) / 1_000),
      headers: {
        stream,
        revision: String(revision),
        position: String(position?.commit),
        schemaVersion,
        causationId: $causationId,
      },
    };
    channel.publish(exchange, `order.${type}.00`, Buffer.from(body), options, () => {
      inWindow -= 1;
      room.resolve();
      meter.done(id);
    });
  }
}

/** The client alone: reads and throws away. */
export async function clientAlone(meter: Meter): Promise<void> {
  const client = EventStoreDBClient.connectionString(process.env['EVENTSTORE_URL'] ?? '');
  for await (const { event } of client.subscribeToAll({ fromPosition: START, filter: filter() })) {
    if (event) meter.done(event.id);
  }
}
