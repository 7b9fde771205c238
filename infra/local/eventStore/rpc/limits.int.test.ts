import {
  StreamDeletedError,
  persistentSubscriptionToStreamSettingsFromDefaults as settings,
} from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import { refusalOf } from '../testing/rawCalls.ts';
import { servedTests } from '../testing/servedTests.ts';
import { collect, freshName, numbered } from '../testing/subject.ts';
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
  const served = servedTests();
  const thrown = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);
  const long = { streamIdentifier: { streamName: LONG }, any: {} };

  test.each<[string, () => Promise<unknown>]>([
    ['append', () => served().raw.requests(`${STREAMS}/Append`, [AppendReq.encode({ options: long })])],
    ['delete', () => served().raw.unary(`${STREAMS}/Delete`, DeleteReq.encode({ options: long }))],
    ['tombstone', () => served().raw.unary(`${STREAMS}/Tombstone`, DeleteReq.encode({ options: long }))],
    [
      'filter',
      () => {
        const filter = { streamIdentifier: { prefix: [LONG] }, max: 1 };
        const options = { all: { start: {} }, count: 1n, uuidOption: { string: {} }, filter };
        return served().raw.answers(`${STREAMS}/Read`, ReadReq.encode({ options }));
      },
    ],
  ])('are refused with the limit: %s', async (_, attempt) => {
    expect(await refusalOf(attempt())).toMatchObject({
      code: INVALID_ARGUMENT,
      details: expect.stringMatching('must not be longer than 4096 bytes, but is 2097152'),
    });
  });

  test('are refused in a batch append without ending the others', async () => {
    const correlationId = Buffer.from([7]);
    const requests = [BatchAppendReq.encode({ correlationId, options: long, isFinal: true })];
    const [answer] = await served().raw.both(`${STREAMS}/BatchAppend`, requests, 1);
    expect(BatchAppendResp.decode(answer as Buffer).error).toMatchObject({ code: INVALID_ARGUMENT });
  });

  test('are refused for groups and projections', async () => {
    for (const [stream, group] of [
      [LONG, 'group'],
      ['stream', LONG],
    ] as const) {
      expect(
        await thrown(served().client.createPersistentSubscriptionToStream(stream, group, settings())),
      ).toMatchObject({
        message: expect.stringMatching('4096 bytes'),
      });
    }
    expect(await thrown(served().client.createProjection(LONG, 'fromAll()'))).toMatchObject({
      message: expect.stringMatching('4096 bytes'),
    });
  });

  test('cost nobody the connection where they are only asked for', async () => {
    expect(await thrown(collect(served().client.readStream(LONG)))).toMatchObject({ type: 'stream-not-found' });
    const options = { streamIdentifier: { streamName: LONG }, groupName: LONG };
    const { code } = await refusalOf(served().raw.both(`${GROUPS}/Read`, [GroupReadReq.encode({ options })], 1));
    expect(code).toBe(5);
    expect(await thrown(served().client.getPersistentSubscriptionToStreamInfo(LONG, LONG))).toMatchObject({
      type: 'persistent-subscription-does-not-exist',
    });
  });

  test('begin behind the longest, which can be written, described, followed and deleted', async () => {
    await served().client.appendToStream(LONGEST, numbered(1));
    await served().client.setStreamMetadata(LONGEST, { maxCount: 5 });
    await served().client.createPersistentSubscriptionToStream(LONGEST, LONGEST, settings());
    expect(
      await thrown(served().client.createPersistentSubscriptionToStream(LONGEST, LONGEST, settings())),
    ).toMatchObject({
      type: 'persistent-subscription-exists',
    });
    await served().client.tombstoneStream(LONGEST);
    expect(await thrown(served().client.appendToStream(LONGEST, numbered(1)))).toBeInstanceOf(StreamDeletedError);
    const { metadata } = await refusalOf(
      served().raw.unary(
        `${STREAMS}/Delete`,
        DeleteReq.encode({ options: { ...long, streamIdentifier: { streamName: LONGEST } } }),
      ),
    );
    expect(metadata.get('stream-name')).toEqual([encodeURIComponent(LONGEST)]);
  });

  test('what is no text can be reported on all the same', async () => {
    const name = freshName('projection');
    await served().client.createProjection(
      name,
      `fromStream('x').when({}).transformBy(() => { throw new Error('half a pair: \\ud800 ' + 'x'.repeat(1e6)); })`,
    );
    expect(await thrown(served().client.getProjectionResult(name))).toMatchObject({
      message: expect.stringMatching('half a pair'),
    });
    await served().client.appendToStream(freshName(), numbered(1));
  });
});
