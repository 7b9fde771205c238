import type { Block, Claim, Cursor, Cursors, UnsettledStreams } from './cursors.ts';

/** Both ports in memory: for tests of what stands on them. */
export function createInMemoryCursors<View>(): Cursors<View> & UnsettledStreams {
  const rows = new Map<string, Cursor<View>>();
  const rowOf = (stream: string): Cursor<View> =>
    rows.get(stream) ?? { stream, revision: -1n, head: -1n, status: 'ready', attempts: 0 };
  const put = (row: Cursor<View>): true => {
    rows.set(row.stream, structuredClone(row));
    return true;
  };
  const standsAt = (row: Cursor<View>, { from, owner }: { readonly from: bigint; readonly owner?: string }): boolean =>
    row.revision === from && row.claim?.owner === owner;
  const withView = (view: View | undefined): { readonly view?: View } => (view === undefined ? {} : { view });
  const kept = ({ view }: Cursor<View>, next: View | undefined) => withView(next ?? view);

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

    async claim(stream, { from, seenOwner, ...claim }) {
      const row = rowOf(stream);
      return row.revision === from && row.claim?.owner === seenOwner && put({ ...row, claim });
    },

    async advance(stream, { to, view, seenHead, ...seen }) {
      const row = rowOf(stream);
      if (!standsAt(row, seen) || (row.head > to && row.head !== seenHead)) return false;
      return put({ stream, revision: to, head: -1n, status: 'ready', attempts: 0, ...kept(row, view) });
    },

    async progress(stream, { to, view, claim, ...seen }) {
      const row = rowOf(stream);
      if (!standsAt(row, seen)) return false;
      const longer: { readonly claim?: Claim } = claim ? { claim } : {};
      return put({ ...row, revision: to, attempts: 0, ...withView(view), ...longer });
    },

    async fail(stream, { attemptsBefore, seenHead, dueAt, attempts, revision, head, failure, view, ...seen }) {
      const row = rowOf(stream);
      if (!standsAt(row, seen) || row.attempts !== attemptsBefore || row.head !== seenHead) return false;
      const status = dueAt === undefined ? ({ status: 'blocked' } as const) : ({ status: 'waiting', dueAt } as const);
      return put({ stream, revision, head, attempts, failure, ...kept(row, view), ...status });
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
