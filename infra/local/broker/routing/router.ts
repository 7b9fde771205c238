import type { FieldTable } from '../wire/fieldTable.ts';
import type { Binding, Destination } from './binding.ts';

/** What routing looks at in a message. Headers are decoded only when they are asked for. */
export interface Routable {
  readonly headers: FieldTable;
}

/** The bindings of one exchange, arranged for its kind of matching. */
export interface Router {
  add(binding: Binding): void;
  remove(binding: Binding): void;
  /** Every destination with a fitting binding; one with several may come more than once. */
  match(routingKey: string, message: Routable): Iterable<Destination>;
}

/** Fanout: every binding fits. */
export function createFanoutRouter(): Router {
  const bindings = new Set<Binding>();
  return {
    add: (binding) => void bindings.add(binding),
    remove: (binding) => void bindings.delete(binding),
    match: () => Array.from(bindings, (binding) => binding.destination),
  };
}

/** Direct: the routing key is the binding key. */
export function createDirectRouter(): Router {
  const byKey = new Map<string, Set<Binding>>();
  return {
    add(binding) {
      const same = byKey.get(binding.routingKey);
      if (same) same.add(binding);
      else byKey.set(binding.routingKey, new Set([binding]));
    },
    remove(binding) {
      const same = byKey.get(binding.routingKey);
      same?.delete(binding);
      if (same?.size === 0) byKey.delete(binding.routingKey);
    },
    match: (routingKey) => Array.from(byKey.get(routingKey) ?? [], (binding) => binding.destination),
  };
}
