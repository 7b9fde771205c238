import { describe, expect, test } from '@jest/globals';
import { servedTests } from '../../testing/servedTests.ts';
import { collect, freshName, numbered } from '../../testing/subject.ts';
import { BatchAppendReq, BatchAppendResp } from '../../wire/batch.ts';
import { DeleteReq } from '../../wire/streams.ts';

const STREAMS = '/event_store.client.streams.Streams';

describe('a deadline', () => {
  const served = servedTests({ projections: 'none' });
  const stream = (streamName: string) => ({ streamIdentifier: { streamName } });
  const batch = async (...requests: readonly Parameters<typeof BatchAppendReq.encode>[0][]) => {
    const answers = await served().raw.both(
      `${STREAMS}/BatchAppend`,
      requests.map((request) => BatchAppendReq.encode(request)),
      2,
    );
    return answers.map(BatchAppendResp.decode).map(({ correlationId, error }) => [correlationId?.[0], error?.message]);
  };
  const [one, two, other] = [Buffer.from([1]), Buffer.from([2]), Buffer.from([9])];

  test('may be a duration or an instant; none left is a timeout', async () => {
    const options = { ...stream(freshName()), any: {} };
    const past = { seconds: BigInt(Math.floor(Date.now() / 1000)) - 5n };
    expect(
      await batch(
        { correlationId: one, options: { ...options, deadlineDuration: { seconds: -1n } }, isFinal: true },
        { correlationId: two, options: { ...options, deadlineInstant: past }, isFinal: true },
      ),
    ).toEqual([
      [1, 'Timeout'],
      [2, 'Timeout'],
    ]);
  });

  test('that passes before the last message comes is a timeout, once', async () => {
    const options = { ...stream(freshName()), any: {} };
    expect(
      await batch(
        { correlationId: one, options: { ...options, deadlineDuration: { nanos: 5_000_000 } } },
        { correlationId: two, options: { ...options, deadlineDuration: { nanos: 20_000_000 } } },
        { correlationId: other, isFinal: true },
      ),
    ).toEqual([
      [1, 'Timeout'],
      [2, 'Timeout'],
    ]);
  });

  test('of the official client that has passed is its timeout, and nothing is written', async () => {
    const { client } = served();
    const name = freshName();
    const credentials = { username: 'admin', password: 'changeit' };
    for (const options of [{ deadline: -1000 }, { deadline: -1000, credentials }]) {
      await expect(client.appendToStream(name, numbered(1), options)).rejects.toMatchObject({
        type: expect.stringMatching(/timeout|deadline/),
      });
    }
    await expect(collect(client.readStream(name))).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  test('of a single request that is met changes nothing', async () => {
    const name = freshName();
    await served().client.appendToStream(name, numbered(1), { deadline: 5000 });
    await served().raw.unary(`${STREAMS}/Delete`, DeleteReq.encode({ options: { ...stream(name), any: {} } }), 5000);
  });
});
