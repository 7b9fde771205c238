import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../kernel/clock.ts';
import type { Position } from '../store/eventStore.ts';
import { type Backlog, leftOf, type PublishedSoFar, setBack, takeOver } from './backlog.ts';
import {
  type Change,
  type Row,
  readRow,
  toBacklogChange,
  toPosition,
  toPublished,
  toStored,
  writeRow,
} from './dynamoLeaseRow.ts';
import { type HeldLease, type Lease, type LeaseTiming, type LeaseView, leaseTiming } from './lease.ts';
import type { RelayReport } from './report.ts';
import type { RewindLease } from './rewind.ts';

interface Options {
  readonly table: string;
  /** Tells this process from every other, also from an earlier one on the same machine. */
  readonly owner: string;
  /** What its holder publishes. */
  readonly categories: readonly string[];
  readonly clock: Pick<Clock, 'now' | 'elapsedMs'>;
  readonly timing?: LeaseTiming;
}

/** The lease in a DynamoDB table with the string key `pk`. */
export function createDynamoLease(client: DynamoDBDocumentClient, options: Options): Lease {
  const { table, owner, categories, clock, timing = leaseTiming } = options;
  let watched: { readonly fencing: number; readonly beat: number; readonly sinceMs: number } | undefined;

  /** Whether the row may be taken now; remembers what was seen, to judge by later. */
  const isFree = (row: Row | undefined): boolean => {
    // Its own name is there when a write went through whose answer was lost.
    if (row?.owner === undefined || row.owner === owner) return true;
    const nowMs = clock.elapsedMs();
    if (watched?.fencing !== row.fencing || watched.beat !== row.beat) {
      watched = { fencing: row.fencing, beat: row.beat, sinceMs: nowMs };
    }
    return nowMs - watched.sinceMs >= timing.takeOverMs;
  };

  const hold = (fencing: number, published: PublishedSoFar, takenMs: number): HeldLease => {
    let renewedMs = takenMs;
    let isTaken = false;
    const write = async (
      isGivenBack: boolean,
      at: Position | undefined,
      report: RelayReport | undefined,
      told: Backlog | undefined,
    ): Promise<boolean> => {
      const startedMs = clock.elapsedMs();
      const ofBacklog = told ? toBacklogChange(told) : {};
      const change: Change = {
        set: {
          renewedAt: clock.now().toISOString(),
          ...(at && { position: toStored(at) }),
          ...(report && { report }),
          ...ofBacklog.set,
        },
        remove: [...(isGivenBack ? ['owner'] : []), ...(ofBacklog.remove ?? [])],
      };
      const mine = { ':me': owner, ':fencing': fencing };
      const isMine = await writeRow(client, table, change, '#owner = :me AND fencing = :fencing', mine);
      if (isMine) renewedMs = startedMs;
      else isTaken = true;
      return isMine;
    };
    return {
      fencing,
      position: published.position,
      backlog: leftOf(published),
      get isLost() {
        return isTaken || clock.elapsedMs() - renewedMs > timing.safeMs;
      },
      renew: (at, report, told) => write(false, at, report, told),
      release: async (at, report, told) => {
        if (!isTaken) await write(true, at, report, told);
      },
    };
  };

  return {
    timing,
    categories,
    async tryAcquire() {
      const startedMs = clock.elapsedMs();
      const row = await readRow(client, table);
      if (!isFree(row)) return undefined;

      const published = takeOver(toPublished(row), categories);
      const ofBacklog = toBacklogChange(published.backlog);
      const change: Change = {
        ...ofBacklog,
        set: { owner, renewedAt: clock.now().toISOString(), categories: published.categories, ...ofBacklog.set },
        changesHands: true,
      };
      const isMine = row
        ? await writeRow(client, table, change, 'fencing = :seen AND beat = :seenBeat', {
            ':seen': row.fencing,
            ':seenBeat': row.beat,
          })
        : await writeRow(client, table, change, 'attribute_not_exists(pk)', {});
      if (!isMine) return undefined;
      watched = undefined;
      return hold((row?.fencing ?? 0) + 1, published, startedMs);
    },
  };
}

/** Sets the checkpoint back in the row, and takes the lease from its holder. */
export const createDynamoRewind =
  (client: DynamoDBDocumentClient, table: string): RewindLease =>
  async (to, seen) => {
    // Its holder may write in between: what is lost of that is published twice.
    const { position, backlog } = setBack(toPublished(await readRow(client, table)), to);
    const ofBacklog = toBacklogChange(backlog);
    const change: Change = {
      set: { ...(position && { position: toStored(position) }), ...ofBacklog.set },
      remove: ['owner', ...(position ? [] : ['position']), ...(ofBacklog.remove ?? [])],
      changesHands: true,
    };
    return writeRow(client, table, change, 'fencing = :seen', { ':seen': seen });
  };

/** The row as it is for whoever looks at it from outside; undefined before the first relay ever ran. */
export async function readLease(client: DynamoDBDocumentClient, table: string): Promise<LeaseView | undefined> {
  const row = await readRow(client, table);
  if (!row) return undefined;
  const { fencing, renewedAt, owner, report } = row;
  const position = row.position && toPosition(row.position);
  return {
    fencing,
    renewedAt,
    ...(owner !== undefined && { owner }),
    ...(position && { position }),
    ...(report && { report }),
  };
}
