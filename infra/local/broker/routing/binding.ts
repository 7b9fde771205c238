import type { Queue } from '../queues/queue.ts';
import { encodeTable, type FieldTable } from '../wire/fieldTable.ts';
import type { Exchange } from './exchange.ts';

export type Destination = Queue | Exchange;

/** A rule of the source exchange: what fits goes to the destination. */
export interface Binding {
  readonly source: Exchange;
  readonly destination: Destination;
  readonly routingKey: string;
  readonly args: FieldTable;
}

/** Equal for equal bindings of one source: the second of them adds nothing. */
export function bindingId(binding: Omit<Binding, 'source'>): string {
  const { destination, routingKey, args } = binding;
  const argsId = args.size === 0 ? '' : encodeTable(new Map([...args].sort())).toString('latin1');
  return [destination.kind, destination.name, routingKey, argsId].join('\0');
}
