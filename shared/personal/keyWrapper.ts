/**
 * Keys under a key that never leaves its place. Contract: keyWrapper.contract.ts.
 *
 * @throws Fault keys/unavailable from both, also for what was wrapped by another or under another id
 */
export interface KeyWrapper {
  /** @param id of the key: what is wrapped under one is unwrapped under no other */
  wrap(id: string, secret: Uint8Array): Promise<string>;
  unwrap(id: string, wrapped: string): Promise<Uint8Array>;
}
