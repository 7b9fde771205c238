import * as z from 'zod/mini';
import { type PersistentMap, toPersistentMap } from '../../kernel/persistentMap.ts';
import type { SnapshotDefinition } from '../../kernel/snapshot.ts';
import type { Receipts } from './receipts.ts';
import type { Stock } from './state.ts';

const numbers = z.array(z.tuple([z.string(), z.int()]));
const toMap = (entries: z.infer<typeof numbers>): PersistentMap<number> => toPersistentMap(entries);

const stock = z.strictObject({
  onHand: z.int(),
  reserved: z.int(),
  reservations: numbers,
  /** Oldest first. */
  refusals: numbers,
});

export const stockSnapshot: SnapshotDefinition<Stock> = {
  version: 1,
  encode: ({ onHand, reserved, reservations, refusals, refusedOrders }) => ({
    onHand,
    reserved,
    reservations: reservations.entries(),
    refusals: refusedOrders.map((orderId) => [orderId, refusals.get(orderId) ?? 0]),
  }),
  decode: (encoded) => {
    const { success, data } = stock.safeParse(encoded);
    if (!success) return undefined;
    const { onHand, reserved, reservations, refusals } = data;
    const refusedOrders = refusals.map(([orderId]) => orderId);
    return { onHand, reserved, reservations: toMap(reservations), refusals: toMap(refusals), refusedOrders };
  },
};

export const receiptSnapshot: SnapshotDefinition<Receipts> = {
  version: 1,
  encode: (receipts) => receipts.entries(),
  decode: (encoded) => {
    const { success, data } = numbers.safeParse(encoded);
    return success ? toMap(data) : undefined;
  },
};
