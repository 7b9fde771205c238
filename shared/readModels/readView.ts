import type { EventStore, StoredEvent } from '../store/eventStore.ts';

export interface ViewRow<View> {
  readonly view: View;
  /** Of the stream's event that the view has last taken in. */
  readonly revision: bigint;
}

/** Views by the stream they are built from. */
export interface ViewTable<View> {
  /** @throws Fault table/unavailable */
  read(stream: string): Promise<ViewRow<View> | undefined>;
}

export type ReadView<View> =
  | ({ readonly outcome: 'found' } & ViewRow<View>)
  /** There is no such stream. */
  | { readonly outcome: 'none' }
  /** The stream itself has not come as far as was asked for: all there is of it, for who may see it. */
  | ({ readonly outcome: 'behind' } & ViewRow<View>);

/**
 * The view of one stream, no older than `minRevision`: from its table, or folded from the stream itself while the table
 * lags, so that a caller sees what it has just written.
 *
 * @throws Fault as ViewTable.read and EventStore.read
 */
export async function readView<View>(
  { table, store }: { readonly table: ViewTable<View>; readonly store: Pick<EventStore, 'read'> },
  project: (view: View | undefined, event: StoredEvent) => View | undefined,
  stream: string,
  minRevision = -1n,
): Promise<ReadView<View>> {
  const row = await table.read(stream);
  if (row && row.revision >= minRevision) return { outcome: 'found', ...row };
  let view = row?.view;
  let revision = row?.revision ?? -1n;
  for await (const event of store.read(stream, { from: revision + 1n })) {
    view = project(view, event);
    revision = event.revision;
  }
  if (view === undefined) return { outcome: 'none' };
  return { outcome: revision >= minRevision ? 'found' : 'behind', view, revision };
}
