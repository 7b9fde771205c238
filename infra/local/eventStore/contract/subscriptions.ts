import { once } from 'node:events';
import {
  END,
  eventTypeFilter,
  type ReadPosition,
  START,
  StreamDeletedError,
  streamNameFilter,
} from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import { failureOf, freshName, numbered, revisionsOf, type Subject, take } from '../testing/subject.ts';

export function subscriptionContract(subject: () => Subject): void {
  const written = async (count: number): Promise<string> => {
    const name = freshName();
    await subject().client.appendToStream(name, numbered(count));
    return name;
  };

  describe('a subscription to a stream', () => {
    test('brings history, says it caught up, and goes on with what is written', async () => {
      const { client } = subject();
      const name = await written(3);
      const seen: string[] = [];
      const subscription = client.subscribeToStream(name, { fromRevision: START });
      subscription.on('confirmation', () => seen.push('confirmation'));
      subscription.on('caughtUp', () => {
        seen.push('caught up');
        void client.appendToStream(name, numbered(1));
      });
      subscription.on('data', ({ event }) => seen.push(String(event?.revision)));
      await new Promise<void>((resolve) => subscription.on('data', ({ event }) => event?.revision === 3n && resolve()));
      expect(seen).toEqual(['confirmation', '0', '1', '2', 'caught up', '3']);
      await subscription.unsubscribe();
    });

    test('from a revision begins after it, also after the first', async () => {
      const { client } = subject();
      const name = await written(4);
      expect(revisionsOf(await take(client.subscribeToStream(name, { fromRevision: 0n }), 3))).toEqual([1n, 2n, 3n]);
    });

    test('from the end brings only what is written later', async () => {
      const { client } = subject();
      const name = await written(2);
      const subscription = client.subscribeToStream(name, { fromRevision: END });
      subscription.on('caughtUp', () => void client.appendToStream(name, numbered(2)));
      expect(revisionsOf(await take(subscription, 2))).toEqual([2n, 3n]);
    });

    test('to a stream nobody wrote yet waits for it', async () => {
      const { client } = subject();
      const name = freshName();
      const subscription = client.subscribeToStream(name);
      subscription.on('confirmation', () => void client.appendToStream(name, numbered(1)));
      expect(revisionsOf(await take(subscription, 1))).toEqual([0n]);
    });

    test('shows truncation in the history, not in what is live', async () => {
      const { client } = subject();
      const name = await written(4);
      await client.setStreamMetadata(name, { maxCount: 1 });
      const subscription = client.subscribeToStream(name, { fromRevision: START });
      subscription.on('caughtUp', () => void client.appendToStream(name, numbered(3)));
      expect(revisionsOf(await take(subscription, 4))).toEqual([3n, 4n, 5n, 6n]);
    });

    test('ends with an error when the stream is tombstoned, before or meanwhile', async () => {
      const { client } = subject();
      const name = await written(1);
      const subscription = client.subscribeToStream(name);
      const last = new Promise((resolve) =>
        subscription.on('data', ({ event }) => event?.type[0] === '$' && resolve(event)),
      );
      subscription.on('caughtUp', () => void client.tombstoneStream(name));
      expect(await failureOf(subscription)).toBeInstanceOf(StreamDeletedError);
      expect(await last).toMatchObject({ type: '$streamDeleted', revision: 9223372036854775807n });
      expect(await failureOf(client.subscribeToStream(name))).toBeInstanceOf(StreamDeletedError);
    });

    test('goes on after a soft delete with the new events', async () => {
      const { client } = subject();
      const name = await written(2);
      const subscription = client.subscribeToStream(name, { fromRevision: END });
      subscription.on('caughtUp', async () => {
        await client.deleteStream(name);
        await client.appendToStream(name, numbered(1));
      });
      expect(revisionsOf(await take(subscription, 1))).toEqual([2n]);
    });

    test('resolves links when asked to', async () => {
      const { client } = subject();
      const target = await written(1);
      const links = freshName();
      await client.appendToStream(links, {
        ...numbered(1)[0],
        type: '$>',
        contentType: 'application/octet-stream',
        data: Buffer.from(`0@${target}`),
      } as never);
      const [resolved] = await take(client.subscribeToStream(links, { resolveLinkTos: true }), 1);
      expect(resolved).toMatchObject({ event: { streamId: target }, link: { streamId: links } });
    });
  });

  describe('a subscription to $all', () => {
    test('from a position begins after it', async () => {
      const { client } = subject();
      const name = freshName();
      const first = await client.appendToStream(name, numbered(1));
      await client.appendToStream(name, numbered(2));
      const filter = streamNameFilter({ prefixes: [name] });
      const events = await take(client.subscribeToAll({ fromPosition: first.position as ReadPosition, filter }), 2);
      expect(events.map(({ event }) => [event?.streamId, event?.revision])).toEqual([
        [name, 1n],
        [name, 2n],
      ]);
    });

    test('from the end brings only what is written later, without a gap', async () => {
      const { client } = subject();
      const name = await written(1);
      const subscription = client.subscribeToAll({ fromPosition: END, filter: streamNameFilter({ prefixes: [name] }) });
      subscription.on('data', () => undefined);
      await once(subscription, 'confirmation');
      const collected = new Promise<bigint[]>((resolve) => {
        const seen: bigint[] = [];
        subscription.on('data', ({ event }) => {
          if (event) seen.push(event.revision);
          if (seen.length === 50) resolve(seen);
        });
      });
      await Promise.all(numbered(50).map((event) => client.appendToStream(name, event)));
      expect(await collected).toEqual(Array.from({ length: 50 }, (_, index) => BigInt(index + 1)));
      await subscription.unsubscribe();
    });

    test.each([
      ['stream prefixes', (name: string) => streamNameFilter({ prefixes: ['no-such', name] })],
      ['a stream pattern', (name: string) => streamNameFilter({ regex: `^${name}$` })],
      ['type prefixes', (name: string) => eventTypeFilter({ prefixes: [`Type-${name}`] })],
      ['a type pattern', (name: string) => eventTypeFilter({ regex: `Type-${name}` })],
    ])('filtered by %s brings those events', async (_, toFilter) => {
      const { client } = subject();
      const name = freshName();
      const start = await client.appendToStream(freshName(), numbered(5));
      await client.appendToStream(name, numbered(3, `Type-${name}-x`));
      const fromPosition = start.position as ReadPosition;
      const subscription = client.subscribeToAll({ fromPosition, filter: toFilter(name) });
      subscription.on('caughtUp', async () => {
        await client.appendToStream(freshName(), numbered(1));
        await client.appendToStream(name, numbered(1, `Type-${name}-x`));
      });
      const events = await take(subscription, 4);
      expect(events.map(({ event }) => [event?.streamId, event?.revision])).toEqual(
        [0n, 1n, 2n, 3n].map((revision) => [name, revision]),
      );
    });

    test('filtered sends checkpoints from which nothing is missed or doubled', async () => {
      const { client } = subject();
      const name = freshName();
      const start = await client.appendToStream(freshName(), numbered(1));
      for (let round = 0; round < 8; round++) {
        await client.appendToStream(name, numbered(8));
        await client.appendToStream(freshName(), numbered(8));
      }
      const follow = (fromPosition: ReadPosition, checkpoints: ReadPosition[]) =>
        client.subscribeToAll({
          fromPosition,
          filter: streamNameFilter({
            prefixes: [name],
            maxSearchWindow: 10,
            checkpointInterval: 1,
            checkpointReached: async (_, position) => void checkpoints.push(position),
          }),
        });
      const checkpoints: ReadPosition[] = [];
      const positions: bigint[] = [];
      const subscription = follow(start.position as ReadPosition, checkpoints);
      subscription.on('data', ({ event }) => positions.push(event?.position?.commit ?? 0n));
      await once(subscription, 'caughtUp');
      await subscription.unsubscribe();
      expect(positions).toHaveLength(64);
      expect(checkpoints.length).toBeGreaterThan(3);
      for (const checkpoint of checkpoints.slice(0, 4)) {
        const before = positions.filter((position) => position <= (checkpoint as { commit: bigint }).commit);
        const [next] = await take(follow(checkpoint, []), 1);
        expect(next?.event?.revision).toBe(BigInt(before.length));
      }
    });
  });
}
