import { ConditionalCheckFailedException, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import type { Position } from '../store/eventStore.ts';
import { type HeldLease, type Lease, type LeaseTiming, type LeaseView, leaseTiming } from './lease.ts';
import type { RelayReport } from './report.ts';
import type { RewindLease } from './rewind.ts';

const key = { pk: 'relay' };

/** The row. `beat` grows with every write of a holder; that it stands still is all that a standby judges by. */
interface Row {
  readonly fencing: number;
  readonly beat: number;
  readonly owner?: string;
  readonly position?: { readonly commit: number | bigint; readonly prepare: number | bigint };
  readonly renewedAt: string;
  readonly report?: RelayReport;
}

const toPosition = (row: Row | undefined): Position | undefined =>
  row?.position && { commit: BigInt(row.position.commit), prepare: BigInt(row.position.prepare) };

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
  readonly clock: Pick<Clock, 'now' | 'elapsedMs'>;
  readonly timing?: LeaseTiming;
}

/** The lease in a DynamoDB table with the string key `pk`. */
export function createDynamoLease(client: DynamoDBDocumentClient, options: Options): Lease {
  const { table, owner, clock, timing = leaseTiming } = options;
  let watched: { readonly fencing: number; readonly beat: number; readonly sinceMs: number } | undefined;

  /** False when the condition does not hold. */
  const update = async (set: string, remove: string, condition: string, values: Record<string, unknown>) => {
    const expression = `SET ${set}${remove === '' ? '' : ` REMOVE ${remove}`}`;
    const names = ['owner', 'position'].filter((name) => `${expression} ${condition}`.includes(`#${name}`));
    const command = new UpdateCommand({
      TableName: table,
      Key: key,
      UpdateExpression: expression,
      ConditionExpression: condition,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: values,
    });
    try {
      await client.send(command);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw unavailable(error, `write the lease in ${table}`);
    }
  };

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

  const hold = (fencing: number, position: Position | undefined, takenMs: number): HeldLease => {
    let renewedMs = takenMs;
    let isTaken = false;
    const write = async (
      remove: string,
      at: Position | undefined,
      report: RelayReport | undefined,
    ): Promise<boolean> => {
      const startedMs = clock.elapsedMs();
      const values = {
        ':me': owner,
        ':fencing': fencing,
        ':one': 1,
        ':at': clock.now().toISOString(),
        ...(at && { ':position': { commit: at.commit, prepare: at.prepare } }),
        ...(report && { ':report': report }),
      };
      const set = `beat = beat + :one, renewedAt = :at${at ? ', #position = :position' : ''}${report ? ', report = :report' : ''}`;
      const isMine = await update(set, remove, '#owner = :me AND fencing = :fencing', values);
      if (isMine) renewedMs = startedMs;
      else isTaken = true;
      return isMine;
    };
    return {
      fencing,
      position,
      get isLost() {
        return isTaken || clock.elapsedMs() - renewedMs > timing.safeMs;
      },
      renew: (at, report) => write('', at, report),
      release: async (at, report) => {
        if (!isTaken) await write('#owner', at, report);
      },
    };
  };

  return {
    timing,
    async tryAcquire() {
      const startedMs = clock.elapsedMs();
      const row = await readRow(client, table);
      if (!isFree(row)) return undefined;

      const before = row ?? { fencing: 0, beat: 0 };
      const seen = row ? 'fencing = :seen AND beat = :beat' : 'attribute_not_exists(pk)';
      const values = { ':me': owner, ':next': before.fencing + 1, ':at': clock.now().toISOString() };
      const isMine = await update('#owner = :me, fencing = :next, beat = :nextBeat, renewedAt = :at', '', seen, {
        ...values,
        ':nextBeat': before.beat + 1,
        ...(row ? { ':seen': row.fencing, ':beat': row.beat } : {}),
      });
      if (!isMine) return undefined;
      watched = undefined;
      return hold(before.fencing + 1, toPosition(row), startedMs);
    },
  };
}

/** Sets the checkpoint back in the row, and takes the lease from its holder. */
export const createDynamoRewind =
  (client: DynamoDBDocumentClient, table: string): RewindLease =>
  async (to, seen) => {
    const command = new UpdateCommand({
      TableName: table,
      Key: key,
      UpdateExpression:
        to === 'start'
          ? 'ADD fencing :one, beat :one REMOVE #owner, #position'
          : 'SET #position = :position ADD fencing :one, beat :one REMOVE #owner',
      ConditionExpression: 'fencing = :seen',
      ExpressionAttributeNames: { '#owner': 'owner', '#position': 'position' },
      ExpressionAttributeValues: {
        ':one': 1,
        ':seen': seen,
        ...(to !== 'start' && { ':position': { commit: to.commit, prepare: to.prepare } }),
      },
    });
    try {
      await client.send(command);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw unavailable(error, `set the relay back in ${table}`);
    }
  };

/** The row as it is for whoever looks at it from outside; undefined before the first relay ever ran. */
export async function readLease(client: DynamoDBDocumentClient, table: string): Promise<LeaseView | undefined> {
  const row = await readRow(client, table);
  if (!row) return undefined;
  const { fencing, renewedAt, owner, report } = row;
  const position = toPosition(row);
  return {
    fencing,
    renewedAt,
    ...(owner !== undefined && { owner }),
    ...(position && { position }),
    ...(report && { report }),
  };
}
