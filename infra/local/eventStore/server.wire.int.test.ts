import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningEventStore, startEventStore } from './startEventStore.ts';
import { openRawCalls, type RawCalls, type Refusal } from './testing/rawCalls.ts';
import { collect, connect, freshName, numbered } from './testing/subject.ts';
import { BatchAppendReq, BatchAppendResp } from './wire/batch.ts';
import { type MessageValue, message, nested, uint64 } from './wire/message.ts';
import { Uuid } from './wire/shared.ts';
import { AppendReq, AppendResp, DeleteReq, ReadReq, ReadResp } from './wire/streams.ts';

const RecordedId = message({ id: nested(1, Uuid) });
const STREAMS = '/event_store.client.streams.Streams';
const INVALID_ARGUMENT = 3;
const UNIMPLEMENTED = 12;

describe('the wire', () => {
  let server: RunningEventStore;
  let raw: RawCalls;
  let client: ReturnType<typeof connect>;
  beforeAll(async () => {
    server = await startEventStore();
    raw = openRawCalls(server.url);
    client = connect(server.url);
  });
  afterAll(async () => {
    raw.close();
    await client.dispose();
    await server.stop();
  });

  type ReadOptions = NonNullable<MessageValue<typeof ReadReq>['options']>;
  const read = (options: ReadOptions): Promise<Buffer[]> =>
    raw.answers(`${STREAMS}/Read`, ReadReq.encode({ options: { uuidOption: { string: {} }, ...options } }));
  const stream = (streamName: string) => ({ streamIdentifier: { streamName } });
  const all = { start: {} };
  const refusal = (promise: Promise<unknown>): Promise<Refusal> =>
    promise.then(
      () => Promise.reject(new Error('this should have been refused')),
      (error: Refusal) => error,
    );

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
    const { code, details } = await refusal(read(options));
    expect(code).toBe(INVALID_ARGUMENT);
    expect(details).toMatch(reason);
  });

  test('bytes that are no message are refused, and the server goes on', async () => {
    for (const garbage of [Buffer.from([0xff]), Buffer.from([0x0a, 0x7f, 1]), Buffer.alloc(64, 0xff)]) {
      expect((await refusal(raw.answers(`${STREAMS}/Read`, garbage))).code).toBe(INVALID_ARGUMENT);
      expect((await refusal(raw.requests(`${STREAMS}/Append`, [garbage]))).code).toBe(INVALID_ARGUMENT);
      expect((await refusal(raw.unary(`${STREAMS}/Delete`, garbage))).code).toBe(INVALID_ARGUMENT);
      expect((await refusal(raw.both(`${STREAMS}/BatchAppend`, [garbage], 1))).code).toBe(INVALID_ARGUMENT);
    }
    await client.appendToStream(freshName(), numbered(1));
  });

  test('an RPC that is not there is unimplemented', async () => {
    expect((await refusal(raw.unary(`${STREAMS}/Nothing`, Buffer.alloc(0)))).code).toBe(UNIMPLEMENTED);
    expect((await refusal(raw.unary('/event_store.client.redaction.Redaction/Switch', Buffer.alloc(0)))).code).toBe(
      UNIMPLEMENTED,
    );
  });

  const TYPE = new Map([
    ['type', 'T'],
    ['content-type', 'application/json'],
  ]);
  const ID = { string: Buffer.from('00112233-4455-6677-8899-AABBCCDDEEFF') };

  test.each<[string, MessageValue<typeof AppendReq>['proposedMessage'], RegExp]>([
    ['no id', { metadata: TYPE }, /not a valid UUID/],
    ['a bad id', { id: { string: Buffer.from('nonsense') }, metadata: TYPE }, /'nonsense' is not a valid UUID/],
    ['an id of zeros', { id: { structured: {} }, metadata: TYPE }, /id must not be empty/],
    ['no type', { id: ID, metadata: new Map([['content-type', 'x']]) }, /'type' is missing/],
    ['an empty type', { id: ID, metadata: new Map([...TYPE, ['type', '']]) }, /type must not be empty/],
    ['no content type', { id: ID, metadata: new Map([['type', 'x']]) }, /'content-type' is missing/],
  ])('an event with %s is refused with the reason, both ways', async (_, proposedMessage, reason) => {
    const options = { ...stream(freshName()), any: {} };
    const classic = await refusal(
      raw.requests(`${STREAMS}/Append`, [AppendReq.encode({ options }), AppendReq.encode({ proposedMessage })]),
    );
    expect([classic.code, classic.details]).toEqual([INVALID_ARGUMENT, expect.stringMatching(reason)]);
    const batch = {
      correlationId: Buffer.from([1]),
      options,
      proposedMessages: [proposedMessage ?? {}],
      isFinal: true,
    };
    const [answer] = await raw.both(`${STREAMS}/BatchAppend`, [BatchAppendReq.encode(batch)], 1);
    const { error } = BatchAppendResp.decode(answer as Buffer);
    expect(error).toMatchObject({ code: 3, message: 'BadRequest' });
    expect(error?.details?.value?.toString()).toMatch(reason);
  });

  test('a write without a stream or an expectation is refused', async () => {
    for (const options of [stream('x'), { any: {} }, { ...stream('$$'), any: {} }, { ...stream('$all'), any: {} }]) {
      expect((await refusal(raw.unary(`${STREAMS}/Delete`, DeleteReq.encode({ options })))).code).toBe(
        INVALID_ARGUMENT,
      );
      const append = refusal(raw.requests(`${STREAMS}/Append`, [AppendReq.encode({ options })]));
      expect((await append).code).toBe(INVALID_ARGUMENT);
    }
  });

  test('a missing key is named in the trailers', async () => {
    const options = { ...stream(freshName()), any: {} };
    const { metadata } = await refusal(
      raw.requests(`${STREAMS}/Append`, [AppendReq.encode({ options }), AppendReq.encode({ proposedMessage: {} })]),
    );
    expect(metadata.get('exception')).toEqual(['missing-required-metadata-property']);
    expect(metadata.get('required-metadata-properties')).toEqual(['type,content-type']);
  });

  test('a stream name that is not ASCII is percent-encoded in trailers', async () => {
    const options = { ...stream('žluť'), any: {} };
    const { metadata } = await refusal(raw.unary(`${STREAMS}/Delete`, DeleteReq.encode({ options })));
    expect(metadata.get('stream-name')).toEqual(['%C5%BElu%C5%A5']);
  });

  test('structured ids are taken and given back', async () => {
    const name = freshName();
    const structured = { mostSignificant: 4822678189205111n, leastSignificant: -8603657889541918977n };
    const proposedMessage = { id: { structured }, metadata: TYPE };
    const answer = await raw.requests(`${STREAMS}/Append`, [
      AppendReq.encode({ options: { ...stream(name), noStream: {} } }),
      AppendReq.encode({ proposedMessage }),
    ]);
    expect(AppendResp.decode(answer).success?.currentRevision ?? 0n).toBe(0n);
    const [asText] = await collect(client.readStream(name));
    expect(asText?.event?.id).toBe('00112233-4455-6677-8899-aabbccddeeff');
    const options = { stream: { ...stream(name), start: {} }, count: 9n, noFilter: {} };
    const [frame] = await read({ ...options, uuidOption: { structured: {} } });
    const Recorded = message({ event: nested(1, message({ event: nested(1, RecordedId) })) });
    expect(Recorded.decode(frame as Buffer).event?.event?.id?.structured).toEqual(structured);
  });

  test('a deadline may be a duration; none left is a timeout, and so is a last message that never comes', async () => {
    const options = { ...stream(freshName()), any: {} };
    const answers = await raw.both(
      `${STREAMS}/BatchAppend`,
      [
        BatchAppendReq.encode({
          correlationId: Buffer.from([1]),
          options: { ...options, deadlineDuration: { seconds: -1n } },
          isFinal: true,
        }),
        BatchAppendReq.encode({
          correlationId: Buffer.from([2]),
          options: { ...options, deadlineDuration: { nanos: 5_000_000 } },
        }),
        BatchAppendReq.encode({ correlationId: Buffer.from([9]), isFinal: true }),
      ],
      2,
    );
    const decoded = answers.map((answer) => BatchAppendResp.decode(answer));
    expect(decoded.map(({ correlationId, error }) => [correlationId?.[0], error?.message])).toEqual([
      [1, 'Timeout'],
      [2, 'Timeout'],
    ]);
  });

  test('$all can be read through a filter, whose count is of what matches', async () => {
    const name = freshName();
    for (let round = 0; round < 4; round++) {
      await client.appendToStream(freshName(), numbered(3));
      await client.appendToStream(name, numbered(1));
    }
    const filter = { streamIdentifier: { prefix: [name] }, max: 5 };
    expect(await read({ all, count: 3n, filter })).toHaveLength(3);
    expect(await read({ all: { end: {} }, readDirection: 1, count: 9n, filter })).toHaveLength(4);
    expect(await read({ all, count: 9n, filter: { streamIdentifier: {}, max: 5 } })).toHaveLength(0);
    expect(
      await read({ all, count: 9n, filter: { ...filter, streamIdentifier: { regex: `\\A${name}\\z` } } }),
    ).toHaveLength(4);
  });

  test('who asks for it is told where a stream begins and ends', async () => {
    const name = freshName();
    await client.appendToStream(name, numbered(5));
    await client.setStreamMetadata(name, { truncateBefore: 3 });
    const options = {
      stream: { ...stream(name), start: {} },
      count: 1n,
      noFilter: {},
      controlOption: { compatibility: 1 },
    };
    const answers = (await read(options)).map((answer) => ReadResp.decode(answer));
    expect(answers.map((answer) => answer.lastStreamPosition)).toContain(4n);
  });

  test('an operator is answered', async () => {
    const operations = '/event_store.client.operations.Operations';
    expect((await raw.unary(`${operations}/StartScavenge`, Buffer.alloc(0))).length).toBeGreaterThan(36);
    const { code, metadata } = await refusal(raw.unary(`${operations}/StopScavenge`, Buffer.alloc(0)));
    expect([code, metadata.get('exception')]).toEqual([5, ['scavenge-not-found']]);
    await raw.unary(`${operations}/MergeIndexes`, Buffer.alloc(0));
    const Period = message({ refreshTimePeriodInMs: uint64(4) });
    const stats = '/event_store.client.monitoring.Monitoring/Stats';
    const answers = await raw.answers(stats, Period.encode({ refreshTimePeriodInMs: 1n }), 2);
    expect(answers[1]?.toString()).toMatch('es-events');
    expect((await refusal(raw.answers(stats, Buffer.alloc(0)))).code).toBe(INVALID_ARGUMENT);
  });
});
