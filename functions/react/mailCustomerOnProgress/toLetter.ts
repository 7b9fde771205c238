import type { OrderEvent, OrderLine } from '../../../shared/domain/orders/index.ts';

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

const toList = (lines: readonly OrderLine[]): string =>
  lines.map(({ quantity, name }) => `  ${quantity} x ${name}`).join('\n');

const givenBack = 'Nothing was charged: whatever was held on your account is being given back.';

/** What the customer is told of an order's event; undefined: nothing. */
export function toLetter(event: OrderEvent, lines: readonly OrderLine[]): Letter | undefined {
  const list = toList(lines);
  switch (event.type) {
    case 'OrderConfirmed':
      return { subject: 'Your order is confirmed', text: `We will send you:\n\n${list}\n` };
    case 'OrderShipped':
      return {
        subject: 'Your order is on its way',
        text: `This has left our warehouse:\n\n${list}\n\nTracking number: ${event.data.trackingNumber}\n`,
      };
    case 'OrderRejected': {
      const reason = reasons[event.data.reason] ?? 'something went wrong on our side';
      return {
        subject: 'We could not take your order',
        text: `We are sorry: ${reason}.\n\n${list}\n\n${givenBack}\n`,
      };
    }
    case 'OrderCancelled':
      return {
        subject: 'Your order is cancelled',
        text: `As you asked, we will not send you:\n\n${list}\n\n${givenBack}\n`,
      };
    case 'OrderCreated':
    case 'OrderReleased':
      return undefined;
  }
  return undefined;
}
