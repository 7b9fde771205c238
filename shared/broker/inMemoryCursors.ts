import type { Block, Cursor, Cursors, Seen, StreamRemedies, UnsettledStreams } from './cursors.ts';

/** All three ports in memory: for tests of what stands on them. */
export function createInMemoryCursors<View>(): Cursors<View> & UnsettledStreams & StreamRemedies {
  const rows = new Map<string, Cursor<View>>();
  const newRow = (stream: string): Cursor<View> => ({ stream, revision: -1n, head: -1n, status: 'ready', attempts: 0 });
  const rowOf = (stream: string): Cursor<View> => rows.get(stream) ?? newRow(stream);
  const put = (row: Cursor<View>): true => {
    rows.set(row.stream, structuredClone(row));
    return true;
  };
  const isAsSeen = (stream: string, seen: Seen<View>): boolean => {
    const row = rows.get(stream);
    if (!row || !seen) return row === seen;
    const isUnderSameClaim = row.claim?.owner === seen.claim?.owner && row.claim?.until === seen.claim?.until;
    return row.revision === seen.revision && row.status === seen.status && isUnderSameClaim;
  };
  const withView = (view: View | undefined): { readonly view?: View } => (view === undefined ? {} : { view });

  /** What the row becomes when its block is lifted. */
  const lift = (
    stream: string,
    { revision, failedAt }: Block,
    change: (row: Cursor<View>) => Cursor<View>,
  ): boolean => {
    const row = rowOf(stream);
    const isSame = row.status === 'blocked' && row.revision === revision && row.failure?.lastAt === failedAt;
    return isSame && put(change(row));
  };
  const oldest = (isIn: (row: Cursor<View>) => boolean, at: (row: Cursor<View>) => string, limit: number) =>
    structuredClone(
      [...rows.values()]
        .filter(isIn)
        .toSorted((a, b) => (at(a) < at(b) ? -1 : 1))
        .slice(0, limit),
    );

  return {
    load: async (streams) =>
      new Map(
        streams.flatMap((stream) => {
          const row = rows.get(stream);
          return row ? [[stream, structuredClone(row)] as const] : [];
        }),
      ),

    claim: async (stream, seen, claim) => isAsSeen(stream, seen) && put({ ...rowOf(stream), claim }),

    async advance(stream, seen, { to, view }) {
      const { head } = rowOf(stream);
      if (!isAsSeen(stream, seen) || (head > to && head !== seen?.head)) return false;
      return put({ ...newRow(stream), revision: to, ...withView(view) });
    },

    async progress(stream, seen, { to, view, claim }) {
      if (!isAsSeen(stream, seen)) return false;
      return put({ ...rowOf(stream), revision: to, attempts: 0, ...withView(view), ...(claim && { claim }) });
    },

    async fail(stream, seen, { dueAt, attempts, revision, head, failure, claim, view }) {
      const row = rowOf(stream);
      const before = seen ?? newRow(stream);
      if (!isAsSeen(stream, seen) || row.attempts !== before.attempts || row.head !== before.head) return false;
      const status = dueAt === undefined ? ({ status: 'blocked' } as const) : ({ status: 'waiting', dueAt } as const);
      const kept = { ...(failure && { failure }), ...(claim && { claim }), ...withView(view ?? row.view) };
      return put({ stream, revision, head, attempts, ...kept, ...status });
    },

    async setAside(stream, revision) {
      const row = rowOf(stream);
      if (row.status === 'ready') return false;
      return put({ ...row, head: revision > row.head ? revision : row.head });
    },

    readDue: async (before, limit) =>
      oldest(
        ({ status, dueAt = '' }) => status === 'waiting' && dueAt < before.toISOString(),
        ({ dueAt = '' }) => dueAt,
        limit,
      ),

    readBlocked: async (limit) =>
      oldest(
        ({ status }) => status === 'blocked',
        ({ failure }) => failure?.lastAt ?? '',
        limit,
      ),

    redrive: async (stream, block, now) =>
      lift(stream, block, ({ claim: _, ...row }) => ({
        ...row,
        status: 'waiting',
        attempts: 0,
        dueAt: now.toISOString(),
      })),

    discard: async (stream, block, now) =>
      lift(stream, block, ({ claim: _, failure: __, ...row }) => ({
        ...row,
        revision: row.revision + 1n,
        status: 'waiting',
        attempts: 0,
        dueAt: now.toISOString(),
      })),
  };
}
