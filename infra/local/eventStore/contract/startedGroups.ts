import {
  type PersistentSubscriptionToAll,
  type PersistentSubscriptionToStream,
  START,
  persistentSubscriptionToStreamSettingsFromDefaults as settings,
} from '@eventstore/db-client';
import { freshName, numbered, type Subject } from '../testing/subject.ts';

export type Subscription = PersistentSubscriptionToStream | PersistentSubscriptionToAll;
export type Delivery = { event?: { streamId: string; revision: bigint }; link?: { id: string }; retryCount: number };

/** Groups named `group` on streams of their own, and those who take their messages. */
export function startedGroups(subject: () => Subject) {
  return {
    /** Writes some events and makes a group that begins with the first, unless told otherwise. Returns the stream. */
    async group(overrides = {}, count = 5): Promise<string> {
      const name = freshName();
      const { client } = subject();
      if (count > 0) await client.appendToStream(name, numbered(count));
      await client.createPersistentSubscriptionToStream(name, 'group', settings({ startFrom: START, ...overrides }));
      return name;
    },

    join(name: string, bufferSize = 10): PersistentSubscriptionToStream {
      return subject().client.subscribeToPersistentSubscriptionToStream(name, 'group', { bufferSize });
    },

    /** Settles each delivery by `settle` until `count` have come, then leaves. */
    async consume(
      subscription: Subscription,
      count: number,
      settle: (delivery: Delivery) => Promise<void> | void,
    ): Promise<Delivery[]> {
      const seen: Delivery[] = [];
      for await (const delivery of subscription) {
        seen.push(delivery as Delivery);
        await settle(delivery as Delivery);
        if (seen.length >= count) break;
      }
      // What was settled has arrived when an answer to a later request has.
      await subject().client.getStreamMetadata('any');
      await subscription.unsubscribe();
      return seen;
    },
  };
}

/** `<revision>/<retry count>` of each. */
export const places = (deliveries: readonly Delivery[]): string[] =>
  deliveries.map(({ event, retryCount }) => `${event?.revision}/${retryCount}`);
