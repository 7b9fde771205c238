import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { consumers } from '../topology.ts';
import { createHttpBrokerAdmin } from './httpBrokerAdmin.ts';
import { hashPassword, isPasswordOf } from './passwords.ts';
import { planTopology } from './planTopology.ts';

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly afterMs?: number;
}
interface Request {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  server = undefined;
});

/** A management interface that answers as told; where it is, and what it was asked. */
async function startManagement(answer: (request: Request) => Answer, host = '127.0.0.1') {
  const requests: Request[] = [];
  const started = createServer(async (request, response) => {
    const text = (await Array.fromAsync(request)).join('');
    const asked = { method: request.method ?? '', path: request.url ?? '', body: text ? JSON.parse(text) : {} };
    requests.push(asked);
    const { status, body, afterMs = 0 } = answer(asked);
    setTimeout(() => {
      if (body === undefined) response.writeHead(status).end();
      else response.writeHead(status).end(JSON.stringify(body));
    }, afterMs);
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, host, resolve));
  return { url: `http://${host}:${(started.address() as AddressInfo).port}`, requests };
}
const address = 'amqp://me:secret@127.0.0.1/w';

describe('a user', () => {
  const password = 'hunter2hunter2';
  const passwordHash = hashPassword(password, Buffer.from([1, 2, 3, 4]));
  const tags = ['management', 'monitoring'];
  const putUser = { kind: 'put-user', name: 'relay', passwordHash, password: () => password, tags } as const;
  const refusesHash = ({ body }: Request): Answer =>
    'password_hash' in body ? { status: 400, body: { reason: 'no hashes here' } } : { status: 201 };

  test('is put by the hash of its password, where the broker takes that', async () => {
    const { url, requests } = await startManagement(() => ({ status: 201 }));
    await createHttpBrokerAdmin(address, url).apply(putUser);
    const body = {
      password_hash: passwordHash,
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: 'management,monitoring',
    };
    expect(requests).toEqual([{ method: 'PUT', path: '/api/users/relay', body }]);
    expect(JSON.stringify(putUser)).not.toContain(password);
  });

  test('is put by its password where the broker refuses the hash', async () => {
    const { url, requests } = await startManagement(refusesHash);
    await createHttpBrokerAdmin(address, url).apply(putUser);
    expect(requests.map(({ body }) => body)).toEqual([
      expect.objectContaining({ password_hash: passwordHash }),
      { password, tags: 'management,monitoring' },
    ]);
  });

  test('is not, where somebody could read it on the way', async () => {
    const { url, requests } = await startManagement(refusesHash, '0.0.0.0');
    const putting = createHttpBrokerAdmin(address, url).apply(putUser);
    await expect(putting).rejects.toMatchObject({
      code: 'broker/refused',
      message: expect.stringContaining('no hashes'),
    });
    expect(requests).toHaveLength(1);
  });

  test('that is refused both ways: what the broker says of the password is not told', async () => {
    const { url } = await startManagement((request) =>
      'password' in request.body
        ? { status: 400, body: { reason: 'bad', request: request.body } }
        : refusesHash(request),
    );
    const error: unknown = await createHttpBrokerAdmin(address, url)
      .apply(putUser)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'broker/refused',
      message: expect.stringMatching(/no hashes here.*; in clear it is not taken either$/),
    });
    expect(error).not.toHaveProperty('cause.message', expect.stringContaining(password));
    expect(String((error as Error).stack)).not.toContain(password);
  });

  test('an outage is no refusal: the password stays here', async () => {
    const { url, requests } = await startManagement(() => ({ status: 503 }));
    await expect(createHttpBrokerAdmin(address, url).apply(putUser)).rejects.toMatchObject({
      code: 'broker/unavailable',
    });
    expect(requests).toHaveLength(1);
  });
});

test('a virtual host may take longer than anything else: a cluster makes it on each node', async () => {
  const { url } = await startManagement(() => ({ status: 201, afterMs: 300 }));
  const admin = createHttpBrokerAdmin(address, url, { usualMs: 100, virtualHostMs: 10_000 });
  await admin.apply({ kind: 'create-virtual-host' });
  await expect(admin.apply({ kind: 'delete-queue', queue: 'q' })).rejects.toMatchObject({ code: 'broker/unavailable' });
});

test("reads what is there, whatever others' policies say, and users whose hashes are not shown", async () => {
  const policy = { name: 'theirs', pattern: '.*', 'apply-to': 'all', priority: 0, definition: { a: true, b: ['c'] } };
  const there: Record<string, unknown> = {
    '/api/overview': { rabbitmq_version: '4.2.1' },
    '/api/vhosts/w': {},
    '/api/policies/w': [policy],
    '/api/users': [{ name: 'relay', tags: [] }],
  };
  const { url } = await startManagement(({ path }) => ({ status: 200, body: there[path] ?? [] }));
  const state = await createHttpBrokerAdmin(address, url).readState();
  expect(state).toMatchObject({
    policies: [{ name: 'theirs', applyTo: 'all' }],
    users: [{ name: 'relay', passwordHash: '' }],
  });
  const credentials = { relay: { username: 'relay', password: 'x' } };
  const wanted = { consumers: [consumers.orderView], credentials, newSalt: () => Buffer.alloc(4) };
  const { changes } = planTopology(wanted, state);
  const put = changes.find((change) => change.kind === 'put-user');
  expect(put && isPasswordOf('x', put.passwordHash)).toBe(true);
});

test('somebody else at that address is told from a broker, and an address that is none', async () => {
  const { url } = await startManagement(() => ({ status: 200, body: [] }));
  await expect(createHttpBrokerAdmin(address, url).readState()).rejects.toMatchObject({
    code: 'broker/refused',
    message: expect.stringMatching(/^GET \/api\/\w+: no answer of RabbitMQ’s .*RABBITMQ_API_URL right\?$/),
  });
  await expect(createHttpBrokerAdmin(address, 'http://127.0.0.1:1').readState()).rejects.toMatchObject({
    code: 'broker/unavailable',
    message: expect.stringMatching(/^GET 127.*: is RABBITMQ_API_URL right, and the management plugin on\?$/),
  });
  for (const wrong of ['foo', 'amqp://127.0.0.1', ''])
    expect(() => createHttpBrokerAdmin(address, wrong)).toThrow(`RABBITMQ_API_URL is "${wrong}", expected where`);
});
