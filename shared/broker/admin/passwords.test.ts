import { expect, test } from '@jest/globals';
import { hashPassword, isPasswordOf } from './passwords.ts';

test('is the hash that RabbitMQ makes', () => {
  // The example of its documentation, and what a running 3.10 says of guest/guest.
  expect(hashPassword('test12', Buffer.from('908DC60A', 'hex'))).toBe(
    'kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR',
  );
  expect(isPasswordOf('guest', 'Hpj7lWlP+GMQauf1SsYIK1t7EeKLRHlFDcTilAn9+M1ASuAY')).toBe(true);
});

test('another password, and a hash of another kind, are none', () => {
  expect(isPasswordOf('Guest', 'Hpj7lWlP+GMQauf1SsYIK1t7EeKLRHlFDcTilAn9+M1ASuAY')).toBe(false);
  expect(isPasswordOf('guest', '')).toBe(false);
});
