import { START, persistentSubscriptionToStreamSettingsFromDefaults as settings } from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import { refusalOf } from '../../testing/rawCalls.ts';
import { servedTests } from '../../testing/servedTests.ts';
import { freshName, numbered } from '../../testing/subject.ts';
import { type MessageValue, message, nested } from '../../wire/message.ts';
import { ReadReq as GroupReadReq } from '../../wire/persistent.ts';
import { Uuid } from '../../wire/shared.ts';
import { AppendReq, AppendResp, ReadReq, ReadResp } from '../../wire/streams.ts';

const AnswerWithId = message({ event: nested(1, message({ event: nested(1, message({ id: nested(1, Uuid) })) })) });
const STREAMS = '/event_store.client.streams.Streams';
const GROUPS = '/event_store.client.persistent_subscriptions.PersistentSubscriptions';
const INVALID_ARGUMENT = 3;

describe('a read', () => {
  const served = servedTests();
  type ReadOptions = NonNullable<MessageValue<typeof ReadReq>['options']>;
  const read = (options: ReadOptions): Promise<Buffer[]> =>
    served().raw.answers(`${STREAMS}/Read`, ReadReq.encode({ options: { uuidOption: { string: {} }, ...options } }));
  const stream = (streamName: string) => ({ streamIdentifier: { streamName } });
  const all = { start: {} };

  test.each<[string, ReadOptions, RegExp]>([
    ['nothing to read', { count: 1n, noFilter: {} }, /Neither 'stream' nor 'all'/],
    [
      'an empty stream name',
      { stream: { ...stream(''), start: {} }, count: 1n, noFilter: {} },
      /not a valid stream name/,
    ],
    ['no starting point', { stream: stream('x'), count: 1n, noFilter: {} }, /None of/],
    ['neither count nor subscription', { stream: { ...stream('x'), start: {} }, noFilter: {} }, /Neither 'count'/],
    ['neither filter nor none', { all, count: 1n }, /Neither 'filter'/],
    ['a filter on a stream', { stream: { ...stream('x'), start: {} }, count: 1n, filter: {} }, /combination/],
    ['a subscription backwards', { all, readDirection: 1, subscription: {}, noFilter: {} }, /combination/],
    ['an unknown direction', { all, readDirection: 7, count: 1n, noFilter: {} }, /read direction/],
    ['a filter on nothing', { all, count: 1n, filter: { max: 1 } }, /Neither 'stream_identifier'/],
    ['a filter without a window', { all, count: 1n, filter: { eventType: { regex: 'x' } } }, /Neither 'max'/],
    ['a pattern that is none', { all, count: 1n, filter: { eventType: { regex: '(' }, max: 1 } }, /regular expression/],
    ['no checkpoint interval', { all, subscription: {}, filter: { eventType: {}, max: 1 } }, /checkpointInterval/],
    [
      'a prepare after its commit',
      { all: { position: { commit: 1n, prepare: 2n } }, count: 1n, noFilter: {} },
      /prepare/,
    ],
  ])('a read of %s is refused with the reason', async (_, options, reason) => {
    const { code, details } = await refusalOf(read(options));
    expect(code).toBe(INVALID_ARGUMENT);
    expect(details).toMatch(reason);
  });

  const METADATA = new Map([
    ['type', 'T'],
    ['content-type', 'application/json'],
  ]);
  const STRUCTURED = { mostSignificant: 4822678189205111n, leastSignificant: -8603657889541918977n };
  const TEXT = '00112233-4455-6677-8899-aabbccddeeff';
  const idOf = (frame: Buffer | undefined) => {
    const id = AnswerWithId.decode(frame ?? Buffer.alloc(0)).event?.event?.id;
    return id?.structured ?? id?.string?.toString();
  };

  test.each([
    ['structured', { structured: STRUCTURED }],
    ['text in any case', { string: Buffer.from(TEXT.toUpperCase()) }],
  ])('gives ids in the form it asks for, written as %s', async (_, id) => {
    const name = freshName();
    const requests = [{ options: { ...stream(name), noStream: {} } }, { proposedMessage: { id, metadata: METADATA } }];
    const answer = await served().raw.requests(`${STREAMS}/Append`, requests.map(AppendReq.encode));
    expect(AppendResp.decode(answer).success?.currentRevision ?? 0n).toBe(0n);
    const options = { stream: { ...stream(name), start: {} }, count: 9n, noFilter: {} };
    expect(idOf((await read({ ...options, uuidOption: { structured: {} } }))[0])).toEqual(STRUCTURED);
    expect(idOf((await read({ ...options, uuidOption: { string: {} } }))[0])).toBe(TEXT);

    await served().client.createPersistentSubscriptionToStream(name, 'group', settings({ startFrom: START }));
    for (const [uuidOption, wanted] of [
      [{ structured: {} }, STRUCTURED],
      [{ string: {} }, TEXT],
    ] as const) {
      const join = { options: { ...stream(name), groupName: 'group', bufferSize: 1, uuidOption } };
      const [, frame] = await served().raw.both(`${GROUPS}/Read`, [GroupReadReq.encode(join)], 2);
      expect(idOf(frame)).toEqual(wanted);
    }
  });

  test('$all can be read through a filter, whose count is of what matches', async () => {
    const name = freshName();
    for (let round = 0; round < 4; round++) {
      await served().client.appendToStream(freshName(), numbered(3));
      await served().client.appendToStream(name, numbered(1));
    }
    const filter = { streamIdentifier: { prefix: [name] }, max: 5 };
    expect(await read({ all, count: 3n, filter })).toHaveLength(3);
    expect(await read({ all: { end: {} }, readDirection: 1, count: 9n, filter })).toHaveLength(4);
    expect(await read({ all, count: 9n, filter: { streamIdentifier: {}, max: 5 } })).toHaveLength(0);
    expect(
      await read({ all, count: 9n, filter: { ...filter, streamIdentifier: { regex: `\\A${name}\\z` } } }),
    ).toHaveLength(4);
  });

  describe('that asks for it is told where a stream begins and ends:', () => {
    /** Of a stream of 100 events, the first 50 truncated: the revisions read, and what else is said. */
    const told = async (from: object, count: bigint, more: object = {}) => {
      const name = freshName();
      await served().client.appendToStream(name, numbered(100));
      await served().client.setStreamMetadata(name, { truncateBefore: 50 });
      const options = { stream: { ...stream(name), ...from }, count, noFilter: {}, ...more };
      const answers = (await read({ ...options, controlOption: { compatibility: 1 } })).map(ReadResp.decode);
      const ends = answers.filter((answer) => answer.firstStreamPosition ?? answer.lastStreamPosition);
      return [answers.length - ends.length, ...ends.map((answer) => ({ ...answer }))];
    };

    test('the first when the first page has nothing', async () => {
      expect(await told({ start: {} }, 1n)).toEqual([1, { firstStreamPosition: 50n }, { lastStreamPosition: 99n }]);
      expect(await told({ start: {} }, 100n)).toEqual([50, { firstStreamPosition: 50n }, { lastStreamPosition: 99n }]);
      expect(await told({ revision: 500n }, 1n)).toEqual([
        0,
        { firstStreamPosition: 100n },
        { lastStreamPosition: 99n },
      ]);
    });

    test('the last alone when it has, or begins where it was asked to, or goes backwards', async () => {
      const last = { lastStreamPosition: 99n };
      expect(await told({ revision: 20n }, 100n)).toEqual([50, last]);
      expect(await told({ revision: 100n }, 1n)).toEqual([0, last]);
      expect(await told({ end: {} }, 100n, { readDirection: 1 })).toEqual([50, last]);
    });
  });
});
