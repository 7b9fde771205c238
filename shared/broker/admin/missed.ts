import { bindConsumer, type ConsumerTopology, eventKey, exchanges } from '../topology.ts';
import type { BrokerState } from './brokerAdmin.ts';
import { parseQueueName } from './queueNames.ts';

type There = Pick<BrokerState, 'exchanges' | 'queues' | 'bindings'>;

const allSlots = '*';

/**
 * A line for each consumer that gets a binding for events which no queue of it has had until now, on a broker where events
 * may have been published: other consumers took those, so they are not in `unrouted`, and the relay has its confirms. Of a
 * stream that stays quiet such a consumer would never hear. Once it is bound, nothing on the broker shows it any more.
 */
export function findMissed(consumers: readonly ConsumerTopology[], there: There): readonly string[] {
  if (!there.exchanges.some(({ name }) => name === exchanges.events)) return [];
  return consumers.flatMap((consumer) => {
    const { name } = consumer;
    const unheard = findUnheard(consumer, there);
    if (unheard.length === 0) return [];
    if (!there.queues.some((queue) => parseQueueName(queue.name).consumer === name)) {
      const what = 'hears of a stream that it has missed at its next event only';
      const start = 'to where it starts (docs/operations.md, Add a consumer)';
      return [`consumer '${name}' has its first queues here, and ${what}: npm run ops -- relay rewind ${start}`];
    }
    const remedy = 'once it is bound, npm run ops -- relay rewind to before that';
    const what = 'is not told of what came meanwhile';
    return [`consumer '${name}' was without a queue for ${unheard.join(', ')} until now, and ${what}: ${remedy}`];
  });
}

/** Categories of which it has no queue for all slots, or for those that are named. */
function findUnheard(consumer: ConsumerTopology, { bindings }: There): readonly string[] {
  const isEvents = ({ exchange }: { readonly exchange: string }): boolean => exchange === exchanges.events;
  const heard = new Set(
    bindings
      .filter((binding) => isEvents(binding) && parseQueueName(binding.queue).consumer === consumer.name)
      .map(({ key }) => key),
  );
  const wanted = bindConsumer(consumer).filter(isEvents);
  return consumer.categories.flatMap((category) => {
    const own = wanted.filter(({ key }) => key.startsWith(eventKey(category, allSlots, '')));
    const slots = own.filter(({ key }) => !heard.has(key)).map(({ key }) => key.slice(-2));
    if (slots.length === 0) return [];
    return slots.length === own.length ? category : `${category} (slots ${slots.toSorted().join(', ')})`;
  });
}
