import { type FulfilmentEvent, fulfilmentEvents } from '../../../shared/domain/orderProcessing/index.ts';
import {
  type Payment,
  type PaymentCommand,
  paymentDecider,
  paymentStream,
} from '../../../shared/domain/payments/index.ts';
import type { PaymentGateway } from '../../../shared/effects/payments.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { accepted } from '../../../shared/kernel/decision.ts';
import { paymentAggregate } from '../../../shared/store/aggregates.ts';
import { toCause, toDomainEvent } from '../../../shared/store/codec.ts';
import type { EventStore, StoredEvent } from '../../../shared/store/eventStore.ts';
import { decideAndAppend } from '../../../shared/store/handleCommand.ts';

interface Deps {
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly payments: PaymentGateway;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
}

/** Events that are acted on; others are passed over. */
export const handles = ['PaymentAuthorizationRequested', 'PaymentCaptureRequested', 'PaymentVoidRequested'] as const;

type PaymentRequest = Extract<FulfilmentEvent, { type: (typeof handles)[number] }>;

const isPaymentRequest = (event: FulfilmentEvent): event is PaymentRequest =>
  handles.some((type) => type === event.type);

/**
 * Asks the provider, unless its answer is recorded already; undefined: nothing to ask. `key` is the asking event's id,
 * so a crash between asking and recording asks the same again and gets the same answer.
 */
async function ask(
  gateway: PaymentGateway,
  { id: key, metadata }: StoredEvent,
  request: PaymentRequest,
  payment: Payment,
): Promise<PaymentCommand | undefined> {
  switch (request.type) {
    case 'PaymentAuthorizationRequested': {
      if (payment.status !== 'none') return undefined;
      const answer = await gateway.authorize({ key, askedAt: new Date(metadata.occurredAt), ...request.data });
      return answer.status === 'approved'
        ? { type: 'RecordAuthorization', ...request.data, authorizationId: answer.authorizationId }
        : { type: 'RecordDecline', ...request.data, reason: answer.reason };
    }
    case 'PaymentCaptureRequested':
      if (payment.status === 'authorized') await gateway.capture({ key, authorizationId: payment.authorizationId });
      return { type: 'RecordCapture' };
    case 'PaymentVoidRequested':
      if (payment.status === 'authorized') await gateway.void({ key, authorizationId: payment.authorizationId });
      return { type: 'RecordVoid' };
  }
}

/** Moves an order's money as its process manager asks, and records what the provider answered. */
export const createHandler =
  ({ store, payments, clock }: Deps) =>
  async (_: undefined, stored: StoredEvent): Promise<undefined> => {
    const request = toDomainEvent<FulfilmentEvent>(fulfilmentEvents, stored);
    if (!request || !isPaymentRequest(request)) return;
    const stream = paymentStream(request.data.orderId);
    // What was asked and what is recorded follow from the same read: who reads too little loses the append, and asks again.
    const result = await decideAndAppend(
      { store, clock },
      paymentAggregate,
      stream,
      async ({ state }) => {
        const command = await ask(payments, stored, request, state);
        return command ? paymentDecider.decide(command, state) : accepted();
      },
      toCause(stored, 'payments'),
    );
    // The process manager asks only for what its payment allows: anything else is a mistake of ours, not the customer's.
    if (result.outcome === 'rejected')
      throw new Error(`${request.type} on ${stream}: ${JSON.stringify(result.rejection)}`);
  };
