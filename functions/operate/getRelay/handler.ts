import { publishedCategories } from '../../../shared/broker/topology.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer } from '../../../shared/http/route.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import type { LeaseView } from '../../../shared/relay/lease.ts';
import { toOverview } from '../../../shared/relay/overview.ts';
import type { EventStore } from '../../../shared/store/eventStore.ts';

export interface Deps {
  readonly store: Pick<EventStore, 'readHead'>;
  readonly readLease: () => Promise<LeaseView | undefined>;
  readonly clock: Pick<Clock, 'now'>;
}

/** `GET /ops/relay`: how the relay is doing, 200 in good health and in bad; `isHealthy` tells. */
export const createHandler =
  ({ store, readLease, clock }: Deps) =>
  async (): Promise<Answer> => {
    const [lease, head] = await Promise.all([readLease(), store.readHead(publishedCategories)]);
    return reply(200, toOverview(lease, head, clock.now()));
  };
