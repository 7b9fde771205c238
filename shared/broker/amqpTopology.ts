import type { Channel } from 'amqplib';
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
