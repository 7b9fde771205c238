import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Message } from './message.ts';
import { MessageQueue } from './messageQueue.ts';

const message = (place: number): Message => ({
  id: String(place),
  event: { event: place, link: undefined },
  place,
  isReplayed: false,
  retryCount: 0,
  sentAtMs: 0,
});

function placesIn(queue: MessageQueue): number[] {
  const places: number[] = [];
  queue.offer(({ place }) => {
    places.push(place);
    return 'leave';
  });
  return places;
}

const place = fc.integer({ min: 0, max: 3000 });

test('holds what was added and neither deleted nor taken, by place', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('add' as const), from: place, count: fc.integer({ min: 1, max: 1500 }) }),
    fc.record({ do: fc.constant('delete' as const), from: place, count: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ do: fc.constant('take' as const), from: fc.integer({ min: 2, max: 5 }), count: place }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const queue = new MessageQueue();
      let wanted: number[] = [];
      for (const { do: what, from, count } of steps) {
        const span = Array.from({ length: count }, (_, index) => from + index);
        if (what === 'add') {
          const fresh = span.filter((one) => !wanted.includes(one));
          for (const one of from % 2 ? fresh : fresh.toReversed()) queue.add(message(one));
          wanted = [...wanted, ...fresh].sort((a, b) => a - b);
        } else if (what === 'delete') {
          for (const one of span) queue.delete(message(one));
          wanted = wanted.filter((one) => !span.includes(one));
        } else {
          queue.offer((one) => (one.place > count ? 'stop' : one.place % from === 0 ? 'take' : 'leave'));
          wanted = wanted.filter((one) => one > count || one % from !== 0);
        }
        expect([queue.size, queue.first?.place]).toEqual([wanted.length, wanted[0]]);
      }
      expect(placesIn(queue)).toEqual(wanted);
    }),
    { numRuns: 60 },
  );
});

test('adding and taking cost little however many wait', () => {
  const queue = new MessageQueue();
  const count = 200_000;
  const startedMs = performance.now();
  for (let one = count - 1; one >= 0; one--) queue.add(message(one));
  let next = 0;
  queue.offer((one) => (one.place === next++ ? 'take' : 'stop'));
  expect([next, queue.size]).toEqual([count, 0]);
  expect(performance.now() - startedMs).toBeLessThan(3000);
});
