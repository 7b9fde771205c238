import { expect, test } from '@jest/globals';
import { toLastWords } from './lastWords.ts';

test.each([
  ['nothing', [], ''],
  ['a line of its own', ['broker: cannot listen', ''], 'broker: cannot listen'],
  [
    'an error that Node.js shows',
    ['x.js:1', '  ^', '', 'Error: no', '    at x.js:1', '}', '', 'Node.js v24.0.0'],
    'Error: no',
  ],
  [
    'one under a heading',
    ['Docs: here', 'Error:', 'Configuration error:', '- at region: no', 'Learn more', '    at x.js:1'],
    'Configuration error: - at region: no',
  ],
])('of %s', (_, lines, words) => {
  expect(toLastWords(lines)).toBe(words);
});
