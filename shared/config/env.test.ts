import { expect, test } from '@jest/globals';
import { parseConfig, parseLogLevel } from './env.ts';

test('names every missing setting at once, an empty one too', () => {
  const parse = () => parseConfig({ A: '1', B: '' }, ['A', 'B', 'C']);

  expect(parse).toThrow('missing in the environment: B, C');
  expect(parseConfig({ A: '1' }, ['A'])).toEqual({ A: '1' });
});

test('a log level is one of four, INFO unless given', () => {
  expect([undefined, '', 'DEBUG', 'ERROR'].map(parseLogLevel)).toEqual(['INFO', 'INFO', 'DEBUG', 'ERROR']);
  expect(() => parseLogLevel('debug')).toThrow('LOG_LEVEL is "debug", expected DEBUG, INFO, WARN, ERROR');
});
