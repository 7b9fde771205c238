import { createHash, timingSafeEqual } from 'node:crypto';

const saltBytes = 4;

/** By the length of a hash, salt included: a broker may be set to hash passwords that it is given in clear otherwise. */
const algorithms: Readonly<Record<number, string>> = { 36: 'sha256', 68: 'sha512' };

/**
 * A password as RabbitMQ keeps it: base64 of a 4-byte salt and SHA-256 of salt and password.
 * Source: rabbitmq.com/docs/passwords, "Computing a Password Hash".
 */
export function hashPassword(password: string, salt: Buffer): string {
  return digestOf(password, salt, 'sha256').toString('base64');
}

const digestOf = (password: string, salt: Buffer, algorithm: string): Buffer =>
  Buffer.concat([salt, createHash(algorithm).update(salt).update(password, 'utf8').digest()]);

/** Whether `hash` was made of `password`, with whatever salt, by SHA-256 or SHA-512. */
export function isPasswordOf(password: string, hash: string): boolean {
  const stored = Buffer.from(hash, 'base64');
  const algorithm = algorithms[stored.length];
  if (algorithm === undefined) return false;
  return timingSafeEqual(stored, digestOf(password, stored.subarray(0, saltBytes), algorithm));
}
