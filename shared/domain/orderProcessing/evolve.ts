import type { FulfilmentEvent, FulfilmentRequest } from './events.ts';
import { evolveFact } from './evolveFact.ts';
import { evolveRequest } from './evolveRequest.ts';
import type { Fulfilment } from './state.ts';

const isRequest = (event: FulfilmentEvent): event is FulfilmentRequest => event.type.endsWith('Requested');

/** Answers the very same state for what is late, repeated or impossible. */
export function evolve(fulfilment: Fulfilment, event: FulfilmentEvent): Fulfilment {
  if (event.type === 'FulfilmentStarted') {
    if (fulfilment.status !== 'none') return fulfilment;
    const { lines, ...order } = event.data;
    return {
      status: 'active',
      ...order,
      goal: { kind: 'ship' },
      lines: lines.map((line) => ({ ...line, status: 'open' })),
      payment: 'open',
      order: 'created',
      shipment: 'open',
      trackingNumber: '',
    };
  }
  if (fulfilment.status !== 'active') return fulfilment;
  if (event.type === 'FulfilmentCompleted') return { status: 'completed' };
  return isRequest(event) ? evolveRequest(fulfilment, event) : evolveFact(fulfilment, event);
}
