import { publishedCategories } from '../../shared/broker/topology.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { newId } from '../../shared/kernel/ids.ts';
import { createDynamoLease, createDynamoRewind, readLease } from '../../shared/relay/dynamoLease.ts';
import { type Lease, type LeaseView, leaseTimingFor } from '../../shared/relay/lease.ts';
import type { RewindLease } from '../../shared/relay/rewind.ts';
import { leaseTakeOverMs } from './config.ts';
import { dynamo, tableName } from './tables.ts';

/** A rival for the relay's lease, told from all others. */
export const newLease = (): Lease =>
  createDynamoLease(dynamo, {
    table: tableName('relay'),
    owner: newId(),
    categories: publishedCategories,
    clock: systemClock,
    timing: leaseTimingFor(leaseTakeOverMs()),
  });

export const readRelayLease = (): Promise<LeaseView | undefined> => readLease(dynamo, tableName('relay'));

export const rewindRelayLease: RewindLease = (to, seen) => createDynamoRewind(dynamo, tableName('relay'))(to, seen);
