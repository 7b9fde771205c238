import {
  type EventStoreDBClient,
  type JSONType,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
} from '@eventstore/db-client';
import { expect, test } from '@jest/globals';
import { type EventStoreOptions, startEventStore } from '../startEventStore.ts';
import { collect, connect, freshName, numbered, take } from '../testing/subject.ts';
import { temporaryDirectory } from '../testing/temporaryDirectory.ts';

const directory = temporaryDirectory();

/** Does `work` while a server has the directory. */
async function whileRunning<T>(
  work: (client: EventStoreDBClient) => Promise<T>,
  options: EventStoreOptions = { startsStandardProjections: true, projectionLagMs: 1 },
): Promise<T> {
  const server = await startEventStore({ directory: directory(), ...options });
  const client = connect(server.url);
  try {
    return await work(client);
  } finally {
    await client.dispose();
    await server.stop();
  }
}

/** Reads a projection's state until it is as wanted. */
async function untilState(client: EventStoreDBClient, projection: string, wanted: object): Promise<void> {
  while (JSON.stringify(await client.getProjectionState(projection)) !== JSON.stringify(wanted));
}

test('what was written while no projection ran is projected after a restart, without anything new', async () => {
  const name = freshName('waiting');
  await whileRunning((client) => client.appendToStream(name, numbered(2)), { projections: 'none' });
  await whileRunning(async (client) => {
    expect(await take(client.subscribeToStream('$ce-waiting'), 2)).toHaveLength(2);
  });
});

test('a state is there again after a restart, without anything new', async () => {
  const name = freshName();
  const query = `fromStream('${name}').when({ $init: () => ({ count: 0 }), $any: (s) => { s.count++; } })`;
  await whileRunning(async (client) => {
    await client.createProjection('counting', query);
    await client.appendToStream(name, numbered(3));
    await untilState(client, 'counting', { count: 3 });
  });
  await whileRunning((client) => untilState(client, 'counting', { count: 3 }));
});

test('metadata that an application took over from a link is not believed', async () => {
  const name = freshName('copied');
  await whileRunning(async (client) => {
    await client.appendToStream(name, numbered(1));
    const [link] = await take(client.subscribeToStream('$ce-copied', { resolveLinkTos: true }), 1);
    const metadata = { ...(link?.link?.metadata as object), $p: Number.MAX_SAFE_INTEGER, $c: Number.MAX_SAFE_INTEGER };
    await client.appendToStream(freshName('other'), jsonEvent({ type: 'T', data: {}, metadata }));
  });
  await whileRunning(async (client) => {
    await client.appendToStream(name, numbered(1));
    await take(client.subscribeToStream('$ce-copied'), 2);
    expect(await collect(client.readStream('$ce-copied'))).toHaveLength(2);
  });
});

test("a query can't change who an event says it comes from", async () => {
  const name = freshName();
  const query = `fromStream('${name}').when({ $any: (s, e) => { emit('out', 'T', {}, { $v: '99:9:9', $p: 5, mine: 1 }); } })`;
  await whileRunning(async (client) => {
    await client.createProjection('forging', query, { emitEnabled: true });
    await client.appendToStream(name, numbered(1));
    const [out] = await take(client.subscribeToStream('out'), 1);
    expect(out?.event?.metadata).toMatchObject({ $v: expect.stringMatching(/^\d:0:0:4$/), mine: 1 });
    expect(out?.event?.metadata).not.toMatchObject({ $p: 5 });
  });
});

test('nonsense in the streams the server keeps its own things in does not keep it from starting', async () => {
  const name = freshName();
  const settings = persistentSubscriptionToStreamSettingsFromDefaults({ maxRetryCount: 3 });
  await whileRunning(async (client) => {
    await client.createPersistentSubscriptionToStream(name, 'group', settings);
    await client.createProjection('mine', 'fromAll()');
    const nonsense = (type: string, data: JSONType) => jsonEvent({ type, data });
    await client.appendToStream('$projections-$all', nonsense('$ProjectionCreated', { n: 1 }));
    await client.appendToStream('$projections-mine', nonsense('$ProjectionUpdated', { query: 5 }));
    await client.appendToStream('$persistentSubscriptionConfig', nonsense('$PersistentConfig', { entries: [{}, 1] }));
    await client.appendToStream(
      `$persistentsubscription-${name}::group-checkpoint`,
      nonsense('SubscriptionCheckpoint', { not: 'a place' }),
    );
  });
  await whileRunning(async (client) => {
    expect((await client.listProjections()).map((projection) => projection.name)).toContain('mine');
    const { settings: kept } = await client.getPersistentSubscriptionToStreamInfo(name, 'group');
    expect(kept).toMatchObject({ maxRetryCount: 3 });
    await client.appendToStream(name, numbered(1));
  });
});
