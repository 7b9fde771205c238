import { Postponed } from '../../../shared/broker/consumer.ts';
import { type OrderEvent, orderEvents } from '../../../shared/domain/orders/index.ts';
import type { Claims } from '../../../shared/effects/claims.ts';
import type { SendMail } from '../../../shared/effects/mail.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { erased } from '../../../shared/kernel/erased.ts';
import type { PersonalData } from '../../../shared/personal/personalData.ts';
import { orderAggregate } from '../../../shared/store/aggregates.ts';
import { toDomainEvent } from '../../../shared/store/codec.ts';
import type { EventStore, StoredEvent } from '../../../shared/store/eventStore.ts';
import { loadState } from '../../../shared/store/handleCommand.ts';
import { letterOn } from './letterOn.ts';

interface Deps {
  readonly store: Pick<EventStore, 'read'>;
  readonly sendMail: SendMail;
  readonly claims: Claims;
  readonly personal: Pick<PersonalData, 'open'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Longer than handing over a mail takes at most: connecting, the service's answer, and writing down the outcome. */
const sendingMs = 8_000;

/** Longer than a run has for one event: whoever held an older claim is dead, or knows that it is too late. */
const leaseMs = 20_000;

/** Tells the customer how their order ended, and that it is confirmed; each once. */
export const createHandler = ({ store, sendMail, claims, personal, clock }: Deps) => {
  /** Mails that the service has taken, while that could not be written down. */
  const taken = new Set<string>();
  const complete = async (id: string): Promise<void> => {
    taken.add(id);
    await claims.complete(id);
    taken.delete(id);
  };

  return async (_: undefined, stored: StoredEvent): Promise<Postponed | undefined> => {
    const event = toDomainEvent<OrderEvent>(orderEvents, stored);
    const toLetter = event && letterOn(event);
    if (!toLetter) return undefined;
    const { state: order } = await loadState(store, orderAggregate, stored.stream, { having: stored });
    if (order.status === 'none') return undefined;
    const letter = toLetter(order);
    const recipient = await personal.open(order.customerId, order.recipient);
    // Nobody is left to be told.
    if (recipient === erased) return undefined;

    if (taken.has(stored.id)) {
      await complete(stored.id);
      return undefined;
    }
    const claim = await claims.claim(stored.id, leaseMs);
    if (claim.status === 'done') return undefined;
    if (claim.status === 'taken') return new Postponed(claim.endsAt);
    // Held up since: with less than it takes, somebody else could be sending as well before we have ended.
    if (claim.endsAt.getTime() - clock.now().getTime() < sendingMs) return new Postponed(claim.endsAt);
    try {
      const text = `Dear ${recipient.name},\n\n${letter.text}`;
      await sendMail({ eventId: stored.id, to: recipient.email, subject: letter.subject, text });
    } catch (error) {
      await claims.giveBack(stored.id, claim.endsAt);
      throw error;
    }
    await complete(stored.id);
    return undefined;
  };
};
