/** The functions' own handlers and options, as their wiring has them. */

import { createHandler as createAdvance } from '../../functions/react/advanceFulfilmentOnProgress/handler.ts';
import { createHandler as createMail } from '../../functions/react/mailCustomerOnProgress/handler.ts';
import { createHandler as createMoveStock } from '../../functions/react/moveStockOnRequest/handler.ts';
import { handles as stockHandles } from '../../functions/react/moveStockOnRequest/stockRequest.ts';
import {
  createHandler as createSendParcel,
  handles as shipmentHandles,
} from '../../functions/react/sendParcelOnRequest/handler.ts';
import {
  createHandler as createSettle,
  handles as paymentHandles,
} from '../../functions/react/settlePaymentOnRequest/handler.ts';
import {
  createHandler as createTimeOut,
  handles as deadlineHandles,
} from '../../functions/react/timeOutPaymentOnRequest/handler.ts';
import {
  createHandler as createUpdate,
  handles as orderHandles,
} from '../../functions/react/updateOrderOnRequest/handler.ts';
import type { ConsumerOptions, Handler } from '../../shared/broker/consumer.ts';
import type { consumers } from '../../shared/broker/topology.ts';
import { projectOrder } from '../../shared/readModels/orderView.ts';
import { projectStock } from '../../shared/readModels/stockView.ts';
import type { StoredEvent } from '../../shared/store/eventStore.ts';

export type ConsumerKey = keyof typeof consumers;

/** What some handler needs, by the names that they have for it. */
type Deps = Parameters<typeof createAdvance>[0] &
  Parameters<typeof createMoveStock>[0] &
  Parameters<typeof createSettle>[0] &
  Parameters<typeof createTimeOut>[0] &
  Parameters<typeof createUpdate>[0] &
  Parameters<typeof createSendParcel>[0] &
  Parameters<typeof createMail>[0];

export const optionsOf: Partial<Record<ConsumerKey, ConsumerOptions>> = {
  inventory: { handles: stockHandles, maxConcurrent: 100 },
  payments: { handles: paymentHandles, isOutside: true },
  paymentDeadlines: { handles: deadlineHandles },
  orders: { handles: orderHandles },
  shipping: { handles: shipmentHandles, isOutside: true },
};

export function createHandlers(deps: Deps): Readonly<Record<ConsumerKey, Handler<never>>> {
  const handlers: Record<ConsumerKey, unknown> = {
    orderProcessing: createAdvance(deps),
    inventory: createMoveStock(deps),
    payments: createSettle(deps),
    paymentDeadlines: createTimeOut(deps),
    orders: createUpdate(deps),
    shipping: createSendParcel(deps),
    notifications: createMail(deps),
    orderView: async (view: never, event: StoredEvent) => projectOrder(view, event),
    stockView: async (view: never, event: StoredEvent) => projectStock(view, event),
  };
  return handlers as Record<ConsumerKey, Handler<never>>;
}
