import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accepted } from '../../kernel/decision.ts';
import { specification } from '../../testing/specification.ts';
import { decide, stockDecider } from './decide.ts';
import type { StockEvent } from './events.ts';
import { receiptDecider } from './receipts.ts';
import { availableIn } from './state.ts';

const { given } = specification(stockDecider);
const { given: givenReceipts } = specification(receiptDecider);

const sku = 'mug';
const receiptId = '5f2d1a9e-7b0c-5c3e-8a41-1d2e3f4a5b6c';
const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';
const received: StockEvent = { type: 'StockReceived', data: { sku, receiptId, quantity: 10 } };
const reserved: StockEvent = { type: 'StockReserved', data: { sku, orderId, quantity: 4 } };
const refused: StockEvent = { type: 'StockReservationRefused', data: { sku, orderId, quantity: 11, available: 10 } };
const released: StockEvent = { type: 'StockReleased', data: { sku, orderId, quantity: 4 } };
const dispatched: StockEvent = { type: 'StockDispatched', data: { sku, orderId, quantity: 4 } };

describe('ReceiveStock', () => {
  const command = { type: 'ReceiveStock', sku, receiptId, quantity: 10 } as const;
  test('produces a receipt', () => givenReceipts().when(command).then(received));
  test('stays quiet when the delivery was counted', () => givenReceipts(received).when(command).thenNothing());
  test('refuses the same key for another quantity', () => {
    givenReceipts(received)
      .when({ ...command, quantity: 9 })
      .thenRejected('stock/key-reused');
  });
});

describe('ReserveStock', () => {
  const command = { type: 'ReserveStock', sku, orderId, quantity: 4 } as const;
  test('produces a reservation', () => given(received).when(command).then(reserved));
  test('reserves the last piece', () => {
    given(received)
      .when({ ...command, quantity: 10 })
      .then({ type: 'StockReserved', data: { sku, orderId, quantity: 10 } });
  });
  test('produces a refusal when there is less, and reserves no part of it', () => {
    given(received)
      .when({ ...command, quantity: 11 })
      .then(refused);
  });
  test('stays quiet when reserved before', () => given(received, reserved).when(command).thenNothing());
  test('stays quiet when refused before, though there is stock now', () => {
    given(refused, received).when(command).thenNothing();
  });
});

describe('ReleaseStock', () => {
  const command = { type: 'ReleaseStock', sku, orderId } as const;
  test('produces a release', () => given(received, reserved).when(command).then(released));
  test.each([
    ['released', [received, reserved, released]],
    ['dispatched', [received, reserved, dispatched]],
    ['never reserved', [received]],
  ])('stays quiet when %s', (_, history) => {
    given(...history)
      .when(command)
      .thenNothing();
  });
});

describe('DispatchStock', () => {
  const command = { type: 'DispatchStock', sku, orderId } as const;
  test('produces a dispatch', () => given(received, reserved).when(command).then(dispatched));
  test.each([
    ['dispatched', [received, reserved, dispatched]],
    ['released', [received, reserved, released]],
  ])('stays quiet when %s', (_, history) => {
    given(...history)
      .when(command)
      .thenNothing();
  });
});

test('a delivery is counted once, however many came since', () => {
  const since = Array.from(
    { length: 2_000 },
    (_, n): StockEvent => ({
      type: 'StockReceived',
      data: { sku, receiptId: `5f2d1a9e-7b0c-5c3e-8a41-${String(n).padStart(12, '0')}`, quantity: 1 },
    }),
  );
  givenReceipts(received, ...since)
    .when({ type: 'ReceiveStock', sku, receiptId, quantity: 10 })
    .thenNothing();
});

test('no sequence of commands makes stock negative or promises a piece twice', () => {
  const quantity = fc.integer({ min: 1, max: 9 });
  const order = fc.constantFrom('o-1', 'o-2', 'o-3', 'o-4');
  const command = fc.oneof(
    fc.record({
      type: fc.constant('StockReceived' as const),
      data: fc.record({ sku: fc.constant(sku), receiptId: fc.uuid(), quantity }),
    }),
    fc.record({ type: fc.constant('ReserveStock' as const), sku: fc.constant(sku), orderId: order, quantity }),
    fc.record({ type: fc.constant('ReleaseStock' as const), sku: fc.constant(sku), orderId: order }),
    fc.record({ type: fc.constant('DispatchStock' as const), sku: fc.constant(sku), orderId: order }),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      let stock = stockDecider.initialState;
      for (const next of commands) {
        const decision = next.type === 'StockReceived' ? accepted<StockEvent>(next) : decide(next, stock);
        if (decision.outcome === 'accepted') stock = decision.events.reduce(stockDecider.evolve, stock);
        const open = stock.reservations.values().reduce((sum, n) => sum + n, 0);
        expect(stock.onHand).toBeGreaterThanOrEqual(0);
        expect(availableIn(stock)).toBeGreaterThanOrEqual(0);
        expect(stock.reserved).toBe(open);
      }
    }),
  );
});
