import type { Channel } from 'amqplib';
import type { PartitionChange } from './partitionChange.ts';
import { type Declarations, declareTopology } from './topology.ts';

/**
 * Declares the topology on a broker; what exists already, alike, stays as it is, messages included.
 *
 * @throws the broker's own error when something of the same name exists with other properties
 */
export async function applyTopology(
  channel: Pick<Channel, 'assertExchange' | 'assertQueue' | 'bindQueue'>,
  declarations: Declarations = declareTopology(),
): Promise<void> {
  for (const { name, type, arguments: args } of declarations.exchanges) {
    await channel.assertExchange(name, type, { durable: true, arguments: args });
  }
  // The rest depends on the exchanges alone, and a channel answers in the order it was asked.
  await Promise.all(
    declarations.queues.map(({ name, arguments: args }) =>
      channel.assertQueue(name, { durable: true, arguments: args }),
    ),
  );
  await Promise.all(declarations.bindings.map(({ exchange, queue, key }) => channel.bindQueue(queue, exchange, key)));
}

/**
 * The first steps of a change of partitions: afterwards every new message goes to its new queue alone, and none has been
 * without one meanwhile. Draining and retiring are left to whoever has the mappings. May be applied again.
 */
export async function applyPartitionChange(
  channel: Pick<Channel, 'assertQueue' | 'bindQueue' | 'unbindQueue'>,
  { declare, bind, unbind }: Pick<PartitionChange, 'declare' | 'bind' | 'unbind'>,
): Promise<void> {
  for (const { name, arguments: args } of declare) await channel.assertQueue(name, { durable: true, arguments: args });
  // All that is new before anything old goes: the broker carries out a channel's requests in their order.
  for (const { queue, exchange, key } of bind) await channel.bindQueue(queue, exchange, key);
  for (const { queue, exchange, key } of unbind) await channel.unbindQueue(queue, exchange, key);
}
