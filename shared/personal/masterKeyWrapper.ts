import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Fault } from '../kernel/fault.ts';
import type { KeyWrapper } from './keyWrapper.ts';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const masterBytes = 32;

/**
 * Keys wrapped with AES-256-GCM under a master key that the process holds, for where there is no KMS.
 *
 * @param master 32 bytes in base64url
 * @throws Fault config/invalid when it is none
 */
export function createMasterKeyWrapper(master: string): KeyWrapper {
  const masterKey = Buffer.from(master, 'base64url');
  if (masterKey.length !== masterBytes) {
    throw new Fault(
      'config/invalid',
      `PERSONAL_MASTER_KEY has ${masterKey.length} bytes, expected ${masterBytes} in base64url`,
    );
  }
  const options = { authTagLength: tagBytes };
  return {
    async wrap(id, secret) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, masterKey, nonce, options);
      cipher.setAAD(Buffer.from(id));
      return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]).toString('base64url');
    },

    async unwrap(id, wrapped) {
      const bytes = Buffer.from(wrapped, 'base64url');
      try {
        const decipher = createDecipheriv(algorithm, masterKey, bytes.subarray(0, nonceBytes), options);
        decipher.setAAD(Buffer.from(id));
        decipher.setAuthTag(bytes.subarray(-tagBytes));
        return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]);
      } catch (error) {
        throw new Fault('keys/unavailable', `key ${id} was not wrapped with this master key`, error);
      }
    },
  };
}
