import { expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { english, toSentence } from './english.ts';

const schema = z.strictObject({
  text: z.string(),
  kind: z.enum(['a', 'b']),
  one: z.union([z.string(), z.number()]),
  list: z.optional(z.array(z.object({ n: z.int() }))),
});
const tell = (value: unknown): string => {
  const { error } = schema.safeParse(value, english);
  return error ? toSentence(error) : 'fits';
};

test('what is not there is missing, whatever was expected', () => {
  expect(tell({})).toBe('text: missing; kind: missing; one: missing');
  expect(tell(undefined)).toBe('missing');
});

test('everything that is wrong stands in one line, each behind its place', () => {
  expect(tell({ text: 1, kind: 'c', one: 1, list: [{ n: 1 }, { n: null }], 'what ever': 1 })).toBe(
    [
      'text: Invalid input: expected string, received number',
      'kind: Invalid option: expected one of "a"|"b"',
      'list[1].n: Invalid input: expected number, received null',
      'Unrecognized key: "what ever"',
    ].join('; '),
  );
});
