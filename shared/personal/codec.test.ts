import { createDecipheriv, hkdfSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { openText, sealText } from './codec.ts';

const key = { id: 'key-1', secret: Buffer.alloc(32, 1) };

// Written down: what is stored is to be read for as long as its key lives.
const known = 'v1.key-1.qOScKpwzsyI7M0Q3.O2_-ZQV4I1shQ3uuYsEFmGYfBGAxdjGPnf0yltw3';

test('a text of v1 is read, and written as it was', () => {
  expect(sealText(key, 'c-1', { name: 'Ada' })).toBe(known);
  expect(openText(key, 'c-1', known)).toEqual({ name: 'Ada' });
});

test('it is AES-256-GCM as the document has it', () => {
  const [, , nonce = '', rest = ''] = known.split('.');
  const sealed = Buffer.from(rest, 'base64url');
  const secret = Buffer.from(hkdfSync('sha256', key.secret, '', 'waybill personal data v1 encrypt', 32));
  const decipher = createDecipheriv('aes-256-gcm', secret, Buffer.from(nonce, 'base64url'));
  decipher.setAAD(Buffer.from('v1\0key-1\0c-1'));
  decipher.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  expect(plain.toString()).toBe('{"name":"Ada"}');
});

test.each([
  ['another customer', key, 'c-2', known],
  ['another key of the same name', { ...key, secret: Buffer.alloc(32, 2) }, 'c-1', known],
  ['another nonce', key, 'c-1', known.replace(/\.[\w-]{16}\./, '.AAAAAAAAAAAAAAAA.')],
  ['a cut text', key, 'c-1', known.slice(0, -4)],
  ['hardly any text', key, 'c-1', 'v1.key-1.AAAAAAAAAAAAAAAA.AA'],
  ['another version', key, 'c-1', known.replace('v1', 'v2')],
])('%s: not opened, and nothing shown', (_, by, customerId, text) => {
  expect(() => openText(by, customerId, text)).toThrow(expect.objectContaining({ code: 'personal/unreadable' }));
});
