import { ConditionalCheckFailedException, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import type { Position } from '../store/eventStore.ts';
import { type Backlog, isTold, type PublishedSoFar, takeOver } from './backlog.ts';
import { type HeldLease, type Lease, type LeaseTiming, type LeaseView, leaseTiming } from './lease.ts';
import type { RelayReport } from './report.ts';
import type { RewindLease } from './rewind.ts';

const key = { pk: 'relay' };

/** The row. `beat` grows with every write of a holder; that it stands still is all that a standby judges by. */
interface Row {
  readonly fencing: number;
  readonly beat: number;
  readonly owner?: string;
  readonly position?: StoredPosition;
  /** Those that the holder publishes, or the last one did. */
  readonly categories?: readonly string[];
  readonly backlog?: Omit<Backlog, 'position' | 'until'> & {
    readonly position?: StoredPosition;
    readonly until: StoredPosition;
  };
  readonly renewedAt: string;
  readonly report?: RelayReport;
}

interface StoredPosition {
  readonly commit: number | bigint;
  readonly prepare: number | bigint;
}

const toPosition = ({ commit, prepare }: StoredPosition): Position => ({
  commit: BigInt(commit),
  prepare: BigInt(prepare),
});
const toStored = ({ commit, prepare }: Position): StoredPosition => ({ commit, prepare });

const toPublished = (row: Row | undefined): PublishedSoFar => ({
  position: row?.position && toPosition(row.position),
  categories: row?.categories,
  backlog: row?.backlog && {
    categories: row.backlog.categories,
    position: row.backlog.position && toPosition(row.backlog.position),
    until: toPosition(row.backlog.until),
  },
});

function unavailable(error: unknown, doing: string): Fault {
  const remedy = error instanceof ResourceNotFoundException ? ': create the tables, or correct TABLE_PREFIX' : '';
  return new Fault('table/unavailable', `${doing}: ${error instanceof Error ? error.message : error}${remedy}`, error);
}

async function readRow(client: DynamoDBDocumentClient, table: string): Promise<Row | undefined> {
  const get = new GetCommand({ TableName: table, Key: key, ConsistentRead: true });
  const { Item: item } = await client.send(get).catch((error: unknown) => {
    throw unavailable(error, `read the lease in ${table}`);
  });
  return item as Row | undefined;
}

interface Options {
  readonly table: string;
  /** Tells this process from every other, also from an earlier one on the same machine. */
  readonly owner: string;
  /** What its holder publishes. */
  readonly categories: readonly string[];
  readonly clock: Pick<Clock, 'now' | 'elapsedMs'>;
  readonly timing?: LeaseTiming;
}

/** What a write changes; `beat` grows by one with each, and `fencing` by one with each that changes hands. */
interface Change {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly changesHands?: true;
}

/** False when `condition` does not hold. */
async function writeRow(
  client: DynamoDBDocumentClient,
  table: string,
  { set = {}, remove = [], changesHands }: Change,
  condition: string,
  values: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const attributes = Object.keys(set);
  const clauses = [
    `ADD beat :one${changesHands ? ', fencing :one' : ''}`,
    attributes.length > 0 && `SET ${attributes.map((name) => `#${name} = :${name}`).join(', ')}`,
    remove.length > 0 && `REMOVE ${remove.map((name) => `#${name}`).join(', ')}`,
  ];
  const expression = clauses.filter(Boolean).join(' ');
  const aliases = new Set(`${expression} ${condition}`.match(/#\w+/g));
  const command = new UpdateCommand({
    TableName: table,
    Key: key,
    UpdateExpression: expression,
    ConditionExpression: condition,
    ...(aliases.size > 0 && {
      ExpressionAttributeNames: Object.fromEntries([...aliases].map((alias) => [alias, alias.slice(1)])),
    }),
    ExpressionAttributeValues: {
      ':one': 1,
      ...Object.fromEntries(attributes.map((name) => [`:${name}`, set[name]])),
      ...values,
    },
  });
  try {
    await client.send(command);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw unavailable(error, `write the lease in ${table}`);
  }
}

/** As attributes: what is there is set, what is not is removed. */
function toBacklogChange(backlog: Backlog | undefined): Change {
  if (!backlog || isTold(backlog)) return { remove: ['backlog'] };
  const { categories, position, until } = backlog;
  return {
    set: { backlog: { categories, until: toStored(until), ...(position && { position: toStored(position) }) } },
  };
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

  const hold = (fencing: number, { position, backlog }: PublishedSoFar, takenMs: number): HeldLease => {
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
      position,
      backlog,
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
  (to, seen) => {
    const change: Change =
      to === 'start'
        ? { remove: ['owner', 'position'], changesHands: true }
        : { set: { position: toStored(to) }, remove: ['owner'], changesHands: true };
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
