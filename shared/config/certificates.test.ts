import { expect, test } from '@jest/globals';
import { caCertificate } from '../testing/caCertificate.ts';
import { parseCertificates } from './certificates.ts';

const parse = (text: string) => parseCertificates(text, 'EVENTSTORE_CA');

test('one certificate or several, without what stands around them', () => {
  expect(parse(caCertificate)).toBe(caCertificate);
  expect(parse(`Issuer: C=UK\n${caCertificate}\nthe next one\n${caCertificate}`)).toBe(caCertificate.repeat(2));
});

test.each([
  ['something else', 'ca.crt'],
  ['its first line', '-----BEGIN CERTIFICATE-----'],
  ['a part', caCertificate.slice(0, 600)],
  ['a whole one and a part', caCertificate + caCertificate.slice(0, 600)],
  ['a damaged one', caCertificate.replace('MII', 'AAA')],
])('%s is refused, saying what is expected', (_, text) => {
  expect(() => parse(text)).toThrow(
    expect.objectContaining({
      code: 'config/invalid',
      message:
        "EVENTSTORE_CA holds no certificate in PEM, or not all of it: expected the CA's certificate alone, all of ca.crt",
    }),
  );
});

test('a private key is refused, and not shown', () => {
  const key = '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n';
  expect(() => parse(caCertificate + key)).toThrow(/^EVENTSTORE_CA holds a private key: [^\n]*$/);
});
