import { consumers } from '../../../shared/broker/topology.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { wireConsumer } from '../../wiring/consumer.ts';
import { storeFor } from '../../wiring/store.ts';
import { createHandler } from './handler.ts';
import { handles } from './stockRequest.ts';

export const handler = wireConsumer(
  { topology: consumers.inventory, service: 'moveStockOnRequest', handles, maxConcurrent: 100 },
  createHandler({ store: storeFor('moveStockOnRequest'), clock: systemClock }),
);
