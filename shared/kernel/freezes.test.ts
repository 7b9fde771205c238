import { expect, test } from '@jest/globals';
import { watchFreezes } from './freezes.ts';

/** Clocks that are moved by hand, and the watch's ticks. */
function makeWatch() {
  let wallMs = 1_000_000;
  let elapsedMs = 0;
  let tick = (): void => undefined;
  const clock = { now: () => new Date(wallMs), elapsedMs: () => elapsedMs };
  const freezes = watchFreezes(clock, (_, run) => {
    tick = run;
  });
  return {
    freezes,
    tick: () => tick(),
    pass: (ms: number, { wall = true, monotonic = true } = {}) => {
      if (wall) wallMs += ms;
      if (monotonic) elapsedMs += ms;
    },
  };
}

test('while it runs, and ticks, it is not frozen, however long nobody asks', () => {
  const { freezes, pass, tick } = makeWatch();
  for (let n = 0; n < 600; n += 1) {
    pass(1_000);
    tick();
  }
  expect(freezes.count).toBe(0);
});

test('time that passed without a tick was a freeze, whoever looks first', () => {
  const { freezes, pass, tick } = makeWatch();
  pass(60_000);
  expect(freezes.count).toBe(1);
  expect(freezes.count).toBe(1);
  pass(60_000);
  tick();
  expect(freezes.count).toBe(2);
});

test('it is noticed by either clock: the monotonic one may have stood still as well', () => {
  const { freezes, pass } = makeWatch();
  pass(60_000, { monotonic: false });
  expect(freezes.count).toBe(1);
  pass(60_000, { wall: false });
  expect(freezes.count).toBe(2);
});

test('a short pause, and a wall clock that is set back, are none', () => {
  const { freezes, pass } = makeWatch();
  pass(9_999);
  expect(freezes.count).toBe(0);
  pass(-3_600_000, { monotonic: false });
  expect(freezes.count).toBe(0);
});
