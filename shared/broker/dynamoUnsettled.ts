import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { toTableFault } from '../config/dynamoFault.ts';
import type { Block, Cursor, Cursors, StreamRemedies, UnsettledStreams } from './cursors.ts';
import { unsettledIndex } from './cursorTable.ts';
import { createDynamoRows, laneOf, lanesOf } from './dynamoRows.ts';

const whereBlocked = ({ revision, failedAt }: Block) => ({
  condition: '#status = :blocked AND #revision = :from AND #failure.#lastAt = :failedAt',
  values: { ':blocked': 'blocked', ':from': revision, ':failedAt': failedAt },
});

/**
 * What waits or is blocked among the rows of `createDynamoCursors`, found by the table's index `unsettled`. The index is
 * a moment behind the rows and says only where to look: what is answered was read from the rows, strongly consistent.
 */
export function createDynamoUnsettled(
  client: DynamoDBDocumentClient,
  table: string,
): UnsettledStreams & Pick<Cursors<unknown>, 'load'> {
  const { load } = createDynamoRows<unknown>(client, table);

  /** Keys of one lane, those that stand there longest first. */
  const readLane = async (lane: string, before: string, limit: number): Promise<readonly string[]> => {
    const keys: string[] = [];
    let next: Record<string, unknown> | undefined;
    do {
      const page = await client
        .send(
          new QueryCommand({
            TableName: table,
            IndexName: unsettledIndex,
            KeyConditionExpression: '#lane = :lane AND #laneAt < :before',
            ExpressionAttributeNames: { '#lane': 'lane', '#laneAt': 'laneAt' },
            ExpressionAttributeValues: { ':lane': lane, ':before': before },
            Limit: limit - keys.length,
            ...(next && { ExclusiveStartKey: next }),
          }),
        )
        .catch((error: unknown) => {
          throw toTableFault(error, `query ${unsettledIndex} of ${table}`);
        });
      keys.push(...(page.Items ?? []).map(({ pk }) => String(pk)));
      next = page.LastEvaluatedKey;
    } while (next && keys.length < limit);
    return keys;
  };
  const read = async (
    status: 'waiting' | 'blocked',
    before: string,
    limit: number,
  ): Promise<readonly Cursor<unknown>[]> => {
    const keys = (await Promise.all(lanesOf(status).map((lane) => readLane(lane, before, limit)))).flat();
    const at = ({ dueAt, failure }: Cursor<unknown>): string => dueAt ?? failure?.lastAt ?? '';
    return [...(await load(keys)).values()]
      .filter((row) => row.status === status && at(row) < before)
      .toSorted((a, b) => (at(a) < at(b) ? -1 : 1))
      .slice(0, limit);
  };

  return {
    load,

    readDue: (before, limit) => read('waiting', before.toISOString(), limit),

    // After every time that is written in digits.
    readBlocked: (limit) => read('blocked', '~', limit),
  };
}

const waitingSince = (stream: string, now: Date) => ({
  status: 'waiting',
  attempts: 0,
  dueAt: now.toISOString(),
  lane: laneOf('waiting', stream),
  laneAt: now.toISOString(),
});

/** Blocks are lifted in the rows of `createDynamoCursors`. */
export function createDynamoRemedies(client: DynamoDBDocumentClient, table: string): StreamRemedies {
  const { change } = createDynamoRows<unknown>(client, table);
  return {
    redrive: (stream, block, now) =>
      change(stream, { set: waitingSince(stream, now), remove: ['claim'], ...whereBlocked(block) }),

    discard: (stream, block, now) =>
      change(stream, {
        set: { ...waitingSince(stream, now), revision: block.revision + 1n },
        remove: ['claim', 'failure'],
        ...whereBlocked(block),
      }),
  };
}
