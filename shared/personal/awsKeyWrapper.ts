import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { createAwsHttpHandler } from '../config/awsHttpHandler.ts';
import { Fault } from '../kernel/fault.ts';
import type { Freezes } from '../kernel/freezes.ts';
import type { KeyWrapper } from './keyWrapper.ts';

interface Options {
  /** ARN, or `alias/...`. */
  readonly keyId: string;
  readonly freezes: Freezes;
  /** Without one the SDK finds the real service. */
  readonly endpoint?: string;
}

/** What KMS says of a key that is damaged or has another id: that one is lost. That it was wrapped by another would be so of all. */
const damaged = 'InvalidCiphertextException';

/** Keys wrapped by AWS KMS: the key that does it never leaves it, and its use is logged there, by the wrapped key's id. */
export function createAwsKeyWrapper({ keyId, freezes, endpoint }: Options): KeyWrapper {
  const limits = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true };
  const client = new KMSClient({
    ...(endpoint ? { endpoint } : {}),
    maxAttempts: 3,
    requestHandler: createAwsHttpHandler(limits, freezes),
  });
  const asking = async (what: string, work: () => Promise<Uint8Array | undefined>): Promise<Uint8Array> => {
    try {
      const bytes = await work();
      if (bytes) return bytes;
    } catch (error) {
      const name = error instanceof Error ? error.name : String(error);
      if (name === damaged) throw new Fault('personal/unreadable', `${what}: ${name}`, error);
      const remedy = 'is PERSONAL_KMS_KEY right, and may this role use it?';
      throw new Fault('keys/unavailable', `${what}: ${name}: ${remedy}`, error);
    }
    throw new Fault('keys/unavailable', `${what}: an answer without content`);
  };
  return {
    async wrap(id, secret) {
      const command = new EncryptCommand({ KeyId: keyId, Plaintext: secret, EncryptionContext: { id } });
      const bytes = await asking(`wrap key ${id}`, async () => (await client.send(command)).CiphertextBlob);
      return Buffer.from(bytes).toString('base64url');
    },

    unwrap(id, wrapped) {
      const command = new DecryptCommand({
        KeyId: keyId,
        CiphertextBlob: Buffer.from(wrapped, 'base64url'),
        EncryptionContext: { id },
      });
      return asking(`unwrap key ${id}`, async () => (await client.send(command)).Plaintext);
    },
  };
}
