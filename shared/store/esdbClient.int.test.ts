/** Certificates from a CA of one's own: the store is reached with it, and by nobody without. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningEventStore, startEventStore } from '../../infra/local/eventStore/startEventStore.ts';
import { neverFrozen } from '../kernel/freezes.ts';
import { lazyConnection } from '../kernel/lazyConnection.ts';
import { newEvent } from '../testing/builders.ts';
import { caCertificate } from '../testing/caCertificate.ts';
import { closeEsdbClient, openEsdbClient } from './esdbClient.ts';
import { createEsdbEventStore } from './esdbEventStore.ts';

let directory: string;
let ca: string;
let server: RunningEventStore;

const at = (name: string): string => join(directory, name);
const openssl = (...args: readonly string[]): unknown => execFileSync('openssl', args, { stdio: 'ignore' });
const newKey = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'private-ca-'));
  openssl('req', '-x509', ...newKey, '-keyout', at('ca.key'), '-out', at('ca.crt'), '-subj', '/CN=A CA of our own');
  const signing = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-addext', 'subjectAltName=IP:127.0.0.1'];
  openssl('req', '-x509', ...newKey, ...signing, '-keyout', at('key'), '-out', at('crt'), '-subj', '/CN=127.0.0.1');
  ca = readFileSync(at('ca.crt'), 'utf8');
  server = await startEventStore({ isSecure: true, certificateFile: at('crt'), privateKeyFile: at('key') });
});
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

/** What comes of an append by way of this address. */
async function append(address: string, trusted?: string): Promise<unknown> {
  const open = async () => openEsdbClient(address.replace('port', String(server.port)), trusted);
  const client = lazyConnection({ open, close: closeEsdbClient, freezes: neverFrozen });
  const stream = `thing-${crypto.randomUUID()}`;
  const appended = createEsdbEventStore(client).append(stream, [newEvent(stream, { n: 1 })], 'no-stream');
  return appended.catch((error: unknown) => error).finally(() => client.close());
}

test.each(['esdb://127.0.0.1:port', 'esdb://ops:changeit@127.0.0.1:port/?tls=true', 'esdb+discover://127.0.0.1:port'])(
  'with the CA, %s is reached, and nothing stays behind',
  async (address) => {
    expect(await append(address, ca)).toEqual({ outcome: 'appended', revision: 0n });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('event-store-ca-'))).toEqual([]);
  },
);

const outage = (message: RegExp) => ({ code: 'store/unavailable', message: expect.stringMatching(message) });

test.each([
  ['without a CA', undefined],
  ['with another CA', caCertificate],
])('%s the store is not reached, and the fault says why and what to do', async (_, trusted) => {
  expect(await append('esdb://127.0.0.1:port', trusted)).toMatchObject(
    outage(/unable to verify the first certificate.*: set EVENTSTORE_CA to/),
  );
});

test('of a cluster that is not found, the fault says that it may be the CA', async () => {
  expect(await append('esdb+discover://127.0.0.1:port')).toMatchObject(outage(/discover.*EVENTSTORE_CA who signed/));
});

test.each(['?nodePreference=follower', '?tls=false&nodePreference=random', '?NODEPREFERENCE=readOnlyReplica'])(
  'an address that prefers other nodes than the leader is refused: %s',
  (query) => {
    expect(() => openEsdbClient(`esdb://127.0.0.1:2113${query}`)).toThrow(
      expect.objectContaining({
        code: 'config/invalid',
        message: expect.stringMatching(/nodePreference.*leave it out/),
      }),
    );
  },
);

test('the leader can be named', () => {
  expect(() => openEsdbClient('esdb://127.0.0.1:2113?tls=false&nodePreference=leader')).not.toThrow();
});

test('no TLS and a CA contradict each other', async () => {
  expect(await append('esdb://127.0.0.1:port?tls=false', ca)).toMatchObject({ code: 'config/invalid' });
});

test('where nothing can be written, there is no reaching a store with a CA of its own', () => {
  expect(() => openEsdbClient('esdb://127.0.0.1', ca, at('nowhere'))).toThrow(
    expect.objectContaining(outage(/EVENTSTORE_CA as a file: .*ENOENT/)),
  );
});
