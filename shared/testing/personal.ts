import { createInMemoryCustomerKeys } from '../personal/inMemoryCustomerKeys.ts';
import { createPersonalData } from '../personal/personalData.ts';
import type { Recipient } from '../personal/recipient.ts';

/** Who gets the orders of a test. */
export const recipient = {
  name: 'Ada Lovelace',
  email: 'ada.lovelace@customers.example',
  address: { line1: '12 St James Square', postalCode: 'SW1Y 4JH', city: 'London', country: 'GB' },
} as const satisfies Recipient;

/** A sealed text where nobody opens it. */
export const sealedRecipient = 'v1.key-of-a-test.AAAAAAAAAAAAAAAA.c2VhbGVk';

/** Personal data in memory whose keys are no chance: the same value is the same text in each run. */
export function makePersonal() {
  let made = 0;
  const random = (size: number): Buffer => {
    made += 1;
    return Buffer.alloc(size, made);
  };
  return createPersonalData(createInMemoryCustomerKeys(random));
}
