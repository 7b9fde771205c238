import { createHash, timingSafeEqual } from 'node:crypto';

const saltBytes = 4;

/**
 * A password as RabbitMQ keeps it: base64 of a 4-byte salt and SHA-256 of salt and password.
 * Source: rabbitmq.com/docs/passwords, "Computing a Password Hash".
 */
export function hashPassword(password: string, salt: Buffer): string {
  const digest = createHash('sha256').update(salt).update(password, 'utf8').digest();
  return Buffer.concat([salt, digest]).toString('base64');
}

/** Whether `hash` was made of `password`. */
export function isPasswordOf(password: string, hash: string): boolean {
  const stored = Buffer.from(hash, 'base64');
  const expected = Buffer.from(hashPassword(password, stored.subarray(0, saltBytes)), 'base64');
  return stored.length === expected.length && timingSafeEqual(stored, expected);
}
