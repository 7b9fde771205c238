import type { Snapshot, Snapshots } from './snapshots.ts';

/** The port in memory: for tests of what stands on it. */
export function createInMemorySnapshots(): Snapshots {
  const rows = new Map<string, Snapshot>();
  return {
    load: async (stream, name) => structuredClone(rows.get(`${stream}/${name}`)),
    async save(stream, name, snapshot) {
      const before = rows.get(`${stream}/${name}`);
      const isNewer = !before || before.version !== snapshot.version || before.revision < snapshot.revision;
      if (isNewer) rows.set(`${stream}/${name}`, structuredClone(snapshot));
    },
  };
}
