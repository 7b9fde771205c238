import { expect, test } from '@jest/globals';
import { readOptions } from './readOptions.ts';
import { toLine, UsageProblem } from './usageProblem.ts';

const options = { token: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

/** What a person reads. */
function read(...args: readonly string[]): string {
  try {
    return JSON.stringify(readOptions({ args: [...args], options }).values);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageProblem);
    return toLine(error);
  }
}

test.each([
  [['--token', 'x'], '{"token":"x"}'],
  [['--token=-x'], '{"token":"-x"}'],
  [['--tokn', 'x'], 'there is no option --tokn; --help says what there is'],
  [['-x'], 'there is no option -x; --help says what there is'],
  [['--token'], '--token needs a value, one that begins with "-" as --token=-x; --help says what there is'],
  [['--token', '--help'], '--token needs a value, one that begins with "-" as --token=-x; --help says what there is'],
  [['--help=yes'], '-h, --help takes no value; --help says what there is'],
  [['x'], 'what is "x"? Every value here has its option\'s name before it; --help says what there is'],
])('%j', (args, line) => {
  expect(read(...args)).toBe(line);
});

test('a question is not followed by a semicolon, and what is no matter of the usage by nothing', () => {
  expect(toLine(new UsageProblem('what is to be done?'))).toBe('what is to be done? --help says what there is');
  expect(toLine(new Error('no'))).toBe('no');
  expect(toLine('no')).toBe('no');
});
