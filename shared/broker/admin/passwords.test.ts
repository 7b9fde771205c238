import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { hashPassword, isPasswordOf } from './passwords.ts';

test('is the hash that RabbitMQ makes', () => {
  // The example of its documentation, and what a running 3.10 says of guest/guest.
  expect(hashPassword('test12', Buffer.from('908DC60A', 'hex'))).toBe(
    'kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR',
  );
  expect(isPasswordOf('guest', 'Hpj7lWlP+GMQauf1SsYIK1t7EeKLRHlFDcTilAn9+M1ASuAY')).toBe(true);
});

test('of a broker that was given the password and salted it itself, by SHA-512 even', () => {
  const salt = Buffer.from('908DC60A', 'hex');
  const digest = createHash('sha512').update(salt).update('test12').digest();
  const hash = Buffer.concat([salt, digest]).toString('base64');
  expect(isPasswordOf('test12', hash)).toBe(true);
  expect(isPasswordOf('test13', hash)).toBe(false);
  expect(isPasswordOf('test12', '/puln9Dv+DTnaVGI/ocvgYUDozs3PruJRb9qtIl2W/dnMxNo')).toBe(true);
});

test('another password, and a hash of another kind, are none', () => {
  expect(isPasswordOf('Guest', 'Hpj7lWlP+GMQauf1SsYIK1t7EeKLRHlFDcTilAn9+M1ASuAY')).toBe(false);
  expect(isPasswordOf('guest', '')).toBe(false);
});
