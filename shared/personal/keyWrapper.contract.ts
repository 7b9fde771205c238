import { describe, expect, test } from '@jest/globals';
import type { KeyWrapper } from './keyWrapper.ts';

/** What every implementation of the port promises. @param other one with another key to wrap with */
export function keyWrapperContract(name: string, create: () => KeyWrapper, other: () => KeyWrapper): void {
  const secret = Buffer.alloc(32, 5);

  describe(`key wrapper: ${name}`, () => {
    test('what was wrapped is unwrapped, and does not show', async () => {
      const wrapped = await create().wrap('key-1', secret);
      expect(wrapped).toMatch(/^[\w-]+$/);
      expect(Buffer.from(wrapped, 'base64url').includes(secret)).toBe(false);
      expect(Buffer.from(await create().unwrap('key-1', wrapped))).toEqual(secret);
    });

    test('under another id, by another, or damaged, it stays closed', async () => {
      const wrapped = await create().wrap('key-1', secret);
      const closed = { code: expect.stringMatching(/^(keys\/unavailable|personal\/unreadable)$/) };
      await expect(create().unwrap('key-2', wrapped)).rejects.toMatchObject(closed);
      await expect(other().unwrap('key-1', wrapped)).rejects.toMatchObject(closed);
      await expect(create().unwrap('key-1', wrapped.slice(0, -8))).rejects.toMatchObject(closed);
    });
  });
}
