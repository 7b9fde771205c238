import { toEventId } from '../../../shared/kernel/ids.ts';
import type { EventStore, NewEvent } from '../../../shared/store/eventStore.ts';
import { metadata } from '../../../shared/testing/builders.ts';
import type { Chance } from '../../../shared/testing/chance.ts';

const inFlight = 32;

export const newNumbered = (stream: string, n: number): NewEvent => ({
  id: toEventId(`${stream} ${n}`, 'writer', stream, 0, 'Numbered'),
  type: 'Numbered',
  data: { n },
  metadata,
});

/** Writes so many events to each stream, one to three at a time, the streams taking turns in any order. */
export async function write(store: EventStore, chance: Chance, streams: readonly string[], eventsOfEach: number) {
  const next = new Map(streams.map((stream) => [stream, 0]));
  const open = [...streams];
  const writer = async (): Promise<void> => {
    for (;;) {
      const place = chance.below(open.length);
      const stream = open[place];
      if (stream === undefined) return;
      // Taken out while it is written to, so that its events keep their order.
      open.splice(place, 1);
      const from = next.get(stream) ?? 0;
      const to = Math.min(eventsOfEach, from + 1 + chance.below(3));
      const events = Array.from({ length: to - from }, (_, n) => newNumbered(stream, from + n));
      const result = await store.append(stream, events, from === 0 ? 'no-stream' : BigInt(from - 1));
      if (result.outcome === 'conflict') throw new Error(`${stream} is written to by somebody else`);
      next.set(stream, to);
      if (to < eventsOfEach) open.push(stream);
    }
  };
  // A writer that finds nothing open while others write would leave too early: each has streams of its own.
  await Promise.all(Array.from({ length: Math.min(inFlight, streams.length) }, writer));
  while (open.length > 0) await writer();
}
