import { consumers } from '../../../shared/broker/topology.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { wireConsumer } from '../../wiring/consumer.ts';
import { paymentsFor } from '../../wiring/payments.ts';
import { storeFor } from '../../wiring/store.ts';
import { createHandler, handles } from './handler.ts';

const service = 'settlePaymentOnRequest';

/**
 * A provider that is well answers within 2 s. One that does not is not waited for longer on the first attempt, so that others
 * need not wait either: later ones are in a lane of their own, where it has its whole time.
 */
export const handler = wireConsumer(
  { topology: consumers.payments, service, handles, isOutside: true, timeLimitMs: 8_000, patienceMs: 2_500 },
  createHandler({ payments: paymentsFor(service), store: storeFor(service), clock: systemClock }),
);
