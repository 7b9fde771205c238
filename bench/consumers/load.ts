import { randomUUID } from 'node:crypto';
import type { OutgoingMessage } from '../../shared/broker/publisher.ts';
import type { EventId } from '../../shared/kernel/ids.ts';
import { toMessage } from '../../shared/relay/toMessage.ts';

const data = (orderId: string) =>
  [
    {
      type: 'OrderCreated',
      data: {
        orderId,
        customerId: 'c-1',
        recipient: 'v1.bench.AAAAAAAAAAAAAAAA.AAAA',
        lines: [{ sku: 'mug', name: 'Mug', quantity: 2, unitPriceMinor: 1250 }],
        totalMinor: 2500,
        currency: 'EUR',
      },
    },
    { type: 'OrderConfirmed', data: { orderId } },
    { type: 'OrderReleased', data: { orderId } },
    { type: 'OrderShipped', data: { orderId, trackingNumber: 'WB-1' } },
  ] as const;

/** Messages as the relay publishes them: of so many new orders, so many events of each one after another. */
export function makeMessages(orders: number, eventsOfEach: number): readonly OutgoingMessage[] {
  return Array.from({ length: orders }, () => {
    const orderId = randomUUID();
    return data(orderId)
      .slice(0, eventsOfEach)
      .map((event, n) =>
        toMessage(
          {
            ...event,
            id: randomUUID() as EventId,
            stream: `order-${orderId}`,
            revision: BigInt(n),
            metadata: {
              correlationId: randomUUID(),
              causationId: randomUUID(),
              schemaVersion: 1,
              occurredAt: '2026-11-23T10:00:00.000Z',
              actor: 'bench',
            },
          },
          { commit: 1n, prepare: 1n },
        ),
      );
  }).flat();
}
