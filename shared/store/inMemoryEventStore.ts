import { Fault } from '../kernel/fault.ts';
import { type AllItem, categoryOf, type EventStore, type Position, type StoredEvent } from './eventStore.ts';

/** The port in memory: for tests of what stands on it. Same contract as the real one. */
export function createInMemoryEventStore(): EventStore {
  const log: StoredEvent[] = [];
  const streams = new Map<string, StoredEvent[]>();
  let wake = Promise.withResolvers<void>();

  const toPosition = (index: number): Position => ({ commit: BigInt(index + 1), prepare: BigInt(index + 1) });

  return {
    async append(stream, events, expected) {
      const stored = streams.get(stream) ?? [];
      const next = expected === 'no-stream' ? 0 : Number(expected) + 1;
      const isRepeat = events.length > 0 && events.every((event, i) => stored[next + i]?.id === event.id);
      if (isRepeat) return { outcome: 'appended', revision: BigInt(next + events.length - 1) };
      if (stored.length !== next) return { outcome: 'conflict' };
      for (const event of structuredClone(events)) {
        const written = { ...event, stream, revision: BigInt(stored.length) };
        log.push(written);
        stored.push({ ...written, position: toPosition(log.length - 1).commit });
      }
      if (stored.length > 0) streams.set(stream, stored);
      wake.resolve();
      wake = Promise.withResolvers();
      return { outcome: 'appended', revision: BigInt(stored.length - 1) };
    },

    async *read(stream, { from = 0n } = {}) {
      yield* structuredClone((streams.get(stream) ?? []).slice(Number(from)));
    },

    async *readAll({ categories, after, signal }): AsyncGenerator<readonly AllItem[]> {
      const aborted = new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      let index = Number(after?.commit ?? 0n);
      if (index > log.length) throw new Fault('store/unavailable', `position ${index} is past the end of the store`);
      let isCaughtUp = false;
      while (!signal.aborted) {
        const news = wake.promise;
        const event = log[index];
        if (event) {
          const position = toPosition(index);
          index += 1;
          const isFollowed = categories.includes(categoryOf(event.stream));
          yield [
            isFollowed ? { kind: 'event', event: structuredClone(event), position } : { kind: 'checkpoint', position },
          ];
        } else if (!isCaughtUp) {
          isCaughtUp = true;
          yield [{ kind: 'caught-up' }];
        } else {
          await Promise.race([news, aborted]);
        }
      }
    },

    async readHead(categories) {
      const first = Math.max(0, log.length - 256);
      const last = log.findLastIndex(({ stream }, index) => index >= first && categories.includes(categoryOf(stream)));
      return last === -1 ? undefined : toPosition(last);
    },
  };
}
