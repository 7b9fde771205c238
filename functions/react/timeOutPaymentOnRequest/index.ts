import { consumers } from '../../../shared/broker/topology.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { paymentTimeoutMs } from '../../wiring/config.ts';
import { wireConsumer } from '../../wiring/consumer.ts';
import { storeFor } from '../../wiring/store.ts';
import { createHandler, handles } from './handler.ts';

export const handler = wireConsumer(
  { topology: consumers.paymentDeadlines, service: 'timeOutPaymentOnRequest', handles },
  createHandler({
    store: storeFor('timeOutPaymentOnRequest'),
    clock: systemClock,
    timeoutMs: paymentTimeoutMs(),
  }),
);
