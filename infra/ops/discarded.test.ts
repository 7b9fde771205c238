import { describe, expect, test } from '@jest/globals';
import { handles as stockRequests } from '../../functions/react/moveStockOnRequest/stockRequest.ts';
import { handles as parcelRequests } from '../../functions/react/sendParcelOnRequest/handler.ts';
import { handles as paymentRequests } from '../../functions/react/settlePaymentOnRequest/handler.ts';
import { handles as deadlines } from '../../functions/react/timeOutPaymentOnRequest/handler.ts';
import { handles as orderRequests } from '../../functions/react/updateOrderOnRequest/handler.ts';
import { consumers } from '../../shared/broker/topology.ts';
import { holdsEffects, toLoss } from './discarded.ts';

describe('what never happens when an event is discarded', () => {
  test.each([
    [consumers.inventory.name, stockRequests],
    [consumers.payments.name, paymentRequests],
    [consumers.paymentDeadlines.name, deadlines],
    [consumers.orders.name, orderRequests],
    [consumers.shipping.name, parcelRequests],
  ])('is told of everything that %s acts on', (consumer, types: readonly string[]) => {
    for (const type of types) expect(toLoss(consumer, type)).toMatch(/: /);
  });

  test('is told of each other consumer as a whole, and in general of one that is new', () => {
    expect(toLoss('order-view', 'OrderShipped')).toBe('the view lacks this event: what it shows is not what happened');
    expect(toLoss('notifications', 'OrderShipped')).toMatch(/the mail about it is never sent/);
    expect(toLoss('order-processing', 'OrderCreated')).toMatch(/this order never begins/);
    expect(toLoss('order-processing', 'PaymentAuthorized')).toMatch(/its process is never told/);
    expect(toLoss('somebody', 'SomethingHappened')).toBe(
      'whatever somebody does about SomethingHappened is not done for this one',
    );
    expect(toLoss('payments', 'toString')).toMatch(/^whatever payments does about toString/);
    for (const { name } of Object.values(consumers)) expect(toLoss(name, undefined)).toBeTruthy();
  });

  test('needs a yes of its own where orders or money stand still without it', () => {
    const isAsked = (consumer: string, cause = 'payments/refused on Happened') => holdsEffects([{ consumer, cause }]);
    const asked = Object.values(consumers).filter(({ name }) => isAsked(name));
    expect(asked.map(({ name }) => name)).toEqual([
      'order-processing',
      'inventory',
      'payments',
      'payment-deadlines',
      'orders',
      'shipping',
    ]);
    expect(isAsked('payments', 'malformed message')).toBe(false);
    expect(isAsked('payments', 'defect: odd message')).toBe(true);
    expect(isAsked('somebody')).toBe(true);
    expect(holdsEffects([])).toBe(false);
  });
});
