import type { Erased } from '../kernel/erased.ts';
import { erased } from '../kernel/erased.ts';
import { Fault } from '../kernel/fault.ts';
import { keyIdOf, openText, sealText } from './codec.ts';
import type { CustomerKey, CustomerKeys } from './customerKeys.ts';
import type { Recipient } from './recipient.ts';

/**
 * Personal data under its customer's own key, so that destroying the key erases it wherever it was copied to: events,
 * messages, dead letters, views, backups. Contract: personalData.contract.ts.
 *
 * Every operation throws Fault table/unavailable, keys/unavailable.
 */
export interface PersonalData<Value = Recipient> {
  /**
   * A text that says nothing to who has no key: `v1.<key id>.<nonce>.<ciphertext and tag>`. The same value again is the same
   * text, as long as the customer's key lives. A customer without a key gets one.
   */
  seal(customerId: string, value: Value): Promise<string>;
  /**
   * What was sealed, or `erased` when its key was destroyed before this was called.
   *
   * @throws Fault personal/unreadable when it was sealed for another customer, or is damaged
   */
  open(customerId: string, sealed: string): Promise<Value | Erased>;
  /** The same of many, in their order, for the price of one. */
  openAll(customerId: string, sealed: readonly string[]): Promise<readonly (Value | Erased)[]>;
  /** From now on everything that was sealed for this customer is erased, for ever; repeatable. What is sealed later is not. */
  erase(customerId: string): Promise<void>;
}

/** Those who lose the race for a new key find the winner's; it can be destroyed in between, but not again and again. */
const maxAttempts = 5;

export function createPersonalData<Value = Recipient>(keys: CustomerKeys): PersonalData<Value> {
  const findOrCreate = async (customerId: string): Promise<CustomerKey> => {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const key = (await keys.find(customerId)) ?? (await keys.create(customerId));
      if (key) return key;
    }
    throw new Fault(
      'keys/unavailable',
      `no key of a customer: ${maxAttempts} times it was gone as soon as it was made`,
    );
  };
  const openAll = async (customerId: string, sealed: readonly string[]): Promise<readonly (Value | Erased)[]> => {
    if (sealed.every((text) => text === erased)) return sealed.map(() => erased);
    const key = await keys.find(customerId);
    return sealed.map((text) =>
      text === erased || keyIdOf(text) !== key?.id ? erased : (openText(key, customerId, text) as Value),
    );
  };
  return {
    openAll,
    open: async (customerId, sealed) => (await openAll(customerId, [sealed]))[0] ?? erased,
    seal: async (customerId, value) => sealText(await findOrCreate(customerId), customerId, value),
    erase: (customerId) => keys.destroy(customerId),
  };
}
