import { sealedRecipient } from './personal.ts';

export const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';

/** An order for two mugs, as its creation records it. */
export const orderOfMugs = {
  orderId,
  customerId: 'c-1',
  recipient: sealedRecipient,
  lines: [{ sku: 'mug', name: 'Mug', quantity: 2, unitPriceMinor: 1250 }],
  totalMinor: 2500,
  currency: 'EUR',
} as const;

export const createOrder = { type: 'CreateOrder', ...orderOfMugs } as const;
