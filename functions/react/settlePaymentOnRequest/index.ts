import { consumers } from '../../../shared/broker/topology.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { wireConsumer } from '../../wiring/consumer.ts';
import { payments } from '../../wiring/payments.ts';
import { storeFor } from '../../wiring/store.ts';
import { createHandler } from './handler.ts';

export const handler = wireConsumer(
  { topology: consumers.payments, service: 'settlePaymentOnRequest' },
  createHandler({ payments, store: storeFor('settlePaymentOnRequest'), clock: systemClock }),
);
