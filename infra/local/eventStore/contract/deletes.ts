import { StreamDeletedError, StreamNotFoundError, WrongExpectedVersionError } from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import { collect, freshName, numbered, revisionsOf, type Subject } from '../testing/subject.ts';

export function deleteContract(subject: () => Subject): void {
  const thrown = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

  describe('a soft delete', () => {
    test('hides the stream; writing it again goes on with its numbers and keeps the old hidden', async () => {
      const { client } = subject();
      const name = freshName();
      await client.appendToStream(name, numbered(3));
      await client.deleteStream(name, { expectedRevision: 2n });
      await expect(collect(client.readStream(name))).rejects.toBeInstanceOf(StreamNotFoundError);
      const again = await client.appendToStream(name, numbered(2), { expectedRevision: 'no_stream' });
      expect(again.nextExpectedRevision).toBe(4n);
      expect(revisionsOf(await collect(client.readStream(name)))).toEqual([3n, 4n]);
      const [metadata] = await collect(client.readStream(`$$${name}`));
      expect(metadata?.event).toMatchObject({ revision: 1n, data: { $tb: 3 } });
    });

    test('with an expected revision is refused when it is another', async () => {
      const { client } = subject();
      const name = freshName();
      await client.appendToStream(name, numbered(2));
      expect(await thrown(client.deleteStream(name, { expectedRevision: 0n }))).toMatchObject({
        streamName: name,
        expectedVersion: 0n,
        actualVersion: 1n,
      });
      expect(await thrown(client.deleteStream(name, { expectedRevision: 'no_stream' }))).toBeInstanceOf(
        WrongExpectedVersionError,
      );
    });

    test('of a stream nobody wrote is refused', async () => {
      expect(await thrown(subject().client.deleteStream(freshName()))).toMatchObject({ actualVersion: -1n });
    });

    test('can be repeated, and an append to an existing stream then says it is deleted', async () => {
      const { client } = subject();
      const name = freshName();
      await client.appendToStream(name, numbered(1));
      await client.deleteStream(name);
      await client.deleteStream(name, { expectedRevision: 0n });
      const error = await thrown(client.appendToStream(name, numbered(1), { expectedRevision: 'stream_exists' }));
      expect(error).toBeInstanceOf(StreamDeletedError);
    });

    test('loses the metadata, and setting it while deleted hides what was there', async () => {
      const { client } = subject();
      const name = freshName();
      await client.appendToStream(name, numbered(2));
      await client.deleteStream(name);
      await client.setStreamMetadata(name, { maxCount: 7 });
      const [metadata] = await collect(client.readStream(`$$${name}`));
      expect(metadata?.event).toMatchObject({ revision: 2n, data: { $maxCount: 7, $tb: 2 } });
      expect(await collect(client.readStream(name))).toEqual([]);
    });
  });

  describe('a tombstone', () => {
    test('ends a stream for good, whatever is asked of it', async () => {
      const { client } = subject();
      const name = freshName();
      await client.appendToStream(name, numbered(1));
      await client.tombstoneStream(name, { expectedRevision: 0n });
      const credentials = { username: 'admin', password: 'changeit' };
      for (const attempt of [
        () => collect(client.readStream(name)),
        () => client.appendToStream(name, numbered(1)),
        () => client.appendToStream(name, numbered(1), { credentials }),
        () => client.deleteStream(name),
        () => client.tombstoneStream(name),
        () => client.setStreamMetadata(name, { maxCount: 1 }),
        () => client.getStreamMetadata(name),
      ]) {
        const error = await thrown(attempt());
        expect(error).toBeInstanceOf(StreamDeletedError);
      }
    });

    test('is taken on a stream nobody wrote', async () => {
      const { client } = subject();
      const name = freshName();
      await client.tombstoneStream(name, { expectedRevision: 'no_stream' });
      await expect(collect(client.readStream(name))).rejects.toBeInstanceOf(StreamDeletedError);
    });

    test('is refused with another expected revision', async () => {
      const { client } = subject();
      const name = freshName();
      await client.appendToStream(name, numbered(1));
      expect(await thrown(client.tombstoneStream(name, { expectedRevision: 'no_stream' }))).toMatchObject({
        expectedVersion: -1n,
        actualVersion: 0n,
      });
    });
  });
}
