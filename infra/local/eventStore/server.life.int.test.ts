import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { streamNameFilter } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningEventStore, startEventStore } from './startEventStore.ts';
import { connect, freshName, numbered } from './testing/subject.ts';

describe('a running server', () => {
  let server: RunningEventStore;
  let client: ReturnType<typeof connect>;
  beforeAll(async () => {
    server = await startEventStore();
    client = connect(server.url);
  });
  afterAll(async () => {
    await client.dispose();
    await server.stop();
  });

  test('a stopped server has ended every open call, and its port is free again', async () => {
    const first = await startEventStore();
    const own = connect(first.url);
    const subscription = own.subscribeToAll();
    subscription.on('data', () => undefined);
    const error = new Promise((resolve) => subscription.on('error', resolve));
    await once(subscription, 'caughtUp');
    await first.stop();
    expect(await error).toMatchObject({ type: 'cancelled' });
    await own.dispose();
    const second = await startEventStore({ port: first.port });
    expect(second.port).toBe(first.port);
    await expect(startEventStore({ port: first.port })).rejects.toThrow(`port ${first.port} on 127.0.0.1 is taken`);
    await second.stop();
  });

  test('gossip discovery leads to this node', async () => {
    const own = connect(`esdb+discover://127.0.0.1:${server.port}?tls=false`);
    expect(await own.appendToStream(freshName(), numbered(1))).toMatchObject({ success: true });
    await own.dispose();
  });

  test('a server that listens everywhere gives out an address clients can use', async () => {
    const other = await startEventStore({ host: '0.0.0.0' });
    const own = connect(`esdb+discover://127.0.0.1:${other.port}?tls=false`);
    expect(other.url).toBe(`esdb://127.0.0.1:${other.port}?tls=false`);
    expect(await own.appendToStream(freshName(), numbered(1))).toMatchObject({ success: true });
    await own.dispose();
    await other.stop();
  });

  test('a start that fails leaves nothing behind', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'event-store-'));
    await expect(startEventStore({ port: server.port, directory })).rejects.toThrow('is taken');
    await (await startEventStore({ directory })).stop();
    rmSync(directory, { recursive: true });
  });

  test('appends under way when a server stops are cancelled', async () => {
    const other = await startEventStore();
    const own = connect(other.url);
    await own.appendToStream(freshName(), numbered(1));
    const stopped = other.stop();
    const late = own.appendToStream(freshName(), numbered(1));
    await expect(late).rejects.toMatchObject({ type: expect.stringMatching(/cancelled|unavailable/) });
    await stopped;
    await own.dispose();
  });

  test('a pattern that would take for ever does not, also in a server that is embedded', async () => {
    await client.appendToStream(`${'a'.repeat(60)}!`, numbered(1));
    const subscription = client.subscribeToAll({ filter: streamNameFilter({ regex: '^(a+)+$' }) });
    subscription.on('data', () => undefined);
    await once(subscription, 'caughtUp');
    await subscription.unsubscribe();
  });
});
