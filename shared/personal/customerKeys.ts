/** The key of one customer's personal data, in the clear: it leaves the process wrapped alone. */
export interface CustomerKey {
  /** Of this key, in every text that is sealed with it; a customer's next key has another. */
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

/**
 * One living key a customer, at most. Every answer is as things stand: a destroyed key is given to nobody who asks after it
 * was destroyed. Contract: personalData.contract.ts, passed by the in-memory version and by DynamoDB.
 *
 * Every operation throws Fault table/unavailable; those that wrap or unwrap also keys/unavailable.
 */
export interface CustomerKeys {
  /** Undefined: none was made yet, or it was destroyed. */
  find(customerId: string): Promise<CustomerKey | undefined>;
  /** A new key for a customer who has none; undefined: somebody else was first, and `find` has it. */
  create(customerId: string): Promise<CustomerKey | undefined>;
  /** Nothing of the key is left afterwards; without one, nothing changes. */
  destroy(customerId: string): Promise<void>;
}

const idBytes = 12;
const secretBytes = 32;

/** @param randomBytes so many that nobody can foresee */
export const newCustomerKey = (randomBytes: (size: number) => Buffer): CustomerKey => ({
  id: randomBytes(idBytes).toString('base64url'),
  secret: randomBytes(secretBytes),
});
