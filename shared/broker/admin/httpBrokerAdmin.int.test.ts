import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ConfirmChannel, connect } from 'amqplib';
import { wantedWith } from '../../testing/appliedBroker.ts';
import { consumers } from '../topology.ts';
import { describeBrokerAdmin } from './brokerAdmin.contract.ts';
import { createHttpBrokerAdmin } from './httpBrokerAdmin.ts';
import { createHttpManagement } from './httpManagement.ts';
import { diffTopology, reconcileTopology } from './reconcileTopology.ts';

/** A RabbitMQ whose management interface is on, both with an administrator's rights. */
const [amqpUrl, apiUrl] = [process.env['RABBITMQ_TEST_URL'], process.env['RABBITMQ_API_TEST_URL']];

const inVhost = (vhost: string): string => {
  const url = new URL(amqpUrl ?? 'amqp://127.0.0.1');
  url.pathname = vhost;
  return url.href;
};
const removeAll = async (vhost: string): Promise<void> => {
  const { call } = createHttpManagement(inVhost(vhost), apiUrl ?? '');
  await call('DELETE', `vhosts/${vhost}`);
  for (const user of ['contract-relay', 'contract-consumer', 'contract-operator'])
    await call('DELETE', `users/${user}`);
};

if (amqpUrl && apiUrl) {
  const vhost = `admin-contract-${randomUUID()}`;
  describeBrokerAdmin(
    'RabbitMQ',
    () => createHttpBrokerAdmin(inVhost(vhost), apiUrl, { countsMs: 6_000 }),
    async (keys) => {
      const model = await connect(inVhost(vhost));
      const channel = await model.createConfirmChannel();
      for (const key of keys) channel.publish('order-events', key, Buffer.from('{}'), { persistent: true });
      await channel.waitForConfirms();
      await model.close();
    },
    () => removeAll(vhost),
  );

  describe('RabbitMQ that takes no hashes, whose administrator was cut off', () => {
    const name = `admin-clear-${randomUUID()}`;
    const server = createServer(async (request, response) => {
      const body = (await Array.fromAsync(request)).join('');
      if (body.includes('password_hash')) return void response.writeHead(400).end('{"reason":"no hashes"}');
      const { method = 'GET', url = '' } = request;
      const headers = { authorization: String(request.headers.authorization), 'content-type': 'application/json' };
      const answer = await fetch(new URL(url, apiUrl), { method, headers, ...(body && { body }) });
      response.writeHead(answer.status).end(await answer.text());
    });
    afterAll(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await removeAll(name);
    });

    test('is brought to the topology all the same; the hashes that it makes itself are known again', async () => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const management = createHttpManagement(inVhost(name), apiUrl);
      await management.call('PUT', `vhosts/${name}`, {});
      await management.call('DELETE', `permissions/${name}/${management.user}`);
      const admin = createHttpBrokerAdmin(inVhost(name), `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      const { lines } = await reconcileTopology(admin, wantedWith(1), { deleteWithMessages: [] });
      expect(lines).toContain('~ user contract-relay: password, no tags');
      expect(await diffTopology(admin, wantedWith(1), { deleteWithMessages: [] })).toMatchObject({
        lines: [],
        drift: 0,
      });
      const url = new URL(inVhost(name));
      url.username = 'contract-relay';
      url.password = encodeURIComponent('not a secret, 1');
      const model = await connect(url.href);
      await model.close();
    });
  });

  describe('RabbitMQ: fewer partitions while messages wait', () => {
    const name = `admin-moves-${randomUUID()}`;
    const told = { deleteWithMessages: [] };

    test('what waits in a retired queue goes round again and is read from the ones that stay', async () => {
      const admin = createHttpBrokerAdmin(inVhost(name), apiUrl);
      await reconcileTopology(admin, wantedWith(4), told);
      const model = await connect(inVhost(name));
      const channel = await model.createConfirmChannel();
      const headers = { stream: 'fulfilment-1', revision: '7' };
      for (let n = 0; n < 250; n += 1) {
        channel.publish('', 'payments.3', Buffer.from(`{"n":${n}}`), {
          persistent: true,
          messageId: `m-${n}`,
          headers,
        });
      }
      await channel.waitForConfirms();
      expect(await admin.readDepth('payments.3')).toEqual({ messages: 250, consumers: 0 });

      const { lines } = await reconcileTopology(admin, wantedWith(1), told);
      expect(lines).toContain('- queue payments.3: its 250 messages go round again');
      expect(await admin.readDepth('payments.3')).toBeUndefined();

      const seen = new Set<string>();
      await new Promise<void>((resolve, reject) => {
        channel
          .consume(`${consumers.payments.name}.0`, (message) => {
            if (!message) return;
            expect(message.properties.headers).toMatchObject(headers);
            seen.add(String(message.properties.messageId));
            channel.ack(message);
            if (seen.size === 250) resolve();
          })
          .catch(reject);
      });
      await model.close();
      await removeAll(name);
    });
  });

  describe('RabbitMQ: what each user may do', () => {
    const name = `admin-users-${randomUUID()}`;
    const asUser = (username: string, password: string): string => {
      const url = new URL(inVhost(name));
      url.username = username;
      url.password = encodeURIComponent(password);
      return url.href;
    };
    /** Undefined when it may; the broker's code when it may not. */
    const attempt = async (url: string, use: (channel: ConfirmChannel) => Promise<unknown>): Promise<unknown> => {
      const model = await connect(url);
      const channel = await model.createConfirmChannel();
      const ended = new Promise((resolve) => channel.once('error', (error: { code: number }) => resolve(error.code)));
      const done = use(channel).then(
        () => undefined,
        () => ended,
      );
      return done.finally(() => model.close());
    };
    const publish = (exchange: string, key: string) => (channel: ConfirmChannel) => {
      channel.publish(exchange, key, Buffer.from('{}'));
      return channel.waitForConfirms();
    };
    const { relay, consumer } = wantedWith(1).credentials;
    const relayUrl = asUser(relay?.username ?? '', relay?.password ?? '');
    const consumerUrl = asUser(consumer?.username ?? '', consumer?.password ?? '');

    beforeAll(async () => {
      const admin = createHttpBrokerAdmin(inVhost(name), apiUrl);
      await reconcileTopology(admin, wantedWith(1), { deleteWithMessages: [] });
    });
    afterAll(() => removeAll(name));

    test.each([
      ['publish an event', undefined, publish('order-events', 'order.OrderCreated.00')],
      ['publish a retry', 403, publish('retries', 'payments.1000.00')],
      ['publish to a queue by name', 403, publish('', 'payments.0')],
      ['read a queue', 403, (channel: ConfirmChannel) => channel.get('payments.0')],
      ['declare a queue', 403, (channel: ConfirmChannel) => channel.assertQueue('mine')],
      ['see how deep a queue is', undefined, (channel: ConfirmChannel) => channel.checkQueue('unrouted')],
    ])('relay: %s', async (_, code, use) => {
      expect(await attempt(relayUrl, use)).toBe(code);
    });

    test.each([
      ['read a partition', undefined, (channel: ConfirmChannel) => channel.consume('payments.0', () => undefined)],
      ['read dead letters', 403, (channel: ConfirmChannel) => channel.get('payments-dlq')],
      ['publish a retry', undefined, publish('retries', 'payments.1000.00')],
      ['publish a dead letter', undefined, publish('', 'payments-dlq')],
      ['publish an event', 403, publish('order-events', 'order.OrderCreated.00')],
      ['delete a queue', 403, (channel: ConfirmChannel) => channel.deleteQueue('payments.0')],
    ])('consumer: %s', async (_, code, use) => {
      expect(await attempt(consumerUrl, use)).toBe(code);
    });
  });
} else {
  test.skip('RabbitMQ: set RABBITMQ_TEST_URL and RABBITMQ_API_TEST_URL', () => undefined);
}

test('says who refuses what: wrong credentials, and an interface that is not there', async () => {
  const server = createServer((_, response) => response.writeHead(401).end('{"error":"not_authorised"}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const there = `http://127.0.0.1:${port}`;
  const admin = createHttpBrokerAdmin('amqp://me:secret@127.0.0.1/w', there);
  await expect(admin.readState()).rejects.toMatchObject({
    code: 'broker/refused',
    message: expect.stringContaining('status 401'),
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  const gone = admin.readState();
  await expect(gone).rejects.toMatchObject({ code: 'broker/unavailable' });
  await gone.catch((error: Error) => expect(error.message).not.toContain('secret'));
});
