import { consumers } from '../../../shared/broker/topology.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { wireConsumer } from '../../wiring/consumer.ts';
import { paymentsFor } from '../../wiring/payments.ts';
import { storeFor } from '../../wiring/store.ts';
import { createHandler, handles } from './handler.ts';

const service = 'settlePaymentOnRequest';

/** A provider answers within 2 s or not at all; who is asked for the first time waits 1 s, so that others need not. */
export const handler = wireConsumer(
  { topology: consumers.payments, service, handles, isOutside: true, timeLimitMs: 8_000, patienceMs: 1_000 },
  createHandler({ payments: paymentsFor(service), store: storeFor(service), clock: systemClock }),
);
