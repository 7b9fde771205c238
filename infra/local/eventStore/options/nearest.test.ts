import { expect, test } from '@jest/globals';
import { nearest } from './nearest.ts';

test('the nearest name is the one with the fewest changed letters', () => {
  expect(nearest('htp-port', ['db', 'http-port', 'node-ip'])).toBe('http-port');
  expect(nearest('memdb', ['db', 'mem-db', 'insecure'])).toBe('mem-db');
});
