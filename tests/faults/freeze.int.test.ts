/**
 * What a Lambda environment meets when it wakes after minutes: sockets that look open, whose other end has long given up.
 * Each client is used, frozen by moving its clock on, and used again over a wire on which the old connection is dead.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startBroker } from '../../infra/local/broker/startBroker.ts';
import { startCarrier } from '../../infra/local/carrier/startCarrier.ts';
import { createTables } from '../../infra/local/dynamo/createTables.ts';
import { startDynamo } from '../../infra/local/dynamo/startDynamo.ts';
import { startEventStore } from '../../infra/local/eventStore/startEventStore.ts';
import { listen } from '../../infra/local/listen.ts';
import { startPaymentGateway } from '../../infra/local/payments/startPaymentGateway.ts';
import { createAmqpPublisher } from '../../shared/broker/amqpPublisher.ts';
import { createAwsSecrets } from '../../shared/config/awsSecrets.ts';
import { createDynamoClient } from '../../shared/config/dynamoClient.ts';
import { createHttpParcels } from '../../shared/effects/httpParcels.ts';
import { createHttpPayments } from '../../shared/effects/httpPayments.ts';
import { createStripePayments } from '../../shared/effects/stripePayments.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { type Freezes, watchFreezes } from '../../shared/kernel/freezes.ts';
import { lazyConnection } from '../../shared/kernel/lazyConnection.ts';
import { closeEsdbClient, openEsdbClient } from '../../shared/store/esdbClient.ts';
import { createEsdbEventStore } from '../../shared/store/esdbEventStore.ts';
import { newEvent } from '../../shared/testing/builders.ts';
import { recipient } from '../../shared/testing/personal.ts';
import '../setup/localDynamo.ts';
import { startLocalSecrets } from '../setup/localSecrets.ts';
import { startTcpProxy, type TcpProxy } from './tcpProxy.ts';

/** Far below every time-out of a client that waits for a dead socket. */
const soonMs = 1_500;

let wallMs = 0;
let freezes: Freezes;
let proxy: TcpProxy;
const ends: (() => Promise<unknown> | unknown)[] = [];

