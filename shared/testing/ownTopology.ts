import type { OutgoingMessage, Publisher } from '../broker/publisher.ts';
import type { BindingDeclaration, Declarations, QueueDeclaration } from '../broker/topology.ts';

/** Everything under names of a test's own, so that a broker in use can be tested on. */
export interface OwnNames {
  readonly prefix: string;
  declarations(of: Declarations): Declarations;
  queue(of: QueueDeclaration): QueueDeclaration;
  binding(of: BindingDeclaration): BindingDeclaration;
  /** The same message for the exchange or queue of that name. */
  message(of: OutgoingMessage): OutgoingMessage;
  publisher(of: Pick<Publisher, 'publish'>): Pick<Publisher, 'publish'>;
  name(of: string): string;
}

/** Arguments that name exchanges or queues. */
const naming = ['x-dead-letter-exchange', 'x-dead-letter-routing-key', 'alternate-exchange'];

export function createOwnNames(prefix: string): OwnNames {
  // The default exchange has no name to change.
  const name = (of: string): string => (of === '' ? '' : `${prefix}${of}`);
  const withNames = (args: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(args).map(([key, value]) => [key, naming.includes(key) ? name(String(value)) : value]),
    );
  const queue = ({ name: of, arguments: args }: QueueDeclaration) => ({ name: name(of), arguments: withNames(args) });
  const binding = ({ exchange, queue: of, key }: BindingDeclaration) => ({
    exchange: name(exchange),
    queue: name(of),
    key,
  });
  const message = (of: OutgoingMessage): OutgoingMessage => ({
    ...of,
    exchange: name(of.exchange),
    routingKey: of.exchange === '' ? name(of.routingKey) : of.routingKey,
  });
  return {
    prefix,
    name,
    queue,
    binding,
    message,
    publisher: ({ publish }) => ({ publish: (of) => publish(message(of)) }),
    declarations: ({ exchanges, queues, bindings }) => ({
      exchanges: exchanges.map((exchange) => ({
        ...exchange,
        name: name(exchange.name),
        arguments: withNames(exchange.arguments),
      })),
      queues: queues.map(queue),
      bindings: bindings.map(binding),
    }),
  };
}
