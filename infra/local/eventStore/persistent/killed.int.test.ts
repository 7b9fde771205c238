import {
  type EventStoreDBClient,
  PARK,
  START,
  persistentSubscriptionToStreamSettingsFromDefaults as settings,
} from '@eventstore/db-client';
import { expect, test } from '@jest/globals';
import { startProcess } from '../testing/serverProcess.ts';
import { connect, freshName, numbered, take } from '../testing/subject.ts';
import { temporaryDirectory } from '../testing/temporaryDirectory.ts';

const directory = temporaryDirectory();

const WANTED = settings({ startFrom: START, checkPointLowerBound: 1, checkPointAfter: 1 });

/** Does `work` with a server that is then killed with -9. */
async function untilKilled(work: (client: EventStoreDBClient) => Promise<void>): Promise<void> {
  const server = await startProcess('--db', directory());
  const client = connect(server.url);
  await work(client).finally(() => server.kill());
  await client.dispose().catch(() => undefined);
}

/** Takes `count` messages of the group and settles them; resolves with their revisions. */
async function consume(
  client: EventStoreDBClient,
  name: string,
  count: number,
  settle: 'ack' | 'park' | 'keep' = 'ack',
): Promise<(bigint | undefined)[]> {
  const subscription = client.subscribeToPersistentSubscriptionToStream(name, 'group', { bufferSize: count });
  const seen: (bigint | undefined)[] = [];
  for await (const one of subscription) {
    seen.push(one.event?.revision);
    if (settle === 'ack') await subscription.ack(one);
    if (settle === 'park') await subscription.nack(PARK, 'no', one);
    // What was settled has arrived when a later request is answered.
    if (seen.length === count) await client.getStreamMetadata('any');
    if (seen.length === count) break;
  }
  await subscription.unsubscribe();
  return seen;
}

test('a checkpoint outlives a kill -9', async () => {
  const name = freshName();
  await untilKilled(async (client) => {
    await client.createPersistentSubscriptionToStream(name, 'group', WANTED);
    await client.appendToStream(name, numbered(5));
    expect(await consume(client, name, 3)).toEqual([0n, 1n, 2n]);
    const checkpoints = client.subscribeToStream(`$persistentsubscription-${name}::group-checkpoint`);
    for await (const { event } of checkpoints) if (event?.data === '2') break;
  });
  await untilKilled(async (client) => {
    const { stats } = await client.getPersistentSubscriptionToStreamInfo(name, 'group');
    expect(stats).toMatchObject({ lastCheckpointedEventRevision: 2n });
    expect(await consume(client, name, 2)).toEqual([3n, 4n]);
  });
});

test('what was replayed and not settled before a kill -9 is parked still', async () => {
  const name = freshName();
  await untilKilled(async (client) => {
    await client.createPersistentSubscriptionToStream(name, 'group', WANTED);
    await client.appendToStream(name, numbered(4));
    await consume(client, name, 4, 'park');
    await take(client.subscribeToStream(`$persistentsubscription-${name}::group-parked`), 4);
    await client.replayParkedMessagesToStream(name, 'group');
    expect(await consume(client, name, 1)).toEqual([0n]);
    expect(await consume(client, name, 3, 'keep')).toEqual([1n, 2n, 3n]);
    const metadata = client.subscribeToStream(`$$$persistentsubscription-${name}::group-parked`);
    for await (const { event } of metadata) if ((event?.data as { $tb?: number } | undefined)?.$tb === 1) break;
  });
  await untilKilled(async (client) => {
    const { stats } = await client.getPersistentSubscriptionToStreamInfo(name, 'group');
    expect(stats).toMatchObject({ parkedMessageCount: 3n });
    await client.replayParkedMessagesToStream(name, 'group');
    expect(await consume(client, name, 3)).toEqual([1n, 2n, 3n]);
  });
});
