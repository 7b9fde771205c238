import { consumers } from '../../../shared/broker/topology.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { wireConsumer } from '../../wiring/consumer.ts';
import { sendParcel } from '../../wiring/parcels.ts';
import { storeFor } from '../../wiring/store.ts';
import { createHandler } from './handler.ts';

export const handler = wireConsumer(
  { topology: consumers.shipping, service: 'sendParcelOnRequest' },
  createHandler({ sendParcel, store: storeFor('sendParcelOnRequest'), clock: systemClock }),
);
