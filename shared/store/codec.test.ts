import { expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { metadata } from '../testing/builders.ts';
import { toDomainEvent, toNewEvents } from './codec.ts';

const definitions = {
  Renamed: {
    version: 3,
    schema: z.object({ fullName: z.string(), age: z.int() }),
    upcast: {
      1: (data: unknown) => ({ fullName: (data as { name: string }).name }),
      2: (data: unknown) => ({ ...(data as object), age: 0 }),
    },
  },
} as const;
const stored = { type: 'Renamed', stream: 'person-1', revision: 4n, data: { name: 'Ada' }, metadata };

test("reads every older version at today's", () => {
  const today = { type: 'Renamed', data: { fullName: 'Ada', age: 0 } };
  expect(toDomainEvent(definitions, stored)).toEqual(today);
  const second = { ...stored, data: { fullName: 'Ada' }, metadata: { ...metadata, schemaVersion: 2 } };
  expect(toDomainEvent(definitions, second)).toEqual(today);
});

test('skips a type it does not know, also one with the name of an object method', () => {
  expect(toDomainEvent(definitions, { ...stored, type: 'Unknown' })).toBeUndefined();
  expect(toDomainEvent(definitions, { ...stored, type: 'toString' })).toBeUndefined();
});

test('refuses data that does not fit, saying where and what', () => {
  expect(() => toDomainEvent(definitions, { ...stored, data: { name: 7 } })).toThrow(
    /^Renamed at person-1@4: fullName: .*expected string, received number$/,
  );
});

test('the same cause gives the same ids, another stream others', () => {
  const cause = { id: 'cause-1', correlationId: 'correlation-1', actor: 'test' };
  const at = (stream: string, date: string) =>
    toNewEvents(definitions, stream, [{ type: 'Renamed', data: {} }], () => cause, new Date(date)).map(({ id }) => id);
  expect(at('a-1', '2026-11-23')).toEqual(at('a-1', '2027-01-01'));
  expect(at('a-1', '2026-11-23')).not.toEqual(at('a-2', '2026-11-23'));
});

test('an event decided together with those of other causes is the same as decided alone', () => {
  const causeOf = ({ data }: { readonly data: { readonly of: string } }) => ({
    id: data.of,
    correlationId: `correlation of ${data.of}`,
    actor: 'test',
  });
  const [a, b, a2] = ['a', 'b', 'a'].map((of) => ({ type: 'Renamed', data: { of } }));
  const idsOf = (...events: readonly (typeof a)[]) =>
    toNewEvents(
      definitions,
      's-1',
      events.flatMap((event) => event ?? []),
      causeOf,
      new Date('2026-11-23'),
    );
  const [first, other, second] = idsOf(a, b, a2);
  expect(idsOf(b)).toEqual([other]);
  expect(idsOf(a, a2)).toEqual([first, second]);
  expect(second?.id).not.toBe(first?.id);
  expect(other?.metadata).toMatchObject({ causationId: 'b', correlationId: 'correlation of b' });
});
