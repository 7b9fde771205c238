import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** What makes an issuer the same one again: the key that its tokens are signed with, and where it listened, which they name. */
export interface Identity {
  readonly key: JWK;
  readonly port: number;
}

export async function makeKey(): Promise<JWK> {
  // Made here: the library knows its own `generate`'s key for none inside jest, where objects come from two realms.
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: 'RS256', kid: randomUUID() };
}

const pathOf = (directory: string): string => join(directory, 'identity.json');

/** @throws in one line when what is kept is damaged */
export function readIdentity(directory: string): Identity | undefined {
  const path = pathOf(directory);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Identity;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${path} is damaged: remove it, and tokens are signed with another key`);
  }
}

/** All of it or nothing, whenever the process ends. Nobody but its owner may read the key. */
export function keepIdentity(directory: string, identity: Identity): void {
  mkdirSync(directory, { recursive: true });
  const path = pathOf(directory);
  writeFileSync(`${path}.new`, JSON.stringify(identity), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