beforeEach(() => {
  wallMs = Date.parse('2026-11-23T10:00:00.000Z');
  // The monotonic clock of a frozen machine may stand still: only the wall clock moves here.
  freezes = watchFreezes({ now: () => new Date(wallMs), elapsedMs: () => 0 }, () => undefined);
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const freezeFor = (ms: number): void => {
  wallMs += ms;
  proxy.strand();
};

async function wireTo(url: string): Promise<string> {
  const target = new URL(url.replace(/^\w+:/, 'http:'));
  proxy = await startTcpProxy({ host: target.hostname, port: Number(target.port) });
  ends.push(() => proxy.stop());
  return url.replace(target.host, `127.0.0.1:${proxy.port}`);
}

/** What it comes to, or `late` when that takes too long. */
const soon = (work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work, new Promise((resolve) => setTimeout(() => resolve('late'), soonMs))]);

describe('after a freeze', () => {
  const cases: Readonly<Record<string, () => Promise<() => Promise<unknown>>>> = {
    async 'the event store'() {
      const server = await startEventStore();
      ends.push(() => server.stop());
      const url = await wireTo(server.url);
      const clients = lazyConnection({ open: async () => openEsdbClient(url), close: closeEsdbClient, freezes });
      ends.push(() => clients.close());
      const store = createEsdbEventStore(clients, 3_000);
      let revision = -1n;
      return async () => {
        const written = await store.append(
          'order-1',
          [newEvent('order-1', { revision: String(revision) })],
          revision === -1n ? 'no-stream' : revision,
        );
        revision += 1n;
        return written;
      };
    },
    async 'the broker'() {
      const server = await startBroker();
      ends.push(() => server.stop());
      const url = await wireTo(server.url);
      const publisher = createAmqpPublisher(async () => url, 'freeze', freezes);
      ends.push(() => publisher.close());
      const direct = createAmqpPublisher(server.url, 'queue');
      ends.push(() => direct.close());
      const { connect } = await import('amqplib');
      const model = await connect(server.url);
      await (await model.createChannel()).assertQueue('q');
      ends.push(() => model.close());
      const message = { exchange: '', routingKey: 'q', type: 'x', headers: {}, body: Buffer.from('{}') };
      let n = 0;
      return async () => {
        n += 1;
        await publisher.publish({ ...message, messageId: `m-${n}`, timestamp: new Date(0) });
        return 'published';
      };
    },
    async 'the tables'() {
      const server = await startDynamo();
      ends.push(() => server.stop());
      await createTables(server.url, 'test');
      const client = createDynamoClient({ endpoint: await wireTo(server.url), freezes });
      ends.push(() => client.destroy());
      return async () => client.send(new GetCommand({ TableName: 'test-relay', Key: { pk: 'x' } }));
    },
    async 'the secrets'() {
      const names = ['a', 'b', 'c'];
      const server = await startLocalSecrets(Object.fromEntries(names.map((name) => [name, 'text'])));
      ends.push(() => server.stop());
      const readSecret = createAwsSecrets({ endpoint: await wireTo(server.url), freezes });
      return () => readSecret(names.shift() ?? '');
    },
  };

  test.each(Object.entries(cases))('%s is reached over a new connection, at once', async (_, make) => {
    const use = await make();
    expect(await soon(use())).not.toBe('late');
    freezeFor(60_000);
    expect(await soon(use())).not.toBe('late');
    expect(await soon(use())).not.toBe('late');
  });

  test.each(Object.entries(cases))('%s would not answer over the old one', async (_, make) => {
    const use = await make();
    expect(await soon(use())).not.toBe('late');
    // The same dead wire, and nobody noticed that time has passed.
    proxy.strand();
    const waiting = use().catch((error: unknown) => error);
    expect(await soon(waiting)).toBe('late');
    proxy.cut();
    await waiting;
  });
});

// Nothing is kept that could be dead, so nobody has to notice.
describe('providers are reached over a connection of their own each time:', () => {
  const { name, address } = recipient;
  const authorization = { askedAt: new Date(), orderId: 'order', amountMinor: 100, currency: 'EUR' };
  const cases: Readonly<Record<string, () => Promise<(key: string) => Promise<unknown>>>> = {
    async 'the carrier'() {
      const server = await startCarrier();
      ends.push(() => server.stop());
      const sendParcel = createHttpParcels(await wireTo(server.url));
      const parcel = { orderId: 'order', recipient: { name, address }, lines: [{ sku: 'mug', quantity: 1 }] };
      return (key) => sendParcel({ key, ...parcel });
    },
    async 'the payment gateway'() {
      const server = await startPaymentGateway();
      ends.push(() => server.stop());
      const payments = createHttpPayments(await wireTo(server.url));
      return (key) => payments.authorize({ key, ...authorization });
    },
    async Stripe() {
      const answer = readFileSync('shared/effects/stripeAnswers/authorised.json', 'utf8');
      const stripe = createServer((request, response) => {
        request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(answer));
      });
      const server = await listen(stripe, 0);
      ends.push(() => server.stop());
      const baseUrl = await wireTo(server.url);
      const options = { apiKey: 'sk_test_key', paymentMethod: 'pm_card_visa', clock: systemClock };
      const payments = createStripePayments({ ...options, baseUrl });
      return (key) => payments.authorize({ key, ...authorization });
    },
  };

  test.each(Object.entries(cases))('%s', async (_, make) => {
    const use = await make();
    for (const key of ['key-1', 'key-2', 'key-3']) expect(await soon(use(key))).not.toBe('late');
    proxy.strand();
    expect(await soon(use('key-4'))).not.toBe('late');
  });
});
