/**
 * Keys under a key that never leaves its place. Contract: keyWrapper.contract.ts.
 *
 * @throws Fault keys/unavailable from both, also for what was wrapped by another; personal/unreadable where it can be told that
 * what was wrapped is damaged
 */
export interface KeyWrapper {
  /** @param id of the key: what is wrapped under one is unwrapped under no other */
  wrap(id: string, secret: Uint8Array): Promise<string>;
  unwrap(id: string, wrapped: string): Promise<Uint8Array>;
}
