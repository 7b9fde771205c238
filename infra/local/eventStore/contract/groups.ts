import { once } from 'node:events';
import {
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults as settings,
} from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import { freshName, type Subject } from '../testing/subject.ts';
import { startedGroups } from './startedGroups.ts';

export function groupContract(subject: () => Subject): void {
  const thrown = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);
  const { group, join } = startedGroups(subject);

  describe('a group', () => {
    test('echoes its settings', async () => {
      const wanted = settings({
        startFrom: 3n,
        resolveLinkTos: true,
        maxRetryCount: 3,
        messageTimeout: 5000,
        maxSubscriberCount: 2,
        consumerStrategyName: 'Pinned',
      });
      const name = freshName();
      await subject().client.createPersistentSubscriptionToStream(name, 'group', wanted);
      const info = await subject().client.getPersistentSubscriptionToStreamInfo(name, 'group');
      expect(info).toMatchObject({ eventSource: name, groupName: 'group', status: 'Live', settings: wanted });
    });

    test('is refused twice, and when it is not there', async () => {
      const { client } = subject();
      const name = await group();
      expect(await thrown(client.createPersistentSubscriptionToStream(name, 'group', settings()))).toMatchObject({
        type: 'persistent-subscription-exists',
        streamName: name,
        groupName: 'group',
      });
      const missing = { type: 'persistent-subscription-does-not-exist', groupName: 'none' };
      for (const attempt of [
        () => client.updatePersistentSubscriptionToStream(name, 'none', settings()),
        () => client.deletePersistentSubscriptionToStream(name, 'none'),
        () => client.getPersistentSubscriptionToStreamInfo(name, 'none'),
        () => client.replayParkedMessagesToStream(name, 'none'),
      ]) {
        expect(await thrown(attempt())).toMatchObject(missing);
      }
      const lost = client.subscribeToPersistentSubscriptionToStream(name, 'none');
      lost.on('data', () => undefined);
      expect((await once(lost, 'error').catch((error: unknown) => [error]))[0]).toMatchObject(missing);
      expect(await thrown(client.listPersistentSubscriptionsToStream(freshName()))).toMatchObject({
        type: 'persistent-subscription-does-not-exist',
      });
    });

    test('drops its consumers when it is updated or deleted', async () => {
      const { client } = subject();
      const name = await group();
      for (const change of [
        () => client.updatePersistentSubscriptionToStream(name, 'group', settings({ maxRetryCount: 2 })),
        () => client.deletePersistentSubscriptionToStream(name, 'group'),
      ]) {
        const subscription = join(name);
        subscription.on('data', () => undefined);
        const failure = new Promise((resolve) => subscription.on('error', resolve));
        await once(subscription, 'confirmation');
        await change();
        expect(await failure).toMatchObject({ type: 'persistent-subscription-dropped', streamName: name });
      }
      expect(await client.listPersistentSubscriptionsToStream(name)).toEqual([]);
    });

    test('takes no more consumers than it may have', async () => {
      const name = await group({ maxSubscriberCount: 1 });
      const first = join(name);
      first.on('data', () => undefined);
      await once(first, 'confirmation');
      const second = join(name);
      second.on('data', () => undefined);
      const [error] = await once(second, 'error').catch((thrownError: unknown) => [thrownError]);
      expect(error).toMatchObject({ type: 'maximum-subscribers-reached' });
      await first.unsubscribe();
    });

    test('on $all starts after no position beyond the end', async () => {
      const position = { commit: 2n ** 60n, prepare: 2n ** 60n };
      const error = await thrown(
        subject().client.createPersistentSubscriptionToAll(
          freshName(),
          persistentSubscriptionToAllSettingsFromDefaults({ startFrom: position }),
        ),
      );
      expect(error).toMatchObject({ type: 'persistent-subscription-failed' });
    });

    test('is listed with the others', async () => {
      const name = await group();
      const all = await subject().client.listAllPersistentSubscriptions();
      expect(all.some(({ eventSource }) => eventSource === name)).toBe(true);
    });
  });
}
