import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Cursors, Seen } from './cursors.ts';
import { type Condition, createDynamoRows, laneOf } from './dynamoRows.ts';

const both = (a: Condition, b: Condition): Condition => ({
  condition: `${a.condition} AND ${b.condition}`,
  values: { ...a.values, ...b.values },
});

/** As short as it can be: whoever claims a row, makes a claim longer, moves the row or lets it wait changes one of what is named here. */
function asSeen<View>(seen: Seen<View>): Condition {
  if (!seen) return { condition: 'attribute_not_exists(pk)' };
  const { revision, status, claim } = seen;
  const place = {
    condition: '#revision = :seen AND #status = :status',
    values: { ':seen': revision, ':status': status },
  };
  return both(
    place,
    claim
      ? {
          condition: '#claim.#owner = :owner AND #claim.#until = :until',
          values: { ':owner': claim.owner, ':until': claim.until },
        }
      : { condition: 'attribute_not_exists(#claim)' },
  );
}

/** A row that is ready has no head. */
const andNoNewsBeyond = <View>(seen: Seen<View>, to: bigint): Condition =>
  seen === undefined || seen.status === 'ready'
    ? asSeen(seen)
    : both(asSeen(seen), {
        condition: '(#head <= :to OR #head = :head)',
        values: { ':to': to, ':head': seen.head },
      });

function andNoFailureSince<View>(seen: Seen<View>): Condition {
  if (!seen || seen.status === 'ready') return asSeen(seen);
  const values = { ':attempts': seen.attempts, ':head': seen.head };
  return both(asSeen(seen), { condition: '#attempts = :attempts AND #head = :head', values });
}

/**
 * Cursors in a DynamoDB table with the string key `pk`: one row per stream, constant in size. Every change is one
 * conditional write; reads are strongly consistent.
 *
 * @param toKeys attributes beside the view that the table's indexes are made of; written whenever the view is
 */
export function createDynamoCursors<View>(
  client: DynamoDBDocumentClient,
  table: string,
  toKeys: (view: View) => Readonly<Record<string, string>> = () => ({}),
): Cursors<View> {
  const withView = (view: View | undefined) => (view === undefined ? {} : { view, ...toKeys(view) });
  const { load, replace, change } = createDynamoRows<View>(client, table);
  return {
    load,

    claim: (stream, seen, claim) =>
      seen
        ? change(stream, { set: { claim }, ...asSeen(seen) })
        : replace({ pk: stream, revision: -1, status: 'ready', attempts: 0, claim }, asSeen(seen)),

    // What it does not name is gone: head, failure, claim, and its place in the index of what is unsettled.
    advance: (stream, seen, { to, view }) =>
      replace({ pk: stream, revision: to, status: 'ready', attempts: 0, ...withView(view) }, andNoNewsBeyond(seen, to)),

    progress: (stream, seen, { to, view, claim }) =>
      change(stream, {
        set: { revision: to, attempts: 0, status: seen?.status ?? 'ready', ...withView(view), ...(claim && { claim }) },
        ...asSeen(seen),
      }),

    fail(stream, seen, { dueAt, attempts, revision, head, failure, claim, view }) {
      const status = dueAt === undefined ? 'blocked' : 'waiting';
      return change(stream, {
        set: {
          revision,
          head,
          status,
          attempts,
          ...(failure && { failure }),
          ...(claim && { claim }),
          ...withView(view),
          ...(dueAt === undefined ? {} : { dueAt }),
          lane: laneOf(status, stream),
          laneAt: dueAt ?? failure?.lastAt ?? '',
        },
        remove: [
          ...(claim ? [] : ['claim']),
          ...(dueAt === undefined ? ['dueAt'] : []),
          ...(failure ? [] : ['failure']),
        ],
        ...andNoFailureSince(seen),
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
