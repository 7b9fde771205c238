import { stockCategory, stockEvents } from '../../shared/domain/inventory/index.ts';
import { fulfilmentCategory, fulfilmentEvents } from '../../shared/domain/orderProcessing/index.ts';
import { orderCategory, orderEvents } from '../../shared/domain/orders/index.ts';
import { paymentCategory, paymentEvents } from '../../shared/domain/payments/index.ts';
import { shipmentCategory, shipmentEvents } from '../../shared/domain/shipping/index.ts';
import type { EventDefinitions } from '../../shared/kernel/event.ts';

/** Every event type of the system, by the category of the streams it stands in. */
export const eventsByCategory: Readonly<Record<string, EventDefinitions>> = {
  [orderCategory]: orderEvents,
  [fulfilmentCategory]: fulfilmentEvents,
  [stockCategory]: stockEvents,
  [paymentCategory]: paymentEvents,
  [shipmentCategory]: shipmentEvents,
};

/** The same without categories. */
export const allEvents: EventDefinitions = Object.assign({}, ...Object.values(eventsByCategory));
