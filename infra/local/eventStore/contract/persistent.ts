import { once } from 'node:events';
import { END, persistentSubscriptionToAllSettingsFromDefaults, SKIP, streamNameFilter } from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import { freshName, numbered, type Subject } from '../testing/subject.ts';
import { type Delivery, places, startedGroups } from './startedGroups.ts';

export function persistentContract(subject: () => Subject): void {
  const { group, join, consume } = startedGroups(subject);

  describe('a persistent subscription', () => {
    test('delivers from its start, inclusive, and what is written later', async () => {
      const name = await group({ startFrom: 2n });
      const subscription = join(name);
      const seen = consume(subscription, 4, (delivery) => subscription.ack(delivery as never));
      await once(subscription, 'confirmation');
      await subject().client.appendToStream(name, numbered(1));
      expect(places(await seen)).toEqual(['2/0', '3/0', '4/0', '5/0']);
    });

    test('from the end delivers only what is written later', async () => {
      const name = await group({ startFrom: END });
      await subject().client.appendToStream(name, numbered(1));
      const subscription = join(name);
      expect(places(await consume(subscription, 1, (one) => subscription.ack(one as never)))).toEqual(['5/0']);
    });

    test('skips what is rejected so', async () => {
      const name = await group();
      const subscription = join(name, 1);
      const seen = await consume(subscription, 5, (one) => subscription.nack(SKIP, 'never', one as never));
      expect(places(seen)).toEqual(['0/0', '1/0', '2/0', '3/0', '4/0']);
    });

    test('delivers again what a consumer that left had, and what one kept for too long', async () => {
      const name = await group({ messageTimeout: 100 });
      await consume(join(name, 2), 2, () => undefined);
      const kept: Delivery[] = [];
      const second = join(name);
      const seen = await consume(second, 6, (one) => {
        const isKept = one.event?.revision === 3n && one.retryCount === 0;
        if (isKept) kept.push(one);
        return isKept ? undefined : second.ack(one as never);
      });
      expect(kept).toHaveLength(1);
      expect(places(seen)).toEqual(['0/1', '1/1', '2/0', '3/0', '4/0', '3/1']);
    });

    test('gives each consumer no more than its buffer', async () => {
      const name = await group({ consumerStrategyName: 'RoundRobin' });
      const [one, two] = [join(name, 2), join(name, 2)];
      const seen: string[] = [];
      one.on('data', ({ event }) => seen.push(`one ${event?.revision}`));
      two.on('data', ({ event }) => seen.push(`two ${event?.revision}`));
      await new Promise<void>((resolve) => {
        const check = () => seen.length === 4 && resolve();
        one.on('data', check);
        two.on('data', check);
      });
      const info = await subject().client.getPersistentSubscriptionToStreamInfo(name, 'group');
      expect(info.stats).toMatchObject({ totalInFlightMessages: 4 });
      expect(
        info.connections.map(({ inFlightMessages, availableSlots }) => [inFlightMessages, availableSlots]),
      ).toEqual([
        [2, 0],
        [2, 0],
      ]);
      await Promise.all([one.unsubscribe(), two.unsubscribe()]);
    });

    test('keeps the events of one stream with one consumer when pinned', async () => {
      const { client } = subject();
      const prefix = freshName('pin');
      await client.createPersistentSubscriptionToAll(
        `pinned-${prefix}`,
        persistentSubscriptionToAllSettingsFromDefaults({ startFrom: END, consumerStrategyName: 'Pinned' }),
        { filter: streamNameFilter({ prefixes: [prefix] }) },
      );
      const owners = new Map<string, Set<number>>();
      let count = 0;
      const done = Promise.withResolvers<void>();
      const consumers = [0, 1].map((index) => {
        const consumer = client.subscribeToPersistentSubscriptionToAll(`pinned-${prefix}`, { bufferSize: 3 });
        consumer.on('data', (delivery) => {
          const owner = owners.get(delivery.event?.streamId ?? '') ?? new Set();
          owners.set(delivery.event?.streamId ?? '', owner.add(index));
          void consumer.ack(delivery);
          if (++count === 80) done.resolve();
        });
        return consumer;
      });
      await Promise.all(consumers.map((consumer) => once(consumer, 'confirmation')));
      for (let stream = 0; stream < 20; stream++) await client.appendToStream(`${prefix}-${stream}`, numbered(4));
      await done.promise;
      expect([...owners.values()].map((owner) => owner.size)).toEqual(Array.from({ length: 20 }, () => 1));
      expect(new Set([...owners.values()].flatMap((owner) => [...owner]))).toEqual(new Set([0, 1]));
      await Promise.all(consumers.map((consumer) => consumer.unsubscribe()));
    });

    test('resolves links, whose ids are the ones to settle', async () => {
      const { client } = subject();
      const target = freshName();
      await client.appendToStream(target, numbered(1));
      const name = await group({ resolveLinkTos: true }, 0);
      const data = Buffer.from(`0@${target}`);
      await client.appendToStream(name, {
        ...numbered(1)[0],
        type: '$>',
        contentType: 'application/octet-stream',
        data,
      } as never);
      const subscription = join(name);
      const [one] = await consume(subscription, 1, (delivery) => subscription.ack(delivery as never));
      expect(one).toMatchObject({ event: { streamId: target }, link: { streamId: name } });
    });

    test('goes on from its checkpoint when everything is restarted', async () => {
      const { client } = subject();
      const name = await group({ checkPointLowerBound: 1, checkPointUpperBound: 1 });
      const first = join(name, 1);
      await consume(first, 3, (one) => first.ack(one as never));
      const checkpoints = client.subscribeToStream(`$persistentsubscription-${name}::group-checkpoint`);
      for await (const { event } of checkpoints) if (event?.data === '2') break;
      await client.restartPersistentSubscriptionSubsystem();
      const second = join(name);
      expect(places(await consume(second, 2, (one) => second.ack(one as never)))).toEqual(['3/0', '4/0']);
    });
  });
}
