import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import type { EventDefinitions } from '../../shared/kernel/event.ts';
import { toDomainEvent } from '../../shared/store/codec.ts';
import { metadata } from '../../shared/testing/builders.ts';
import { type Baseline, checkBaseline, extendBaseline } from './checkBaseline.ts';
import { allEvents } from './definitions.ts';

const readJson = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'));
const baseline = readJson('baseline') as Baseline;
/** One event of every version as it stands in the store, by `<type> v<version>`. Never changed, only added to. */
const stored = readJson('stored') as Readonly<Record<string, unknown>>;

/** What is read of an older version today, where that is not what was written. */
const upcastTo: Readonly<Record<string, unknown>> = {
  'OrderCreated v1': { ...(stored['OrderCreated v1'] as object), recipient: 'erased' },
  'ShipmentDispatched v1': {
    orderId: '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11',
    trackingNumber: 'WB-0B6F0A44-0F2C',
    carrier: 'waybill',
  },
};

describe('events that are stored can be read', () => {
  test('no schema is narrower than when it was written, and the baseline knows all of them', () => {
    const findings = checkBaseline(allEvents, baseline).map(({ kind, message }) =>
      kind === 'new' ? `${message}: take it into the baseline with npm run events` : message,
    );
    expect(findings).toEqual([]);
  });

  const versions = Object.entries(baseline).flatMap(([type, of]) => Object.keys(of).map((v) => `${type} v${v}`));

  test('there is one of every version', () => expect(Object.keys(stored).toSorted()).toEqual(versions.toSorted()));

  test.each(versions)('%s', (name) => {
    const [type = '', version = ''] = name.split(' v');
    const event = { type, data: stored[name], stream: 'any-1', revision: 0n };
    const read = toDomainEvent(allEvents, { ...event, metadata: { ...metadata, schemaVersion: Number(version) } });
    expect(read).toEqual({ type, data: upcastTo[name] ?? stored[name] });
  });

  test('at least one type was written in two versions', () => {
    expect(Object.values(baseline).some((of) => Object.keys(of).length > 1)).toBe(true);
  });
});

describe('the check', () => {
  const shape: z.core.$ZodShape = {
    id: z.string(),
    note: z.optional(z.string()),
    count: z.int().check(z.minimum(1)),
    kind: z.enum(['a', 'b']),
    lines: z.array(z.object({ sku: z.string() })),
  };
  const before: EventDefinitions = { Placed: { version: 1, schema: z.object(shape) } };
  const base = extendBaseline(before, {});
  const changed = (change: z.core.$ZodShape, version = 1): EventDefinitions => ({
    Placed: { version, schema: z.object({ ...shape, ...change }) },
  });
  const without = (name: string): EventDefinitions => {
    const { [name]: _, ...rest } = shape;
    return { Placed: { version: 1, schema: z.object(rest) } };
  };

  test.each([
    ['a field is removed', without('id'), /data\.id was removed/],
    ['an optional field is removed', without('note'), /data\.note was removed/],
    ['a field becomes required', changed({ note: z.string() }), /data\.note is required now/],
    ['a new field is required', changed({ more: z.string() }), /data\.more is required now/],
    [
      'a field that readers count on may be missing',
      changed({ id: z.optional(z.string()) }),
      /data\.id may be missing/,
    ],
    ['a field has another type', changed({ id: z.int() }), /data\.id: type was "string" and is "integer"/],
    ['a bound is raised', changed({ count: z.int().check(z.minimum(2)) }), /data\.count: minimum was 1 and is 2/],
    ['a bound is new', changed({ id: z.string().check(z.maxLength(3)) }), /data\.id: maxLength was nothing and is 3/],
    ['a pattern is new', changed({ id: z.string().check(z.regex(/x/)) }), /data\.id: pattern was nothing/],
    ['a choice is gone', changed({ kind: z.enum(['a']) }), /data\.kind can not be "b" any more/],
    ['a list item is narrowed', changed({ lines: z.array(z.object({})) }), /data\.lines\[\]\.sku was removed/],
    ['a type is removed', {}, /Placed was removed/],
    ['a version has no upcaster', changed({ more: z.string() }, 2), /Placed has no upcast\[1\]/],
  ])('fails when %s, and says what to do', (_, definitions, words) => {
    const findings = checkBaseline(definitions, base);
    const [first] = findings.filter(({ kind }) => kind === 'breaking');
    expect(first?.message).toMatch(words);
    expect(first?.message).toMatch(
      /leave it as it is, raise Placed's version to 2|keep its definition|has to be read as 2/,
    );
  });

  test.each([
    ['a new optional field', changed({ more: z.optional(z.string()) })],
    ['a wider bound', changed({ count: z.int().check(z.minimum(0)) })],
    ['another choice', changed({ kind: z.enum(['a', 'b', 'c']) })],
    ['another type of event', { ...before, Lost: { version: 1, schema: z.object({}) } }],
    [
      'another version with an upcaster',
      { Placed: { version: 2, schema: z.object({ other: z.string() }), upcast: { 1: () => ({ other: '' }) } } },
    ],
  ])('takes %s, and asks for it to be taken into the baseline', (_, definitions) => {
    const findings = checkBaseline(definitions, base);
    expect(findings.map(({ kind }) => kind)).toEqual(['new']);
    expect(checkBaseline(definitions, extendBaseline(definitions, base))).toEqual([]);
  });

  test('fails when a version goes back', () => {
    const second = { Placed: { version: 2, schema: z.object({}), upcast: { 1: () => ({}) } } };
    const [finding] = checkBaseline(before, extendBaseline(second, base));
    expect(finding?.message).toMatch(/went back to version 1 from 2/);
  });
});
