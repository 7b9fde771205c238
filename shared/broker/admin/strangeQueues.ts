import { deadLetterQueue, exchanges } from '../topology.ts';
import type { BrokerState } from './brokerAdmin.ts';
import { parseQueueName, type QueueName } from './queueNames.ts';

type There = Pick<BrokerState, 'queues' | 'bindings'>;

const ours: ReadonlySet<string> = new Set(Object.values(exchanges));

/**
 * Of queues that are none of the topology's, those that get messages of ours. One that only has a name like a consumer's is
 * told as nobody's: who is advised to retire that consumer would have a queue of somebody else's unbound and deleted.
 */
export function findStrange(names: readonly string[], there: There): readonly QueueName[] {
  const isFed = (queue: string): boolean => there.bindings.some((it) => it.queue === queue && ours.has(it.exchange));
  return names
    .filter(isFed)
    .map(parseQueueName)
    .map((queue) => (wasDeclaredHere(queue, there) ? queue : { name: queue.name, kind: 'other' }));
}

/** By what every version has declared: where its messages go when it gives them up, and the form of its keys. */
function wasDeclaredHere({ name, kind, consumer }: QueueName, { queues, bindings }: There): boolean {
  const args = queues.find((queue) => queue.name === name)?.arguments ?? {};
  const isBoundAs = (forms: Readonly<Record<string, RegExp>>): boolean =>
    bindings
      .filter(({ queue, exchange }) => queue === name && ours.has(exchange))
      .every(({ exchange, key }) => forms[exchange]?.test(key));
  switch (kind) {
    case 'feeding': {
      const forms = {
        [exchanges.events]: /^[a-z-]+\.\*\.\d\d$/,
        [exchanges.redeliveries]: new RegExp(`^${consumer}\\.\\*\\.\\d\\d$`),
      };
      return args['x-dead-letter-routing-key'] === deadLetterQueue(consumer) && isBoundAs(forms);
    }
    case 'retry': {
      const forms = { [exchanges.retries]: new RegExp(`^${consumer}\\.\\d+\\.\\*$`) };
      return args['x-dead-letter-exchange'] === exchanges.redeliveries && isBoundAs(forms);
    }
    case 'dead-letter':
    case 'other':
      return false;
  }
}
