import { describe, expect, test } from '@jest/globals';
import { refusalOf } from './testing/rawCalls.ts';
import { servedTests } from './testing/servedTests.ts';
import { freshName, numbered } from './testing/subject.ts';
import { BatchAppendReq, BatchAppendResp } from './wire/batch.ts';
import type { MessageValue } from './wire/message.ts';
import { AppendReq, DeleteReq } from './wire/streams.ts';

const STREAMS = '/event_store.client.streams.Streams';
const INVALID_ARGUMENT = 3;
const UNIMPLEMENTED = 12;

describe('the wire', () => {
  const served = servedTests();

  const stream = (streamName: string) => ({ streamIdentifier: { streamName } });

  test('bytes that are no message are refused, and the server goes on', async () => {
    for (const garbage of [Buffer.from([0xff]), Buffer.from([0x0a, 0x7f, 1]), Buffer.alloc(64, 0xff)]) {
      expect((await refusalOf(served().raw.answers(`${STREAMS}/Read`, garbage))).code).toBe(INVALID_ARGUMENT);
      expect((await refusalOf(served().raw.requests(`${STREAMS}/Append`, [garbage]))).code).toBe(INVALID_ARGUMENT);
      expect((await refusalOf(served().raw.unary(`${STREAMS}/Delete`, garbage))).code).toBe(INVALID_ARGUMENT);
      expect((await refusalOf(served().raw.both(`${STREAMS}/BatchAppend`, [garbage], 1))).code).toBe(INVALID_ARGUMENT);
    }
    await served().client.appendToStream(freshName(), numbered(1));
  });

  test('an RPC that is not there is unimplemented', async () => {
    expect((await refusalOf(served().raw.unary(`${STREAMS}/Nothing`, Buffer.alloc(0)))).code).toBe(UNIMPLEMENTED);
    const users = '/event_store.client.users.Users/Details';
    expect((await refusalOf(served().raw.answers(users, Buffer.alloc(0)))).code).toBe(UNIMPLEMENTED);
    expect(
      (await refusalOf(served().raw.unary('/event_store.client.redaction.Redaction/Switch', Buffer.alloc(0)))).code,
    ).toBe(UNIMPLEMENTED);
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
    const classic = await refusalOf(
      served().raw.requests(`${STREAMS}/Append`, [
        AppendReq.encode({ options }),
        AppendReq.encode({ proposedMessage }),
      ]),
    );
    expect([classic.code, classic.details]).toEqual([INVALID_ARGUMENT, expect.stringMatching(reason)]);
    const batch = {
      correlationId: Buffer.from([1]),
      options,
      proposedMessages: [proposedMessage ?? {}],
      isFinal: true,
    };
    const [answer] = await served().raw.both(`${STREAMS}/BatchAppend`, [BatchAppendReq.encode(batch)], 1);
    const { error } = BatchAppendResp.decode(answer as Buffer);
    expect(error).toMatchObject({ code: 3, message: 'BadRequest' });
    expect(error?.details?.value?.toString()).toMatch(reason);
  });

  test('a write without a stream or an expectation is refused', async () => {
    for (const options of [stream('x'), { any: {} }, { ...stream('$$'), any: {} }, { ...stream('$all'), any: {} }]) {
      expect((await refusalOf(served().raw.unary(`${STREAMS}/Delete`, DeleteReq.encode({ options })))).code).toBe(
        INVALID_ARGUMENT,
      );
      const append = refusalOf(served().raw.requests(`${STREAMS}/Append`, [AppendReq.encode({ options })]));
      expect((await append).code).toBe(INVALID_ARGUMENT);
    }
  });

  test('a missing key is named in the trailers', async () => {
    const options = { ...stream(freshName()), any: {} };
    const { metadata } = await refusalOf(
      served().raw.requests(`${STREAMS}/Append`, [
        AppendReq.encode({ options }),
        AppendReq.encode({ proposedMessage: {} }),
      ]),
    );
    expect(metadata.get('exception')).toEqual(['missing-required-metadata-property']);
    expect(metadata.get('required-metadata-properties')).toEqual(['type,content-type']);
  });

  test('a stream name that is not ASCII is percent-encoded in trailers', async () => {
    const options = { ...stream('žluť'), any: {} };
    const { metadata } = await refusalOf(served().raw.unary(`${STREAMS}/Delete`, DeleteReq.encode({ options })));
    expect(metadata.get('stream-name')).toEqual(['%C5%BElu%C5%A5']);
  });
});
