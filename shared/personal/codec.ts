/**
 * Between a value and its sealed text: AES-256-GCM (NIST SP 800-38D). The nonce is no chance but follows from the value
 * (as in RFC 5297, SIV): HMAC-SHA-256 under a key of its own, cut to the 96 bits that GCM takes. The same value gives the same
 * text, so that a repeated request is the same event; two values share a nonce, which GCM does not forgive, only once in some
 * 2^48 values of one customer.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { Fault } from '../kernel/fault.ts';
import type { CustomerKey } from './customerKeys.ts';

const version = 'v1';
const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const form = /^v1\.([\w-]+)\.([\w-]{16})\.([\w-]+)$/;

/** Two keys out of one, so that neither tells anything of the other. */
const derive = ({ secret }: CustomerKey, use: 'encrypt' | 'nonce'): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `waybill personal data ${version} ${use}`, 32));

/** A text opens for its own customer alone, and with its own key. */
const bindingOf = ({ id }: CustomerKey, customerId: string): Buffer => Buffer.from(`${version}\0${id}\0${customerId}`);

const toText = (bytes: Buffer): string => bytes.toString('base64url');

/** @param value JSON */
export function sealText(key: CustomerKey, customerId: string, value: unknown): string {
  const plain = Buffer.from(JSON.stringify(value));
  const binding = bindingOf(key, customerId);
  const nonce = createHmac('sha256', derive(key, 'nonce'))
    .update(binding)
    .update('\0')
    .update(plain)
    .digest()
    .subarray(0, nonceBytes);
  const cipher = createCipheriv(algorithm, derive(key, 'encrypt'), nonce, { authTagLength: tagBytes });
  cipher.setAAD(binding);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return [version, key.id, toText(nonce), toText(sealed)].join('.');
}

const unreadable = (why: string, cause?: unknown): Fault =>
  new Fault('personal/unreadable', `sealed personal data ${why}`, cause);

/** @throws Fault personal/unreadable for what is no sealed text */
export function keyIdOf(text: string): string {
  const [, keyId] = form.exec(text) ?? [];
  if (keyId === undefined) throw unreadable('is not in the form v1.<key>.<nonce>.<ciphertext and tag>');
  return keyId;
}

/** @throws Fault personal/unreadable when it was sealed for another customer or with another key, or is damaged */
export function openText(key: CustomerKey, customerId: string, text: string): unknown {
  const [, keyId, nonce = '', rest = ''] = form.exec(text) ?? [];
  if (keyId !== key.id) throw unreadable(`is not of key ${key.id}`);
  const sealed = Buffer.from(rest, 'base64url');
  try {
    const decipher = createDecipheriv(algorithm, derive(key, 'encrypt'), Buffer.from(nonce, 'base64url'), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(bindingOf(key, customerId));
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]).toString());
  } catch (error) {
    throw unreadable(`of key ${key.id} is damaged, or of another customer`, error);
  }
}
