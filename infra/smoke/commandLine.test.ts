import { expect, test } from '@jest/globals';
import { UsageProblem } from '../commandLine/usageProblem.ts';
import { parseCommandLine } from './commandLine.ts';

const url = 'http://127.0.0.1:3000';

test('takes the token from the environment, so that no log shows it; one that is given goes before', () => {
  expect(parseCommandLine(['--url', url], { WAYBILL_TOKEN: 'secret' })).toEqual({
    url,
    token: 'secret',
    timeoutMs: 60_000,
  });
  const args = ['--url', url, '--token', 'given', '--timeout', '5'];
  expect(parseCommandLine(args, { WAYBILL_TOKEN: 'secret' })).toEqual({ url, token: 'given', timeoutMs: 5_000 });
  expect(parseCommandLine(['--help'], {})).toBeUndefined();
});

test.each([
  [['--url', url], /^there is no token: set WAYBILL_TOKEN, or say --token/],
  [['--url', url, '--token', ''], /^there is no token/],
  [['--token', 'x'], /^--url is missing/],
  [['--token', 'x', '--url', 'nonsense'], /^--url is "nonsense", expected an address such as/],
  [['--token', 'x', '--url', 'localhost:3000'], /^--url is "localhost:3000", expected an address such as/],
  [['--token', 'x', '--url', url, '--timeout', 'long'], /^--timeout is "long", expected seconds/],
  [['--token'], /^--token needs a value/],
  [['--tokn', 'x'], /^there is no option --tokn$/],
  [['x'], /^what is "x"\?/],
])('%j is refused in one line', (args, message) => {
  expect(() => parseCommandLine(args, {})).toThrow(message);
  expect(() => parseCommandLine(args, {})).toThrow(UsageProblem);
});
