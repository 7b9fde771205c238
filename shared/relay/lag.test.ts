import { expect, test } from '@jest/globals';
import { forgive, measureLag } from './lag.ts';
import { createRelayStatus, type RelayStatus } from './status.ts';
import { createWindow } from './window.ts';

const now = new Date('2026-11-23T10:00:10.000Z');
const position = (n: number) => ({ commit: BigInt(n), prepare: BigInt(n) });
const lagOf = (changes: Partial<RelayStatus>) => measureLag({ ...createRelayStatus(), ...changes }, now);
const holding = (count: number) => {
  const window = createWindow({ size: 10, maxBytes: 1_000 });
  for (let n = 0; n < count; n += 1) window.enter(position(n), 1, `2026-11-23T10:00:0${n}.500Z`);
  return window;
};

test('nothing is open and nothing new is stored: none', () => {
  expect(lagOf({ isHeadKnown: true })).toEqual({ events: 0, seconds: 0 });
  const known = { head: position(900), isHeadKnown: true };
  expect(lagOf({ confirmed: position(900), ...known })).toEqual({ events: 0, seconds: 0 });
});

test('nothing is open, and nobody knows what is stored: unknown', () => {
  const unknown = { events: undefined, seconds: undefined };
  expect(lagOf({})).toEqual(unknown);
  expect(lagOf({ confirmed: position(900), head: position(900), isHeadKnown: false })).toEqual(unknown);
});

test('all is read: those without a confirm, and the age of the oldest', () => {
  const read = { position: position(900), events: 3, from: undefined };
  expect(lagOf({ window: holding(3), read, head: position(900) })).toEqual({ events: 3, seconds: 9.5 });
});

test('what is not read yet is estimated by how densely events lay so far', () => {
  const read = { position: position(1_000), events: 50, from: position(500) };
  expect(lagOf({ window: holding(2), read, head: position(3_000) })).toEqual({ events: 202, seconds: 9.5 });
});

test('nothing was read yet: there is lag, nobody knows how much', () => {
  expect(lagOf({ head: position(3_000) })).toEqual({ events: undefined, seconds: undefined });
});

test.each<[string, Partial<RelayStatus>, number]>([
  ['all is published: what failed before is over', {}, 0],
  ['the subscription has more to tell', { isCaughtUp: false }, 4],
  ['something is under way', { window: holding(1) }, 4],
  ['the store holds more than was confirmed', { head: position(901) }, 4],
  ['nobody knows what the store holds', { isHeadKnown: false }, 4],
])('forgiving: %s', (_name, changes, failures) => {
  const settled = { isCaughtUp: true, confirmed: position(900), head: position(900), isHeadKnown: true, failures: 4 };
  const status = { ...createRelayStatus(), ...settled, ...changes };
  forgive(status);
  expect(status.failures).toBe(failures);
});
