import { consumers } from '../../shared/broker/topology.ts';
import type { FulfilmentRequest } from '../../shared/domain/orderProcessing/index.ts';

type Request = FulfilmentRequest['type'];
type RequestOf<Prefix extends string> = Extract<Request, `${Prefix}${string}`>;

const inventory: Readonly<Record<RequestOf<'Stock'>, string>> = {
  StockReservationRequested: 'the stock is never reserved: the order goes no further',
  StockReleaseRequested: 'the stock stays reserved for this order: nobody else can buy it',
  StockDispatchRequested: 'the stock is never taken off the shelf: it stays reserved though the parcel has left',
};
const payments: Readonly<Record<RequestOf<'Payment'>, string>> = {
  PaymentAuthorizationRequested: 'the customer is never charged: the order is given up when the payment’s time is over',
  PaymentCaptureRequested: 'the money is never taken: the parcel has left, and nobody is paid',
  PaymentVoidRequested: 'the money is never given back: it stays held on the customer’s account',
};
const orders: Readonly<Record<RequestOf<'Order'>, string>> = {
  OrderConfirmationRequested: 'the order is never confirmed: it goes no further, its money held, its stock reserved',
  OrderReleaseRequested: 'the order is never released: no parcel is sent, its money stays held, its stock reserved',
  OrderRejectionRequested: 'the order is never rejected: it stays open, and its customer is told of no end',
  OrderShippingRequested: 'the order never shows as shipped: its customer is not told that the parcel has left',
};
const shipping: Readonly<Record<RequestOf<'Shipment'>, string>> = {
  ShipmentRequested:
    'the parcel of this order is never sent: the order stays where it is, its money held, its stock reserved, and can’t be cancelled',
};

interface Loss {
  /** By the type of the event. */
  readonly ofType?: Readonly<Record<string, string>>;
  /** Of any other; without it, in general. */
  readonly ofOthers?: string;
  /** An order or its money stands still without it, and no list of this system shows that. */
  readonly isEffect: boolean;
}

const ofView = 'the view lacks this event: what it shows is not what happened';

/** What a consumer leaves undone for good when it is made to pass over an event. */
const losses: Readonly<Record<string, Loss>> = {
  [consumers.orderProcessing.name]: {
    ofType: { OrderCreated: 'this order never begins: nothing is reserved, paid or sent, and it stays created' },
    ofOthers: 'the order hears nothing of it: its process is never told, and what follows from it is not done',
    isEffect: true,
  },
  [consumers.inventory.name]: { ofType: inventory, isEffect: true },
  [consumers.payments.name]: { ofType: payments, isEffect: true },
  [consumers.paymentDeadlines.name]: {
    ofType: { PaymentAuthorizationRequested: 'nobody gives this order up: it waits for its payment’s answer for ever' },
    isEffect: true,
  },
  [consumers.orders.name]: { ofType: orders, isEffect: true },
  [consumers.shipping.name]: { ofType: shipping, isEffect: true },
  [consumers.notifications.name]: {
    ofOthers: 'the customer is not told: the mail about it is never sent',
    isEffect: false,
  },
  [consumers.orderView.name]: { ofOthers: ofView, isEffect: false },
  [consumers.stockView.name]: { ofOthers: ofView, isEffect: false },
};

const own = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** What will never happen now that `consumer` passes over an event of this type; undefined: one of an unknown type. */
export function toLoss(consumer: string, type: string | undefined): string {
  const { ofType = {}, ofOthers } = own(losses, consumer) ?? {};
  const ofThis = type === undefined ? undefined : own(ofType, type);
  return ofThis ?? ofOthers ?? `whatever ${consumer} does about ${type ?? 'its event'} is not done for this one`;
}

/** Of a message that stands for no stream: discarding it moves no stream on. */
const isOfMessages = (cause: string): boolean => /^\w+ message$/.test(cause);

/** Whether discarding all of these leaves an order or its money where it is; one of a consumer that is new here does. */
export const holdsEffects = (causes: readonly { readonly consumer: string; readonly cause: string }[]): boolean =>
  causes.some(({ consumer, cause }) => !isOfMessages(cause) && (own(losses, consumer)?.isEffect ?? true));
