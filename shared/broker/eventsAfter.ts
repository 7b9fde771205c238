import { Fault } from '../kernel/fault.ts';
import type { StoredEvent } from '../store/eventStore.ts';
import type { Consumer } from './consumer.ts';
import type { Seen } from './cursors.ts';
import type { StreamNews } from './streamNews.ts';

/**
 * The events to apply, in order: as the messages carry them while they are the next ones, then from the store to its
 * end, then what the messages carry beyond that, should the store be behind them. After a failure the store comes first: what
 * has been set aside meanwhile is part of it.
 *
 * @throws Fault store/behind when what is read has a hole: what is missing there would be missed for good
 */
export async function* eventsAfter<View>(
  { store, options }: Pick<Consumer<View>, 'store' | 'options'>,
  { stream, head, carried }: StreamNews,
  seen: Seen<View>,
): AsyncGenerator<StoredEvent> {
  let next = (seen?.revision ?? -1n) + 1n;
  // Whether it is history can't be said of an event without its place: the store knows.
  const isUsable = (event: StoredEvent): boolean => options.startFrom === 'beginning' || event.position !== undefined;
  function* nextCarried(): Generator<StoredEvent> {
    for (let event = carried.get(next); event && isUsable(event); event = carried.get(next)) {
      yield event;
      next += 1n;
    }
  }
  if (seen === undefined || seen.status === 'ready') {
    yield* nextCarried();
    if (next > head) return;
  }
  for await (const event of store.read(stream, { from: next })) {
    if (event.revision !== next)
      throw new Fault('store/behind', `${stream}: ${event.revision} read where ${next} is next`);
    yield event;
    next += 1n;
  }
  yield* nextCarried();
}

/**
 * Whether it happened before the consumer's start.
 *
 * @throws Fault config/invalid when the store does not tell where its events stand
 */
export function isHistory<View>(
  { options, consumer }: Pick<Consumer<View>, 'options' | 'consumer'>,
  event: StoredEvent,
) {
  const { startFrom } = options;
  if (startFrom === 'beginning') return false;
  if (event.position !== undefined) return event.position < startFrom.position;
  const advice = 'use EventStoreDB 22.6 or later, or start from the beginning';
  throw new Fault('config/invalid', `${consumer} starts at a position, and the store tells none: ${advice}`);
}
