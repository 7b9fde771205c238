import { expect, test } from '@jest/globals';
import { assessRelay } from './health.ts';
import { createRelayStatus, type RelayStatus } from './status.ts';

const at = (changes: Partial<RelayStatus>): RelayStatus => ({ ...createRelayStatus(), ...changes });

test.each<[string, Partial<RelayStatus>, string | undefined]>([
  ['a standby is healthy', { state: 'standby' }, undefined],
  ['so is one that waits for news', { state: 'relaying', lastConfirmedMs: 0, inWindow: 0 }, undefined],
  ['so is one whose confirms come in', { state: 'relaying', lastConfirmedMs: 90_000, inWindow: 1_000 }, undefined],
  ['a server that restarts is no trouble', { state: 'failing', failures: 3 }, undefined],
  ['one that fails again and again is failing', { state: 'failing', failures: 4 }, 'failing'],
  [
    'one that waits for confirms in vain is stuck',
    { state: 'relaying', lastConfirmedMs: 80_000, inWindow: 1 },
    'stuck',
  ],
  ['one that the broker holds up is paused', { state: 'relaying', isPaused: true, inWindow: 1 }, 'paused'],
])('%s', (_, changes, trouble) => {
  expect(assessRelay(at(changes), 100_000)).toEqual({ isHealthy: trouble === undefined, trouble });
});
