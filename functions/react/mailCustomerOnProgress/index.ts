import { consumers } from '../../../shared/broker/topology.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { wireConsumer } from '../../wiring/consumer.ts';
import { mailClaims, sendMail } from '../../wiring/mail.ts';
import { personal } from '../../wiring/personal.ts';
import { storeFor } from '../../wiring/store.ts';
import { createHandler } from './handler.ts';

export const handler = wireConsumer(
  { topology: consumers.notifications, service: 'mailCustomerOnProgress' },
  createHandler({
    sendMail,
    personal,
    claims: mailClaims,
    store: storeFor('mailCustomerOnProgress'),
    clock: systemClock,
  }),
);
