import { consumers } from '../../../shared/broker/topology.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { wireConsumer } from '../../wiring/consumer.ts';
import { sendParcel } from '../../wiring/parcels.ts';
import { personal } from '../../wiring/personal.ts';
import { storeFor } from '../../wiring/store.ts';
import { createHandler, handles } from './handler.ts';

export const handler = wireConsumer(
  { topology: consumers.shipping, service: 'sendParcelOnRequest', handles, isOutside: true },
  createHandler({ sendParcel, personal, store: storeFor('sendParcelOnRequest'), clock: systemClock }),
);
