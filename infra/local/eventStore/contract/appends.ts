import { randomUUID } from 'node:crypto';
import {
  binaryEvent,
  jsonEvent,
  MaxAppendSizeExceededError,
  StreamNotFoundError,
  type MaxAppendSizeExceededError as TooLarge,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import { collect, freshName, numbered, revisionsOf, type Subject } from '../testing/subject.ts';

/** Both ways to append answer the same: passing credentials makes the client use the older one. */
const WAYS = [
  ['batch append', {}],
  ['classic append', { credentials: { username: 'admin', password: 'changeit' } }],
] as const;

export function appendContract(subject: () => Subject): void {
  describe.each(WAYS)('%s', (_, way) => {
    const append = (name: string, events: ReturnType<typeof numbered>, expectedRevision: Revision = 'any') =>
      subject().client.appendToStream(name, events, { ...way, expectedRevision });

    test('answers with the last revision and a position that grows', async () => {
      const name = freshName();
      const first = await append(name, numbered(3), 'no_stream');
      expect(first).toMatchObject({ success: true, nextExpectedRevision: 2n });
      const second = await append(name, numbered(1), 2n);
      expect(second.nextExpectedRevision).toBe(3n);
      expect(second.position?.commit).toBeGreaterThan(first.position?.commit ?? 0n);
      const last = (await collect(subject().client.readStream(name, { fromRevision: 3n })))[0]?.event;
      expect(last?.position).toEqual(second.position);
    });

    test('refuses another expected revision and says what it found', async () => {
      const name = freshName();
      await append(name, numbered(2));
      for (const [expected, actual] of [
        ['no_stream', 1n],
        [0n, 1n],
        [7n, 1n],
      ] as const) {
        const error = await append(name, numbered(1), expected).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(WrongExpectedVersionError);
        expect(error).toMatchObject({ streamName: name, expectedVersion: expected, actualVersion: actual });
      }
      const missing = await append(freshName(), numbered(1), 'stream_exists').catch((thrown: unknown) => thrown);
      expect(missing).toMatchObject({ expectedVersion: 'stream_exists', actualVersion: 'no_stream' });
    });

    test('a repeat is answered as the first time and writes nothing', async () => {
      const name = freshName();
      const events = numbered(2);
      const first = await append(name, events, 'any');
      for (const expected of ['any', 'no_stream', 'stream_exists'] as const) {
        expect(await append(name, events, expected)).toEqual(first);
      }
      const second = numbered(2);
      const later = await append(name, second, 1n);
      expect(await append(name, second, 1n)).toEqual(later);
      expect(await collect(subject().client.readStream(name))).toHaveLength(4);
    });

    test('a repeat with something new in it is refused', async () => {
      const name = freshName();
      const [first, second] = numbered(2);
      if (!first || !second) throw new Error('numbered(2) makes two');
      await append(name, [first, second]);
      for (const expected of ['any', 'no_stream', 'stream_exists'] as const) {
        const error = await append(name, [first, ...numbered(1)], expected).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ type: 'wrong-expected-version', actualVersion: 1n });
      }
      const past = await append(name, [second, ...numbered(1)], 0n).catch((thrown: unknown) => thrown);
      expect(past).toBeInstanceOf(WrongExpectedVersionError);
    });

    test('the same ids written to another stream are forgotten for the first, except where it is read', async () => {
      const [name, other] = [freshName(), freshName()];
      const events = numbered(1);
      await append(name, events);
      await append(other, events);
      expect(await append(name, events, 'no_stream')).toMatchObject({ nextExpectedRevision: 0n });
      expect(await append(name, events, 'any')).toMatchObject({ nextExpectedRevision: 1n });
    });

    test('data and metadata come back byte for byte', async () => {
      const name = freshName();
      const data = Buffer.from([0, 255, 128, 10]);
      const id = randomUUID();
      await append(name, [
        binaryEvent({ id: id.toUpperCase(), type: 'Bytes ünïcode', data, metadata: Buffer.from([1, 2]) }),
        jsonEvent({ type: 'Text', data: { text: 'žluť' }, metadata: { why: 'test' } }),
      ] as never);
      const [bytes, text] = await collect(subject().client.readStream(name));
      expect(bytes?.event).toMatchObject({ id, type: 'Bytes ünïcode', isJson: false, streamId: name });
      expect(Buffer.from(bytes?.event?.data as Uint8Array)).toEqual(data);
      expect(text?.event).toMatchObject({ data: { text: 'žluť' }, metadata: { why: 'test' }, isJson: true });
    });

    test('created lies between the call and its answer', async () => {
      const name = freshName();
      const before = Date.now();
      await append(name, numbered(1));
      const [read] = await collect(subject().client.readStream(name));
      expect(read?.event?.created.getTime()).toBeGreaterThanOrEqual(before);
      expect(read?.event?.created.getTime()).toBeLessThanOrEqual(Date.now());
    });

    test('exactly the largest size is taken, one byte more is not', async () => {
      const name = freshName();
      const big = (size: number) => [binaryEvent({ type: 'Big', data: Buffer.alloc(size) })] as never;
      await append(name, big(1024 * 1024));
      const error = await append(name, big(1024 * 1024 + 1)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(MaxAppendSizeExceededError);
      expect((error as TooLarge).maxAppendSize).toBe(1024 * 1024);
      expect(revisionsOf(await collect(subject().client.readStream(name)))).toEqual([0n]);
    });

    test('no events at all make no stream', async () => {
      const name = freshName();
      await append(name, [], 'no_stream');
      await expect(collect(subject().client.readStream(name))).rejects.toBeInstanceOf(StreamNotFoundError);
    });
  });

  test('many appends in flight are written in the order they were sent', async () => {
    const name = freshName();
    const { client } = subject();
    const answers = await Promise.all(numbered(200).map((event) => client.appendToStream(name, event)));
    expect(answers.map((answer) => answer.nextExpectedRevision)).toEqual(answers.map((_, index) => BigInt(index)));
    const read = await collect(client.readStream(name));
    expect(read.map(({ event }) => (event?.data as { n: number } | undefined)?.n)).toEqual(
      answers.map((_, index) => index),
    );
  });

  test('an append in many small pieces is written as one', async () => {
    const name = freshName();
    const answer = await subject().client.appendToStream(name, numbered(50), { batchAppendSize: 1 });
    expect(answer.nextExpectedRevision).toBe(49n);
  });
}

type Revision = 'any' | 'no_stream' | 'stream_exists' | bigint;
