import { expect, test } from '@jest/globals';
import { findTrouble, isLive, isUnheard } from './health.ts';
import { createRelayStatus, type RelayStatus } from './status.ts';
import { createWindow } from './window.ts';

const position = (n: number) => ({ commit: BigInt(n), prepare: BigInt(n) });
const at = (changes: Partial<RelayStatus>): RelayStatus => ({ ...createRelayStatus(), ...changes });
const waiting = () => {
  const window = createWindow({ size: 10, maxBytes: 1_000 });
  window.enter(position(8), 1);
  return window;
};
const never = { categories: ['stock'], position: undefined, until: position(8) };
const unroutable = { code: 'broker/unroutable', message: 'no queue', at: '2026-11-23T10:00:00.000Z' };

test.each<[string, Partial<RelayStatus>, string | undefined]>([
  ['a standby is well', { state: 'standby' }, undefined],
  [
    'so is one that waits for news',
    { state: 'relaying', confirmed: position(8), head: position(8), isHeadKnown: true },
    undefined,
  ],
  ['so is one that makes progress', { state: 'relaying', lastProgressMs: 90_000, window: waiting() }, undefined],
  ['a server that restarts is no trouble', { state: 'failing', failures: 3, lastProgressMs: 90_000 }, undefined],
  ['one that waits to begin again and again is stuck', { state: 'failing', failures: 3, window: waiting() }, 'stuck'],
  ['one that can not see whether there is news', { state: 'relaying', confirmed: position(8) }, 'stuck'],
  ['one that fails again and again is failing', { state: 'failing', failures: 4 }, 'failing'],
  [
    'so is one whose backlog does',
    { state: 'relaying', lastProgressMs: 90_000, isHeadKnown: true, backlog: { current: () => never, failures: 4 } },
    'failing',
  ],
  [
    'it says where the topology is what is wrong',
    { state: 'failing', failures: 4, lastError: unroutable },
    'unroutable',
  ],
  ['one that waits for confirms in vain is stuck', { state: 'relaying', window: waiting() }, 'stuck'],
  [
    'so is one that reads nothing of what is there',
    { state: 'relaying', confirmed: position(7), head: position(8) },
    'stuck',
  ],
  ['also when nothing was ever confirmed', { state: 'relaying', head: position(8) }, 'stuck'],
  ['one that the broker holds up is paused', { state: 'relaying', pausedSinceMs: 80_000, window: waiting() }, 'paused'],
  ['but not at once', { state: 'relaying', pausedSinceMs: 90_000, window: waiting() }, undefined],
])('%s', (_name, changes, trouble) => {
  expect(findTrouble(at(changes), 100_000)).toBe(trouble);
});

test.each<[string, Partial<RelayStatus>, boolean]>([
  ['one that goes round is alive', { turnedMs: 40_000 }, true],
  ['so is one that nothing goes well with', { turnedMs: 90_000, state: 'failing', failures: 99 }, true],
  ['so is one that the broker holds up, for however long', { pausedSinceMs: 0 }, true],
  ['one that has not gone round for more than a minute is not', { turnedMs: 39_999 }, false],
])('%s', (_name, changes, expected) => {
  expect(isLive(at(changes), 100_000)).toBe(expected);
});

const silent: Partial<RelayStatus> = {
  state: 'relaying',
  window: createWindow({ size: 10, maxBytes: 1_000 }),
  confirmed: position(7),
  head: position(8),
  isHeadKnown: true,
  heardMs: 84_999,
};

test.each<[string, Partial<RelayStatus>, boolean]>([
  ['a store that has said nothing for a while, though there is something to publish, is not heard', {}, true],
  ['nor where nobody can tell whether there is', { head: undefined, isHeadKnown: false }, true],
  ['a quiet one is', { head: position(7) }, false],
  ['so is one that spoke a moment ago', { heardMs: 85_000 }, false],
  ['what is under way is the broker’s to confirm', { window: waiting() }, false],
  ['so is what it does not take', { pausedSinceMs: 0 }, false],
  ['a standby listens to nobody', { state: 'standby', window: undefined }, false],
])('%s', (_name, changes, expected) => {
  expect(isUnheard(at({ ...silent, ...changes }), 100_000)).toBe(expected);
});
