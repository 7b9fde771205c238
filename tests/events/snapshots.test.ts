import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { StockEvent } from '../../shared/domain/inventory/index.ts';
import { receiptAggregate, stockAggregate } from '../../shared/store/aggregates.ts';

const uuid = (n: number): string => `0b6f0a44-0f2c-5d7e-9f55-${String(n).padStart(12, '0')}`;
const forOrder = (n: number, quantity = 2) => ({ sku: 'mug', orderId: uuid(n), quantity });

/** One of everything that can happen to a SKU, and more than one where that makes a difference. */
const history: readonly StockEvent[] = [
  { type: 'StockReceived', data: { sku: 'mug', receiptId: uuid(901), quantity: 10 } },
  { type: 'StockReserved', data: forOrder(1) },
  { type: 'StockReserved', data: forOrder(2, 3) },
  { type: 'StockReserved', data: forOrder(3, 5) },
  { type: 'StockReservationRefused', data: { ...forOrder(4), available: 0 } },
  { type: 'StockReservationRefused', data: { ...forOrder(5, 1), available: 0 } },
  { type: 'StockReleased', data: forOrder(1) },
  { type: 'StockDispatched', data: forOrder(2, 3) },
  { type: 'StockReceived', data: { sku: 'mug', receiptId: uuid(902), quantity: 1 } },
];

/** By the snapshot's name: the version, and what it holds of `history`. */
const kept = JSON.parse(readFileSync(new URL('./snapshots.json', import.meta.url), 'utf8')) as unknown;

// A snapshot of a state that today's code would not come to is taken for true: orders would be decided on it.
test('what a snapshot holds changes with its version alone: raise that, then take over what is read here', () => {
  const stock = history.reduce(stockAggregate.decider.evolve, stockAggregate.decider.initialState);
  const receipts = history.reduce(receiptAggregate.decider.evolve, receiptAggregate.decider.initialState);
  const now = {
    stock: { version: stockAggregate.snapshot.version, state: stockAggregate.snapshot.encode(stock) },
    receipts: { version: receiptAggregate.snapshot.version, state: receiptAggregate.snapshot.encode(receipts) },
  };
  expect(JSON.parse(JSON.stringify(now))).toEqual(kept);
});
