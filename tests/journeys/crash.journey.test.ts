import { afterAll, beforeAll, test } from '@jest/globals';
import { startBroker } from '../../infra/local/broker/startBroker.ts';
import { startCarrier } from '../../infra/local/carrier/startCarrier.ts';
import { startDynamo } from '../../infra/local/dynamo/startDynamo.ts';
import { startEventStore } from '../../infra/local/eventStore/startEventStore.ts';
import { startIssuer } from '../../infra/local/issuer/startIssuer.ts';
import { startMail } from '../../infra/local/mail/startMail.ts';
import { startPaymentGateway } from '../../infra/local/payments/startPaymentGateway.ts';
import type { RunningServer } from '../../infra/local/program.ts';
import { createApiOf } from './api.ts';
import { createInsight, type Insight } from './insight.ts';
import { type NpmStart, npmStart } from './npmStart.ts';
import { expectProof } from './proof.ts';
import { expectEnds, fillShelves, placeOrders, plans } from './twoHundredOrders.ts';

let servers: Readonly<
  Record<'eventStore' | 'broker' | 'dynamo' | 'payments' | 'shipping' | 'mail' | 'issuer', RunningServer>
>;
let insight: Insight;
let system: NpmStart;

/** The servers stay up; what is killed is everything of Waybill's own. */
const addressesOf = (of: typeof servers): Record<string, string> => ({
  EVENTSTORE_URL: of.eventStore.url,
  RABBITMQ_URL: of.broker.url,
  DYNAMODB_ENDPOINT: of.dynamo.url,
  PAYMENTS_URL: of.payments.url,
  SHIPPING_URL: of.shipping.url,
  SES_ENDPOINT: of.mail.url,
  JWT_ISSUER: of.issuer.url,
});

beforeAll(async () => {
  const [eventStore, broker, dynamo, payments, shipping, mail, issuer] = await Promise.all([
    startEventStore(),
    startBroker(),
    startDynamo(),
    startPaymentGateway(),
    startCarrier(),
    startMail(),
    startIssuer(),
  ]);
  servers = { eventStore, broker, dynamo, payments, shipping, mail, issuer };
  system = await npmStart(addressesOf(servers));
  const addresses = {
    eventStore: eventStore.url,
    broker: broker.url,
    dynamo: dynamo.url,
    payments: payments.url,
    shipping: shipping.url,
    mail: mail.url,
    issuer: issuer.url,
  };
  insight = createInsight({ addresses, tablePrefix: 'waybill-local' });
}, 60_000);

afterAll(async () => {
  await insight?.close();
  await system?.stop();
  await Promise.all(Object.values(servers ?? {}).map((server) => server.stop()));
}, 30_000);

const api = createApiOf(() => system.url);
const untilCompleted = (share: number) => insight.untilCompleted(Math.floor(plans.length * share), 90_000);

test('kill -9 of relay, event source, functions and npm start itself, amid 200 orders: nothing lost, nothing doubled', async () => {
  await fillShelves(api);
  const placing = placeOrders(api, 8);

  await untilCompleted(0.1);
  await system.kill('relay');
  await system.line(/relay: running again/);

  await untilCompleted(0.3);
  await system.kill('event source');
  await system.line(/event source: running again/);

  await untilCompleted(0.5);
  await system.kill();
  system = await npmStart(addressesOf(servers));

  await untilCompleted(0.7);
  await system.kill('functions');
  await system.line(/functions: running again/);

  const placed = await placing;
  await untilCompleted(1);
  await expectProof(insight, 'after a crash');
  await expectEnds(api, placed);
}, 240_000);
