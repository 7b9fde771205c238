import { PARK, RETRY, STOP } from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import type { Subject } from '../testing/subject.ts';
import { places, startedGroups } from './startedGroups.ts';

export function parkedContract(subject: () => Subject): void {
  const thrown = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);
  const { group, join, consume } = startedGroups(subject);

  describe('a group of consumers', () => {
    const parkedOf = async (name: string, count: number) => {
      const subscription = subject().client.subscribeToStream(`$persistentsubscription-${name}::group-parked`, {
        resolveLinkTos: true,
      });
      const seen = [];
      for await (const one of subscription) if (seen.push(one) === count) break;
      return seen;
    };

    test('delivers a rejected event again with its retry counted, and parks it at last', async () => {
      const name = await group({ maxRetryCount: 1 });
      const subscription = join(name);
      const seen = await consume(subscription, 6, (one) =>
        one.event?.revision === 1n ? subscription.nack(RETRY, 'again', one as never) : subscription.ack(one as never),
      );
      expect(places(seen).filter((place) => place.startsWith('1'))).toEqual(['1/0', '1/1']);
      const parked = await parkedOf(name, 1);
      expect(
        parked.map(({ event, link }) => [event?.revision, (link?.metadata as { reason: string } | undefined)?.reason]),
      ).toEqual([[1n, 'Reached retry count of 1']]);
    });

    test('parks what is rejected so, and replays it when asked, up to a revision of the parked stream', async () => {
      const { client } = subject();
      const name = await group();
      const first = join(name);
      await consume(first, 5, (one) => first.nack(PARK, 'no good', one as never));
      expect((await parkedOf(name, 5)).map(({ event }) => event?.revision)).toEqual([0n, 1n, 2n, 3n, 4n]);
      expect((await client.getPersistentSubscriptionToStreamInfo(name, 'group')).stats.parkedMessageCount).toBe(5n);
      await client.replayParkedMessagesToStream(name, 'group', { stopAt: 2 });
      const second = join(name);
      const replayed = await consume(second, 2, (one) => second.ack(one as never));
      expect(places(replayed)).toEqual(['0/0', '1/0']);
      expect(replayed.every(({ link }) => link !== undefined)).toBe(true);
      expect((await client.getPersistentSubscriptionToStreamInfo(name, 'group')).stats.parkedMessageCount).toBe(3n);
      await client.replayParkedMessagesToStream(name, 'group');
      const third = join(name);
      expect(places(await consume(third, 3, (one) => third.ack(one as never)))).toEqual(['2/0', '3/0', '4/0']);
      expect(await thrown(client.replayParkedMessagesToStream(name, 'group', { stopAt: -1 }))).toBeInstanceOf(Error);
    });

    test('replays what it was asked for, once however often it was asked', async () => {
      const { client } = subject();
      const name = await group();
      const first = join(name);
      await consume(first, 5, (one) => first.nack(PARK, 'no good', one as never));
      await parkedOf(name, 5);
      for (const stopAt of [2, 2]) {
        await client.replayParkedMessagesToStream(name, 'group', { stopAt });
        while ((await client.getPersistentSubscriptionToStreamInfo(name, 'group')).stats.parkedMessageCount !== 3n);
      }
      await client.replayParkedMessagesToStream(name, 'group', { stopAt: 3 });
      const second = join(name);
      const seen = await consume(second, 3, (one) => second.ack(one as never));
      expect(places(seen).sort()).toEqual(['0/0', '1/0', '2/0']);
    });

    test('has nothing to replay where nothing is parked', async () => {
      const name = await group();
      await subject().client.replayParkedMessagesToStream(name, 'group');
      const subscription = join(name);
      const seen = await consume(subscription, 5, (one) => subscription.ack(one as never));
      expect(places(seen)).toEqual(['0/0', '1/0', '2/0', '3/0', '4/0']);
    });

    test('that may try nothing again parks at the first rejection', async () => {
      const name = await group({ maxRetryCount: 0 });
      const subscription = join(name);
      await consume(subscription, 5, (one) => subscription.nack(RETRY, 'again', one as never));
      expect(await parkedOf(name, 5)).toHaveLength(5);
    });

    test('does not deliver again what was rejected to stop, and goes on', async () => {
      const name = await group();
      const subscription = join(name, 1);
      const seen = await consume(subscription, 5, (one) => subscription.nack(STOP, 'enough', one as never));
      expect(places(seen)).toEqual(['0/0', '1/0', '2/0', '3/0', '4/0']);
    });
  });
}
