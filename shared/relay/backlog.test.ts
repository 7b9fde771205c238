import { expect, test } from '@jest/globals';
import { type Backlog, isTold, takeOver } from './backlog.ts';

const at = (commit: number) => ({ commit: BigInt(commit), prepare: BigInt(commit) });
const mine = ['order', 'stock', 'payment'];
const backlog = (categories: string[], position?: number, until = 50): Backlog => ({
  categories,
  position: position === undefined ? undefined : at(position),
  until: at(until),
});

test.each<[string, Parameters<typeof takeOver>[0], Backlog | undefined]>([
  ['no checkpoint: everything is news', { position: undefined, categories: ['order'], backlog: undefined }, undefined],
  ['the same as before', { position: at(90), categories: mine, backlog: undefined }, undefined],
  ['more before', { position: at(90), categories: [...mine, 'shipment'], backlog: undefined }, undefined],
  ['a row that does not say', { position: at(90), categories: undefined, backlog: undefined }, undefined],
  [
    'one is added',
    { position: at(90), categories: ['order', 'stock'], backlog: undefined },
    backlog(['payment'], undefined, 90),
  ],
  ['it goes on', { position: at(90), categories: mine, backlog: backlog(['stock'], 20) }, backlog(['stock'], 20)],
  [
    'another is added meanwhile: both from the beginning',
    { position: at(90), categories: ['order', 'stock'], backlog: backlog(['stock'], 20) },
    backlog(['stock', 'payment'], undefined, 90),
  ],
  [
    'a part of it is not published any more',
    { position: at(90), categories: [...mine, 'shipment'], backlog: backlog(['shipment', 'stock'], 20) },
    backlog(['stock'], 20),
  ],
  ['nothing of it is', { position: at(90), categories: mine, backlog: backlog(['shipment'], 20) }, undefined],
])('%s', (_name, published, expected) => {
  expect(takeOver(published, mine)).toEqual({ position: published.position, categories: mine, backlog: expected });
});

test('it is told when it is published up to its end', () => {
  expect(isTold(backlog(['stock']))).toBe(false);
  expect(isTold(backlog(['stock'], 49))).toBe(false);
  expect(isTold(backlog(['stock'], 50))).toBe(true);
});

test('what is added to a row that does not say is a backlog as well', () => {
  const published = { position: at(90), categories: undefined, backlog: undefined };
  expect(takeOver(published, [...mine, 'loyalty']).backlog).toEqual(backlog(['loyalty'], undefined, 90));
});

test('one that was told is no backlog of who adds another', () => {
  const told = { ...backlog(['stock'], 50), toldAt: at(60) };
  const published = { position: at(90), categories: ['order', 'stock'], backlog: told };
  expect(takeOver(published, mine).backlog).toEqual(backlog(['payment'], undefined, 90));
  expect(takeOver({ ...published, categories: mine }, mine).backlog).toEqual(told);
});
