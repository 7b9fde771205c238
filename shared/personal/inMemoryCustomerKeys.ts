import { randomBytes } from 'node:crypto';
import { type CustomerKey, type CustomerKeys, newCustomerKey } from './customerKeys.ts';

/** Of one process, gone with it. */
export function createInMemoryCustomerKeys(random: (size: number) => Buffer = randomBytes): CustomerKeys {
  const keys = new Map<string, CustomerKey>();
  return {
    find: async (customerId) => keys.get(customerId),
    async create(customerId) {
      if (keys.has(customerId)) return undefined;
      const key = newCustomerKey(random);
      keys.set(customerId, key);
      return key;
    },
    async destroy(customerId) {
      keys.delete(customerId);
    },
  };
}
