import { consumers } from '../../../shared/broker/topology.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { wireConsumer } from '../../wiring/consumer.ts';
import { storeFor } from '../../wiring/store.ts';
import { createHandler, handles } from './handler.ts';

export const handler = wireConsumer(
  { topology: consumers.inventory, service: 'moveStockOnRequest', handles },
  createHandler({ store: storeFor('moveStockOnRequest'), clock: systemClock }),
);
