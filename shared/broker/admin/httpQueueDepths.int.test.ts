import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import { listen } from '../../../infra/local/listen.ts';
import type { RunningServer } from '../../../infra/local/program.ts';
import { wantedWith } from '../../testing/appliedBroker.ts';
import { declareTopology } from '../topology.ts';
import { createHttpBrokerAdmin } from './httpBrokerAdmin.ts';
import { createHttpManagement } from './httpManagement.ts';
import { createHttpQueueDepths } from './httpQueueDepths.ts';
import { reconcileTopology } from './reconcileTopology.ts';

describe('a server that speaks the management interface', () => {
  const asked: { readonly path: string; readonly credentials: string; readonly connection: unknown }[] = [];
  let answer: { readonly status: number; readonly body: string };
  let server: RunningServer;
  beforeEach(async () => {
    asked.length = 0;
    const management = createServer(({ url = '', headers }, response) => {
      const credentials = Buffer.from((headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
      asked.push({ path: url, credentials, connection: headers.connection });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
    server = await listen(management, 0);
  });
  afterEach(() => server.stop());
  const read = () => createHttpQueueDepths('amqp://op:not%20secret@127.0.0.1/way%2Fbill', server.url)();

  test('is asked for the queues of the virtual host, no more of each than is needed, over a connection of its own', async () => {
    answer = { status: 200, body: '[]' };
    expect(await read()).toEqual(new Map());
    const [{ path, ...rest } = { path: '' }] = asked;
    const { pathname, searchParams } = new URL(path, server.url);
    expect(pathname).toBe('/api/queues/way%2Fbill');
    expect(Object.fromEntries(searchParams)).toEqual({
      columns: 'name,messages,messages_ready',
      disable_stats: 'true',
      enable_queue_totals: 'true',
    });
    expect(rest).toEqual({ credentials: 'op:not secret', connection: 'close' });
  });

  test('tells what waits by queue; nothing of one that it can say nothing of', async () => {
    const rows = [
      { name: 'orders.0', messages: 12, messages_ready: 5 },
      { name: 'orders-dlq', messages: 0, messages_ready: 0, messages_unacknowledged: 0, vhost: 'way/bill' },
      { name: 'payments.0' },
    ];
    answer = { status: 200, body: JSON.stringify(rows) };
    expect(await read()).toEqual(
      new Map([
        ['orders.0', { ready: 5, all: 12 }],
        ['orders-dlq', { ready: 0, all: 0 }],
      ]),
    );
  });

  test('that has no such virtual host has no queues', async () => {
    answer = { status: 404, body: '{"error":"Object Not Found","reason":"Not Found"}' };
    expect(await read()).toEqual(new Map());
  });

  test.each([
    [401, '{"error":"not_authorised","reason":"Not management user"}', 'broker/refused', 'Not management user'],
    [503, '{"error":"service_unavailable"}', 'broker/unavailable', 'status 503'],
    [200, '[{"name":', 'broker/unavailable', '/api/queues/'],
  ])('that answers %d %s', async (status, body, code, words) => {
    answer = { status, body };
    await expect(read()).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });

  test.each(['{"items":[]}', '[{"name":"orders.0","messages":"12","messages_ready":-1}]'])(
    'that answers what is no list of queues: %s',
    async (body) => {
      answer = { status: 200, body };
      await expect(read()).rejects.toThrow(/expected/);
    },
  );
});

/** A RabbitMQ whose management interface is on, both with an administrator's rights. */
const [amqpUrl, apiUrl] = [process.env['RABBITMQ_TEST_URL'], process.env['RABBITMQ_API_TEST_URL']];

if (amqpUrl && apiUrl) {
  describe('RabbitMQ', () => {
    const vhost = `queue-depths-${randomUUID()}`;
    // Users are the whole broker's, and other tests have theirs under the contract's names.
    const credentials = {
      relay: { username: 'depths-relay', password: 'not a secret, 1' },
      consumer: { username: 'depths-consumer', password: 'not a secret, 2' },
      operator: { username: 'depths-operator', password: 'not a secret, 3' },
    };
    const wanted = { ...wantedWith(2), credentials };
    const as = (who?: { readonly username: string; readonly password: string }): string => {
      const url = new URL(amqpUrl);
      url.pathname = vhost;
      if (who) [url.username, url.password] = [who.username, encodeURIComponent(who.password)];
      return url.href;
    };
    const depthsAs = (role: keyof typeof credentials) => createHttpQueueDepths(as(credentials[role]), apiUrl)();
    beforeAll(async () => {
      await reconcileTopology(createHttpBrokerAdmin(as(), apiUrl), wanted, { deleteWithMessages: [] });
    });
    afterAll(async () => {
      const { call } = createHttpManagement(as(), apiUrl);
      await call('DELETE', `vhosts/${vhost}`);
      for (const { username } of Object.values(credentials)) await call('DELETE', `users/${username}`);
    });

    test('tells the operator at once of every queue that was only just declared', async () => {
      const names = declareTopology(wanted.consumers).queues.map(({ name }) => [name, { ready: 0, all: 0 }] as const);
      expect(await depthsAs('operator')).toEqual(new Map(names));
    });

    test.each(['relay', 'consumer'] as const)('tells the %s nothing', async (role) => {
      await expect(depthsAs(role)).rejects.toMatchObject({ code: 'broker/refused' });
    });

    test('counts what is ready, and what somebody holds', async () => {
      const model = await connect(as());
      const channel = await model.createConfirmChannel();
      for (let n = 0; n < 30; n += 1) channel.publish('', 'payments-dlq', Buffer.from('{}'), { persistent: true });
      await channel.waitForConfirms();
      for (let n = 0; n < 10; n += 1) await channel.get('payments-dlq');
      const isAsExpected = async (): Promise<boolean> => {
        const { ready, all } = (await depthsAs('operator')).get('payments-dlq') ?? { ready: 0, all: 0 };
        return ready === 20 && all === 30;
      };
      // Its queues tell their numbers every few seconds.
      while (!(await isAsExpected()));
      await model.close();
    });
  });
} else {
  test.skip('RabbitMQ: set RABBITMQ_TEST_URL and RABBITMQ_API_TEST_URL', () => undefined);
}
