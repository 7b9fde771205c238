import {
  StreamDeletedError,
  persistentSubscriptionToStreamSettingsFromDefaults as settings,
} from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningEventStore, startEventStore } from '../startEventStore.ts';
import { openRawCalls, type RawCalls, type Refusal } from '../testing/rawCalls.ts';
import { collect, connect, freshName, numbered } from '../testing/subject.ts';
import { BatchAppendReq, BatchAppendResp } from '../wire/batch.ts';
import { ReadReq as GroupReadReq } from '../wire/persistent.ts';
import { AppendReq, DeleteReq, ReadReq } from '../wire/streams.ts';

const STREAMS = '/event_store.client.streams.Streams';
const GROUPS = '/event_store.client.persistent_subscriptions.PersistentSubscriptions';
const INVALID_ARGUMENT = 3;
const LONG = 'x'.repeat(2 * 1024 * 1024);
/** Two bytes each: the longest name there can be. */
const LONGEST = 'ž'.repeat(2048);

describe('names that are too long', () => {
  let server: RunningEventStore;
  let client: ReturnType<typeof connect>;
  let raw: RawCalls;
  beforeAll(async () => {
    server = await startEventStore();
    client = connect(server.url);
    raw = openRawCalls(server.url);
  });
  afterAll(async () => {
    raw.close();
    await client.dispose();
    await server.stop();
  });
  const refusal = (promise: Promise<unknown>): Promise<Refusal> =>
    promise.then(
      () => Promise.reject(new Error('this should have been refused')),
      (error: Refusal) => error,
    );
  const thrown = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);
  const long = { streamIdentifier: { streamName: LONG }, any: {} };

  test.each<[string, () => Promise<unknown>]>([
    ['append', () => raw.requests(`${STREAMS}/Append`, [AppendReq.encode({ options: long })])],
    ['delete', () => raw.unary(`${STREAMS}/Delete`, DeleteReq.encode({ options: long }))],
    ['tombstone', () => raw.unary(`${STREAMS}/Tombstone`, DeleteReq.encode({ options: long }))],
    [
      'filter',
      () => {
        const filter = { streamIdentifier: { prefix: [LONG] }, max: 1 };
        const options = { all: { start: {} }, count: 1n, uuidOption: { string: {} }, filter };
        return raw.answers(`${STREAMS}/Read`, ReadReq.encode({ options }));
      },
    ],
  ])('are refused with the limit: %s', async (_, attempt) => {
    expect(await refusal(attempt())).toMatchObject({
      code: INVALID_ARGUMENT,
      details: expect.stringMatching('must not be longer than 4096 bytes, but is 2097152'),
    });
  });

  test('are refused in a batch append without ending the others', async () => {
    const correlationId = Buffer.from([7]);
    const requests = [BatchAppendReq.encode({ correlationId, options: long, isFinal: true })];
    const [answer] = await raw.both(`${STREAMS}/BatchAppend`, requests, 1);
    expect(BatchAppendResp.decode(answer as Buffer).error).toMatchObject({ code: INVALID_ARGUMENT });
  });

  test('are refused for groups and projections', async () => {
    for (const [stream, group] of [
      [LONG, 'group'],
      ['stream', LONG],
    ] as const) {
      expect(await thrown(client.createPersistentSubscriptionToStream(stream, group, settings()))).toMatchObject({
        message: expect.stringMatching('4096 bytes'),
      });
    }
    expect(await thrown(client.createProjection(LONG, 'fromAll()'))).toMatchObject({
      message: expect.stringMatching('4096 bytes'),
    });
  });

  test('cost nobody the connection where they are only asked for', async () => {
    expect(await thrown(collect(client.readStream(LONG)))).toMatchObject({ type: 'stream-not-found' });
    const options = { streamIdentifier: { streamName: LONG }, groupName: LONG };
    const { code } = await refusal(raw.both(`${GROUPS}/Read`, [GroupReadReq.encode({ options })], 1));
    expect(code).toBe(5);
    expect(await thrown(client.getPersistentSubscriptionToStreamInfo(LONG, LONG))).toMatchObject({
      type: 'persistent-subscription-does-not-exist',
    });
  });

  test('begin behind the longest, which can be written, described, followed and deleted', async () => {
    await client.appendToStream(LONGEST, numbered(1));
    await client.setStreamMetadata(LONGEST, { maxCount: 5 });
    await client.createPersistentSubscriptionToStream(LONGEST, LONGEST, settings());
    expect(await thrown(client.createPersistentSubscriptionToStream(LONGEST, LONGEST, settings()))).toMatchObject({
      type: 'persistent-subscription-exists',
    });
    await client.tombstoneStream(LONGEST);
    expect(await thrown(client.appendToStream(LONGEST, numbered(1)))).toBeInstanceOf(StreamDeletedError);
    const { metadata } = await refusal(
      raw.unary(
        `${STREAMS}/Delete`,
        DeleteReq.encode({ options: { ...long, streamIdentifier: { streamName: LONGEST } } }),
      ),
    );
    expect(metadata.get('stream-name')).toEqual([encodeURIComponent(LONGEST)]);
  });

  test('what is no text can be reported on all the same', async () => {
    const name = freshName('projection');
    await client.createProjection(
      name,
      `fromStream('x').when({}).transformBy(() => { throw new Error('half a pair: \\ud800 ' + 'x'.repeat(1e6)); })`,
    );
    expect(await thrown(client.getProjectionResult(name))).toMatchObject({
      message: expect.stringMatching('half a pair'),
    });
    await client.appendToStream(freshName(), numbered(1));
  });
});
