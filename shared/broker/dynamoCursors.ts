import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Cursors } from './cursors.ts';
import { createDynamoRows, laneOf } from './dynamoRows.ts';

/** A row that is missing stands at revision -1 with no failures, no head and no claim. */
const standsAt = (from: bigint): string =>
  from === -1n ? '(attribute_not_exists(#revision) OR #revision = :from)' : '#revision = :from';

/** Without an owner, nobody may have claimed it. */
const claimedBy = (owner: string | undefined): string =>
  owner === undefined ? 'attribute_not_exists(#claim)' : '#claim.#owner = :owner';

const whereSeen = ({ from, owner }: { readonly from: bigint; readonly owner?: string | undefined }) => ({
  condition: `${standsAt(from)} AND ${claimedBy(owner)}`,
  values: { ':from': from, ...(owner === undefined ? {} : { ':owner': owner }) },
});

const withView = <View>(view: View | undefined) => (view === undefined ? {} : { view });

/**
 * Cursors in a DynamoDB table with the string key `pk`: one row per stream, constant in size. Every change is one
 * conditional UpdateItem; reads are strongly consistent.
 */
export function createDynamoCursors<View>(client: DynamoDBDocumentClient, table: string): Cursors<View> {
  const { load, change } = createDynamoRows<View>(client, table);
  return {
    load,

    claim: (stream, { from, seenOwner, ...claim }) =>
      change(stream, {
        set: { claim },
        setIfMissing: { revision: from, status: 'ready', attempts: 0 },
        ...whereSeen({ from, owner: seenOwner }),
      }),

    advance(stream, { to, view, seenHead, ...seen }) {
      const { condition, values } = whereSeen(seen);
      return change(stream, {
        set: { revision: to, status: 'ready', attempts: 0, ...withView(view) },
        remove: ['head', 'dueAt', 'failure', 'claim', 'lane', 'laneAt'],
        condition: `${condition} AND (attribute_not_exists(#head) OR #head <= :to OR #head = :seenHead)`,
        values: { ...values, ':to': to, ':seenHead': seenHead },
      });
    },

    progress: (stream, { to, view, claim, ...seen }) =>
      change(stream, {
        set: { revision: to, attempts: 0, ...withView(view), ...(claim && { claim }) },
        setIfMissing: { status: 'ready' },
        ...whereSeen(seen),
      }),

    fail(stream, { attemptsBefore, seenHead, dueAt, attempts, revision, head, failure, view, ...seen }) {
      const { condition, values } = whereSeen(seen);
      const status = dueAt === undefined ? 'blocked' : 'waiting';
      const isNew = (name: string, value: string): string => `(attribute_not_exists(${name}) OR ${name} = ${value})`;
      return change(stream, {
        set: {
          revision,
          head,
          status,
          attempts,
          failure,
          ...withView(view),
          ...(dueAt === undefined ? {} : { dueAt }),
          lane: laneOf(status, stream),
          laneAt: dueAt ?? failure.lastAt,
        },
        remove: ['claim', ...(dueAt === undefined ? ['dueAt'] : [])],
        condition: [
          condition,
          attemptsBefore === 0 ? isNew('#attempts', ':before') : '#attempts = :before',
          seenHead === -1n ? isNew('#head', ':seenHead') : '#head = :seenHead',
        ].join(' AND '),
        values: { ...values, ':before': attemptsBefore, ':seenHead': seenHead },
      });
    },

    async setAside(stream, revision) {
      const raised = await change(stream, {
        set: { head: revision },
        condition: '#head < :set_head AND #status IN (:waiting, :blocked)',
        values: { ':waiting': 'waiting', ':blocked': 'blocked' },
      });
      if (raised) return true;
      // Not raised: it was as high before, or the stream has become ready.
      const row = (await load([stream])).get(stream);
      return row !== undefined && row.status !== 'ready';
    },
  };
}
