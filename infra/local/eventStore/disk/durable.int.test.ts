import { jsonEvent, persistentSubscriptionToStreamSettingsFromDefaults, START } from '@eventstore/db-client';
import { expect, test } from '@jest/globals';
import { startEventStore } from '../startEventStore.ts';
import { startProcess } from '../testing/serverProcess.ts';
import { collect, connect, freshName, numbered, take } from '../testing/subject.ts';
import { temporaryDirectory } from '../testing/temporaryDirectory.ts';

const directory = temporaryDirectory();

test('what was acknowledged before a kill -9 is there afterwards, in order, and once', async () => {
  const name = freshName();
  const first = await startProcess('--db', directory());
  const client = connect(first.url);
  const acknowledged: number[] = [];
  const enough = Promise.withResolvers<void>();
  const writer = async (): Promise<void> => {
    for (;;) {
      const answer = await client.appendToStream(name, jsonEvent({ type: 'Written', data: { text: 'x'.repeat(100) } }));
      acknowledged.push(Number(answer.nextExpectedRevision));
      if (acknowledged.length === 300) enough.resolve();
    }
  };
  const writers = Array.from({ length: 8 }, () => writer().catch(() => undefined));
  await enough.promise;
  await first.kill();
  await Promise.all(writers);
  await client.dispose();

  const second = await startProcess('--db', directory());
  const again = connect(second.url);
  const events = await collect(again.readStream(name));
  expect(events.length).toBeGreaterThanOrEqual(Math.max(...acknowledged) + 1);
  expect(events.map(({ event }) => event?.revision)).toEqual(events.map((_, index) => BigInt(index)));
  await again.dispose();
  expect(await second.end()).toBe(0);
});

test('a directory belongs to one server at a time', async () => {
  const server = await startEventStore({ directory: directory() });
  await expect(startEventStore({ directory: directory() })).rejects.toThrow(
    `${directory()} is in use by process ${process.pid}`,
  );
  await server.stop();
  await (await startEventStore({ directory: directory() })).stop();
});

test('positions and revisions go on after a restart', async () => {
  const name = freshName();
  const first = await startEventStore({ directory: directory() });
  const client = connect(first.url);
  const before = await client.appendToStream(name, numbered(2));
  await client.dispose();
  await first.stop();
  const second = await startEventStore({ directory: directory() });
  const again = connect(second.url);
  const after = await again.appendToStream(name, numbered(1), { expectedRevision: 1n });
  expect(after.nextExpectedRevision).toBe(2n);
  expect(after.position?.commit).toBeGreaterThan(before.position?.commit ?? 0n);
  await again.dispose();
  await second.stop();
});

test('groups and projections come back after a restart, and nothing is projected twice', async () => {
  const name = freshName('kept');
  const first = await startEventStore({ directory: directory(), startsStandardProjections: true, projectionLagMs: 1 });
  const client = connect(first.url);
  const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, maxRetryCount: 3 });
  await client.createPersistentSubscriptionToStream(name, 'group', settings);
  await client.createProjection(
    'mine',
    `fromStream('${name}').when({ $any: (s, e) => { emit('mine', 'Seen', {}); } })`,
    {
      emitEnabled: true,
    },
  );
  await client.appendToStream(name, numbered(3));
  await take(client.subscribeToStream('$ce-kept'), 3);
  await take(client.subscribeToStream('mine'), 3);
  await client.dispose();
  await first.stop();

  const second = await startEventStore({ directory: directory(), startsStandardProjections: true, projectionLagMs: 1 });
  const again = connect(second.url);
  await again.appendToStream(name, numbered(1));
  expect((await take(again.subscribeToStream('$ce-kept'), 4)).map(({ event }) => event?.revision)).toEqual([
    0n,
    1n,
    2n,
    3n,
  ]);
  await take(again.subscribeToStream('mine'), 4);
  expect(await collect(again.readStream('mine'))).toHaveLength(4);
  expect(await collect(again.readStream('$ce-kept'))).toHaveLength(4);
  const info = await again.getPersistentSubscriptionToStreamInfo(name, 'group');
  expect(info.settings).toMatchObject({ maxRetryCount: 3, startFrom: START });
  expect((await again.listProjections()).map((projection) => projection.name)).toContain('mine');
  await again.dispose();
  await second.stop();
});
