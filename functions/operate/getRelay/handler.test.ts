import { expect, test } from '@jest/globals';
import type { LeaseView } from '../../../shared/relay/lease.ts';
import { toReport } from '../../../shared/relay/report.ts';
import { createRelayStatus, type RelayStatus } from '../../../shared/relay/status.ts';
import { createHandler } from './handler.ts';

const now = new Date('2026-11-23T10:01:00.000Z');
const position = (n: number) => ({ commit: BigInt(n), prepare: BigInt(n) });
const report = (changes: Partial<RelayStatus>) =>
  toReport({ ...createRelayStatus(), ...changes }, { now: () => now, elapsedMs: () => 0 });

const ask = async (lease: LeaseView | undefined, head: number) => {
  const handler = createHandler({
    store: { readHead: async () => position(head) },
    readLease: async () => lease,
    clock: { now: () => now },
  });
  const answer = await handler();
  return 'body' in answer ? answer.body : undefined;
};
const held: LeaseView = {
  fencing: 7,
  owner: 'relay-1',
  renewedAt: '2026-11-23T10:00:59.000Z',
  position: position(90),
  report: report({ state: 'relaying' }),
};

test('a relay that keeps up', async () => {
  expect(await ask(held, 90)).toMatchObject({
    isHealthy: true,
    isBehind: false,
    owner: 'relay-1',
    fencing: 7,
    position: '90',
    head: '90',
  });
});

test('its own trouble, as long as it writes', async () => {
  expect(await ask({ ...held, report: report({ failures: 9 }) }, 95)).toMatchObject({
    isHealthy: false,
    trouble: 'failing',
    isBehind: true,
    report: { failures: 9 },
  });
});

test('one that has written nothing for half a minute is absent, whatever it said last', async () => {
  expect(await ask({ ...held, renewedAt: '2026-11-23T10:00:29.000Z' }, 95)).toMatchObject({
    isHealthy: false,
    trouble: 'absent',
    isBehind: true,
  });
});

test('none ever ran', async () => {
  expect(await ask(undefined, 5)).toEqual({
    isHealthy: false,
    trouble: 'absent',
    isBehind: true,
    fencing: 0,
    head: '5',
  });
});
