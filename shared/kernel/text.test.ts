import { expect, test } from '@jest/globals';
import { textLine } from './text.ts';

const isTaken = (text: string): boolean => textLine(20).safeParse(text).success;

test.each(['Ada', 'Zoë O’Hara', '12 St James Square', '李小龙', 'עדה', '👩‍🚀', ' a '])('%j is a line', (text) => {
  expect(isTaken(text)).toBe(true);
});

test.each([
  ['nothing', ''],
  ['blanks', ' \u00a0 '],
  ['two lines', 'a\nb'],
  ['a NUL', 'a\0'],
  ['a line separator', 'a\u2028b'],
  ['a paragraph separator', 'a\u2029b'],
  ['half a character', 'a\ud800'],
  ['what is printed backwards', 'a\u202eb'],
  ['what is isolated', 'a\u2066b'],
  ['21 characters', 'a'.repeat(21)],
])('%s: is none', (_, text) => {
  expect(isTaken(text)).toBe(false);
});

test('what is too long is told so, and costs no more', () => {
  const issues = textLine(200).safeParse(`${'a'.repeat(60_000)}\n\n`).error?.issues;
  expect(issues?.map(({ code }) => code)).toEqual(['too_big']);
});

test('the pattern costs in proportion to the text', () => {
  const startedMs = performance.now();
  for (const filling of ['a', ' '])
    expect(textLine(100_000).safeParse(`${filling.repeat(60_000)}\n\n`).success).toBe(false);
  expect(performance.now() - startedMs).toBeLessThan(500);
});
