import { accepted, type Decider, rejected } from '../../kernel/decision.ts';
import { emptyMap, type PersistentMap } from '../../kernel/persistentMap.ts';
import type { ReceiveStock } from './commands.ts';
import type { StockEvent } from './events.ts';
import type { StockRejection } from './rejections.ts';

/** Quantities of one SKU's deliveries by receipt: remembered for ever, since a caller may repeat one at any time. */
export type Receipts = PersistentMap<number>;

/**
 * A delivery is counted once. A state of its own on the stock's stream: it grows with every delivery, and nothing else that
 * is decided about stock needs it.
 */
export const receiptDecider: Decider<Receipts, ReceiveStock, StockEvent, StockRejection> = {
  initialState: emptyMap(),
  evolve: (receipts, { type, data }) =>
    type === 'StockReceived' ? receipts.set(data.receiptId, data.quantity) : receipts,
  decide: ({ type: _, ...data }, receipts) => {
    const known = receipts.get(data.receiptId);
    if (known === undefined) return accepted({ type: 'StockReceived', data });
    return known === data.quantity ? accepted() : rejected({ code: 'stock/key-reused' });
  },
};
