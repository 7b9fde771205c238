import {
  receiptDecider,
  receiptSnapshot,
  stockDecider,
  stockEvents,
  stockSnapshot,
} from '../domain/inventory/index.ts';
import { fulfilmentDecider, fulfilmentEvents } from '../domain/orderProcessing/index.ts';
import { orderDecider, orderEvents } from '../domain/orders/index.ts';
import { paymentDecider, paymentEvents } from '../domain/payments/index.ts';
import { shipmentDecider, shipmentEvents } from '../domain/shipping/index.ts';

/** Each context's rules with the schemas of its events: all that `handleCommand` needs to know of it. */
export const orderAggregate = { decider: orderDecider, events: orderEvents } as const;
export const fulfilmentAggregate = { decider: fulfilmentDecider, events: fulfilmentEvents } as const;
export const stockAggregate = { decider: stockDecider, events: stockEvents, snapshot: stockSnapshot } as const;
/** Another state of the stock's stream. */
export const receiptAggregate = { decider: receiptDecider, events: stockEvents, snapshot: receiptSnapshot } as const;
export const paymentAggregate = { decider: paymentDecider, events: paymentEvents } as const;
export const shipmentAggregate = { decider: shipmentDecider, events: shipmentEvents } as const;
