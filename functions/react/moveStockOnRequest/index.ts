import { consumers } from '../../../shared/broker/topology.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { loggerFor } from '../../wiring/config.ts';
import { wireConsumer } from '../../wiring/consumer.ts';
import { snapshots } from '../../wiring/snapshots.ts';
import { storeFor } from '../../wiring/store.ts';
import { createHandler } from './handler.ts';
import { handles } from './stockRequest.ts';

export const handler = wireConsumer(
  { topology: consumers.inventory, service: 'moveStockOnRequest', handles, maxConcurrent: 100 },
  createHandler({
    snapshots,
    store: storeFor('moveStockOnRequest'),
    clock: systemClock,
    logger: loggerFor('moveStockOnRequest'),
  }),
);
