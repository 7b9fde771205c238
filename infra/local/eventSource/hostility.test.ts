import { describe, expect, test } from '@jest/globals';
import { createHostility, defaultOdds, friendly, type Hostility } from './hostility.ts';

/** Runs a queue of so many messages to its end, as the poller does, and answers every batch that was handed out. */
function runQueue(hostility: Hostility<number>, count: number): readonly (readonly number[])[] {
  let waiting = Array.from({ length: count }, (_, n) => n);
  const batches: (readonly number[])[] = [];
  while (waiting.length > 0) {
    const picked = new Set(hostility.pick(waiting.length, Math.min(10, waiting.length)));
    const batch = waiting.filter((_, n) => picked.has(n));
    waiting = waiting.filter((_, n) => !picked.has(n));
    batches.push(hostility.deliver(batch));
    hostility.remember(batch);
  }
  return batches;
}

describe('a hostile event source', () => {
  const always = { ...defaultOdds, split: 1, shuffle: 1, double: 1, repeat: 1 };

  test('hands out everything all the same, at least once', () => {
    const seen = new Set(runQueue(createHostility(1), 500).flat());
    expect(seen.size).toBe(500);
  });

  test('does what it does again with the same seed, and something else with another', () => {
    expect(runQueue(createHostility(7), 200)).toEqual(runQueue(createHostility(7), 200));
    expect(runQueue(createHostility(7), 200)).not.toEqual(runQueue(createHostility(8), 200));
  });

  test('doubles, repeats later, reorders, and lets later ones overtake', () => {
    const batches = runQueue(createHostility(3, always), 100);
    const seen = batches.flat();
    expect(batches.some((batch) => new Set(batch).size < batch.length)).toBe(true);
    const first = batches.findIndex((batch) => batch.includes(5));
    expect(batches.slice(first + 1).flat()).toContain(5);
    expect(seen.indexOf(0)).toBeGreaterThan(0);
  });

  test('kills, forgets and delays as often as its odds say', () => {
    const hostility = createHostility<number>(1, { ...defaultOdds, kill: 0.5, forget: 0.5, delay: 0.5 });
    const share = (happens: () => boolean) => Array.from({ length: 1_000 }, happens).filter(Boolean).length / 1_000;
    expect(share(() => hostility.lifeMs() !== undefined)).toBeCloseTo(0.5, 1);
    expect(share(hostility.forgets)).toBeCloseTo(0.5, 1);
    expect(share(() => hostility.delayMs() > 0)).toBeCloseTo(0.5, 1);
  });
});

test('a friendly one hands out every message once, in order', () => {
  expect(runQueue(friendly(), 25).flat()).toEqual(Array.from({ length: 25 }, (_, n) => n));
});
