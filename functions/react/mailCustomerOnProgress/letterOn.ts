import type { OrderEvent, OrderLine } from '../../../shared/domain/orders/index.ts';
import { toAmount } from '../../../shared/kernel/money.ts';

interface Letter {
  readonly subject: string;
  readonly text: string;
}

/** What a customer reads of a reason; one that is not known yet is told in general. */
const reasons: Readonly<Record<string, string>> = {
  'out-of-stock': 'not everything you ordered is in stock',
  'payment-declined': 'your payment was declined',
  'payment-timeout': 'your payment was not answered in time',
  'shipping-failed': 'our carrier could not take the parcel',
};

/** What a letter tells of the order itself; nothing of its recipient. */
interface Ordered {
  readonly orderId: string;
  readonly lines: readonly OrderLine[];
  readonly totalMinor: number;
  readonly currency: string;
}

const givenBack = 'Nothing was charged: whatever was held on your account is being given back.';

/** Paragraphs, the order's number last. */
const toLetter = (subject: string, { orderId }: Ordered, ...paragraphs: readonly string[]): Letter => ({
  subject,
  text: `${[...paragraphs, `Order ${orderId}`].join('\n\n')}\n`,
});

const toList = ({ lines }: Ordered): string => lines.map(({ quantity, name }) => `  ${quantity} x ${name}`).join('\n');

const toTotal = ({ totalMinor, currency }: Ordered): string => `Total: ${toAmount(totalMinor, currency)}`;

/** What the customer is told of an order's event; undefined: nothing. */
export function letterOn(event: OrderEvent): ((order: Ordered) => Letter) | undefined {
  switch (event.type) {
    case 'OrderConfirmed':
      return (order) => toLetter('Your order is confirmed', order, 'We will send you:', toList(order), toTotal(order));
    case 'OrderShipped':
      return (order) =>
        toLetter(
          'Your order is on its way',
          order,
          'This has left our warehouse:',
          toList(order),
          `Tracking number: ${event.data.trackingNumber}`,
        );
    case 'OrderRejected': {
      const reason = reasons[event.data.reason] ?? 'something went wrong on our side';
      return (order) =>
        toLetter('We could not take your order', order, `We are sorry: ${reason}.`, toList(order), givenBack);
    }
    case 'OrderCancelled':
      return (order) =>
        toLetter('Your order is cancelled', order, 'As you asked, we will not send you:', toList(order), givenBack);
    case 'OrderCreated':
    case 'OrderReleased':
      return undefined;
  }
  return undefined;
}
