import { consumers } from '../../../shared/broker/topology.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { loggerFor } from '../../wiring/config.ts';
import { wireConsumer } from '../../wiring/consumer.ts';
import { storeFor } from '../../wiring/store.ts';
import { createHandler, handles } from './handler.ts';

export const handler = wireConsumer(
  { topology: consumers.orders, service: 'updateOrderOnRequest', handles },
  createHandler({
    logger: loggerFor('updateOrderOnRequest'),
    store: storeFor('updateOrderOnRequest'),
    clock: systemClock,
  }),
);
