import type { Cursor, Cursors } from './cursors.ts';

/** The port in memory: for tests of what stands on it. */
export function createInMemoryCursors<View>(): Cursors<View> {
  const rows = new Map<string, Cursor<View>>();
  const rowOf = (stream: string): Cursor<View> =>
    rows.get(stream) ?? { stream, revision: -1n, head: -1n, status: 'ready', attempts: 0 };

  return {
    load: async (streams) =>
      new Map(
        streams.flatMap((stream) => {
          const row = rows.get(stream);
          return row ? [[stream, structuredClone(row)] as const] : [];
        }),
      ),

    async advance(stream, { from, to, view, seenHead }) {
      const row = rowOf(stream);
      if (row.revision !== from || (row.head > to && row.head !== seenHead)) return false;
      const applied = { stream, revision: to, head: -1n, status: 'ready', attempts: 0 } as const;
      rows.set(stream, structuredClone(view === undefined ? applied : { ...applied, view }));
      return true;
    },

    async progress(stream, { from, to, view }) {
      const row = rowOf(stream);
      if (row.revision !== from) return false;
      const further = { ...row, revision: to, attempts: 0 };
      rows.set(stream, structuredClone(view === undefined ? further : { ...further, view }));
      return true;
    },

    async fail(stream, { from, attemptsBefore, dueAt, attempts, revision, head, failure, view }) {
      const row = rowOf(stream);
      if (row.revision !== from || row.attempts !== attemptsBefore) return false;
      const kept = { ...(failure && { failure }), ...(view === undefined ? {} : { view }) };
      const failed = { stream, revision, head: head > row.head ? head : row.head, attempts };
      const status = dueAt === undefined ? ({ status: 'blocked' } as const) : ({ status: 'waiting', dueAt } as const);
      rows.set(stream, structuredClone({ ...failed, ...kept, ...status }));
      return true;
    },

    async setAside(stream, revision) {
      const row = rowOf(stream);
      if (row.status === 'ready') return false;
      if (revision > row.head) rows.set(stream, { ...row, head: revision });
      return true;
    },
  };
}
