import {
  BACKWARDS,
  END,
  type ReadPosition,
  type ResolvedEvent,
  START,
  StreamNotFoundError,
} from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import { collect, freshName, numbered, revisionsOf, type Subject } from '../testing/subject.ts';

export function readContract(subject: () => Subject): void {
  describe('reading a stream', () => {
    const written = async (count: number): Promise<string> => {
      const name = freshName();
      await subject().client.appendToStream(name, numbered(count));
      return name;
    };

    test('forwards begins with the revision asked for', async () => {
      const name = await written(5);
      const { client } = subject();
      expect(revisionsOf(await collect(client.readStream(name)))).toEqual([0n, 1n, 2n, 3n, 4n]);
      expect(revisionsOf(await collect(client.readStream(name, { fromRevision: 3n })))).toEqual([3n, 4n]);
      expect(revisionsOf(await collect(client.readStream(name, { fromRevision: START, maxCount: 2 })))).toEqual([
        0n,
        1n,
      ]);
      expect(await collect(client.readStream(name, { fromRevision: 5n }))).toEqual([]);
    });

    test('backwards begins with the revision asked for, at most the last', async () => {
      const name = await written(4);
      const read = async (fromRevision: bigint | 'end', maxCount = 10) =>
        revisionsOf(await collect(subject().client.readStream(name, { direction: BACKWARDS, fromRevision, maxCount })));
      expect(await read(END)).toEqual([3n, 2n, 1n, 0n]);
      expect(await read(1n)).toEqual([1n, 0n]);
      expect(await read(99n, 1)).toEqual([3n]);
    });

    test('a stream nobody wrote is not found, whichever way', async () => {
      const name = freshName();
      for (const direction of ['forwards', 'backwards'] as const) {
        const error = await collect(subject().client.readStream(name, { direction })).catch(
          (thrown: unknown) => thrown,
        );
        expect(error).toBeInstanceOf(StreamNotFoundError);
        expect(error).toMatchObject({ streamName: name });
      }
    });

    test('many reads run side by side', async () => {
      const name = await written(300);
      const reads = await Promise.all(Array.from({ length: 20 }, () => collect(subject().client.readStream(name))));
      expect(reads.map((events) => events.length)).toEqual(Array.from({ length: 20 }, () => 300));
    });
  });

  describe('reading $all', () => {
    test('forwards begins with the position asked for, backwards before it', async () => {
      const name = freshName();
      const { client } = subject();
      const first = await client.appendToStream(name, numbered(1));
      const last = await client.appendToStream(name, numbered(3));
      const from = first.position as ReadPosition;
      // Projections may write in between.
      const own = (events: readonly ResolvedEvent[]) => events.filter(({ event }) => event?.streamId.endsWith(name));
      const forwards = own(await collect(client.readAll({ fromPosition: from })));
      expect(forwards.map(({ event }) => [event?.streamId, event?.revision])).toEqual(
        [0n, 1n, 2n, 3n].map((revision) => [name, revision]),
      );
      expect(forwards[3]?.event?.position).toEqual(last.position);
      const backwards = await collect(
        client.readAll({ fromPosition: last.position as ReadPosition, direction: BACKWARDS, maxCount: 20 }),
      );
      expect(revisionsOf(own(backwards)).slice(0, 2)).toEqual([2n, 1n]);
    });

    test('from the start there is a position above 0, and each one is greater than the one before', async () => {
      await subject().client.appendToStream(freshName(), numbered(3));
      const all = await collect(subject().client.readAll({ maxCount: 1000 }));
      const positions = all.map(({ event }) => event?.position.commit ?? 0n);
      expect(positions[0]).toBeGreaterThan(0n);
      expect(positions.every((position, index) => index === 0 || position > (positions[index - 1] ?? 0n))).toBe(true);
    });

    test('shows metadata, system and deleted events too', async () => {
      const name = freshName();
      const { client } = subject();
      const first = await client.appendToStream(name, numbered(1));
      await client.setStreamMetadata(name, { maxCount: 1 });
      await client.deleteStream(name);
      await client.tombstoneStream(name);
      const all = await collect(client.readAll({ fromPosition: first.position as ReadPosition }));
      const own = all.filter(({ event }) => event?.streamId.endsWith(name));
      expect(own.map(({ event }) => [event?.streamId, event?.type, event?.revision])).toEqual([
        [name, 'Counted', 0n],
        [`$$${name}`, '$metadata', 0n],
        [`$$${name}`, '$metadata', 1n],
        [name, '$streamDeleted', 9223372036854775807n],
      ]);
    });
  });
}
