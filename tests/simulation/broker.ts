import { createInMemoryDeadLetterQueue } from '../../shared/broker/inMemoryDeadLetterQueue.ts';
import type { OutgoingMessage, Sender } from '../../shared/broker/publisher.ts';
import { bindConsumer, consumers, exchanges } from '../../shared/broker/topology.ts';
import { Fault } from '../../shared/kernel/fault.ts';
import type { Chance } from '../../shared/testing/chance.ts';
import { toQueued } from '../../shared/testing/deadLetterRig.ts';
import type { Odds } from './hazard.ts';

export interface Delivery {
  readonly message: OutgoingMessage;
  readonly isRedelivered: boolean;
}

/** Whether a topic's binding takes a routing key; `*` is one word. */
const takes = (binding: string, key: string): boolean => {
  const [wanted, words] = [binding.split('.'), key.split('.')];
  return wanted.length === words.length && wanted.every((word, n) => word === '*' || word === words[n]);
};

const bindings = Object.values(consumers).flatMap((consumer) =>
  bindConsumer(consumer).map((binding) => ({ ...binding, consumer: consumer.name })),
);

/**
 * The broker, routed by the topology itself: it doubles some messages, and loses some that it has confirmed. Retries
 * wait until time passes. Messages of one consumer wait together: its partitions are read in any order.
 */
export function createBroker(chance: Chance, clock: { now(): Date }, { loss }: Pick<Odds, 'loss'>) {
  const queues = new Map<string, Delivery[]>(Object.values(consumers).map(({ name }) => [name, []]));
  const delayed: { readonly dueMs: number; readonly message: OutgoingMessage }[] = [];
  const deadLetters = createInMemoryDeadLetterQueue();
  let lost = 0;

  const route = (message: OutgoingMessage): void => {
    const { exchange, routingKey } = message;
    if (exchange === '') {
      deadLetters.put(routingKey, toQueued(message));
      return;
    }
    if (exchange === exchanges.retries) {
      const delayMs = Number(routingKey.split('.').at(-2));
      delayed.push({ dueMs: clock.now().getTime() + delayMs, message });
      return;
    }
    const of = new Set(
      bindings
        .filter((each) => each.exchange === exchange && takes(each.key, routingKey))
        .map(({ consumer }) => consumer),
    );
    if (of.size === 0) throw new Error(`nobody is bound for ${routingKey} of ${exchange}`);
    for (const consumer of of) {
      if (chance.happens(loss)) {
        lost += 1;
        continue;
      }
      const copies = chance.happens(0.1) ? 2 : 1;
      for (let n = 0; n < copies; n += 1) queues.get(consumer)?.push({ message, isRedelivered: false });
    }
  };

  return {
    queues,
    deadLetters,
    lost: () => lost,
    publish: async (message: OutgoingMessage): Promise<void> => route(message),
    /** What the relay sends with: some confirms are refused, whether the message has been taken or not. */
    newSender: (isDead: () => boolean): Sender => ({
      send(message, settled) {
        if (isDead()) return true;
        if (chance.happens(0.01)) {
          if (chance.happens(0.5)) route(message);
          settled(new Fault('broker/unavailable', 'simulated'));
        } else {
          route(message);
          settled(undefined);
        }
        return true;
      },
    }),
    /** Retries that are due come back; answers when the next one is, if any waits. */
    expire(): number | undefined {
      const nowMs = clock.now().getTime();
      const due = delayed.filter(({ dueMs }) => dueMs <= nowMs);
      for (const each of due) {
        delayed.splice(delayed.indexOf(each), 1);
        route({ ...each.message, exchange: exchanges.redeliveries });
      }
      return delayed.length === 0 ? undefined : Math.min(...delayed.map(({ dueMs }) => dueMs));
    },
  };
}

export type SimulatedBroker = ReturnType<typeof createBroker>;
