import type { StoredEvent } from '../store/eventStore.ts';
import type { Cursor, Seen } from './cursors.ts';
import type { TimeLeft } from './timeLeft.ts';

/** What its batch leaves to a run. */
export interface RunTerms {
  readonly time: TimeLeft;
  /** Nothing else of its batch runs beside it: if the process dies now, it dies of this. */
  readonly isAlone: boolean;
}

/** How far a run over a stream is, and how much of that is written. */
export interface Run<View> {
  readonly stream: string;
  revision: bigint;
  view: View | undefined;
  /** The row as the run has found it, or written it since. */
  seen: Seen<View>;
  /** Owner of the run's own claim. */
  owner: string | undefined;
  /** Runs in a row before this one that began on the event that is next for it, and never ended. */
  begunBefore: number;
  /** The event being worked on, or worked on last, and since when. */
  current: StoredEvent | undefined;
  startedMs: number;
}

/** What is known of a stream that there is no row of. */
export const newCursor = <View>(stream: string): Cursor<View> => ({
  stream,
  revision: -1n,
  head: -1n,
  status: 'ready',
  attempts: 0,
});

export const newRun = <View>(stream: string, seen: Seen<View>, begunBefore: number, startedMs: number): Run<View> => ({
  stream,
  revision: seen?.revision ?? -1n,
  view: seen?.view,
  seen,
  owner: undefined,
  begunBefore,
  current: undefined,
  startedMs,
});

export const viewOf = <View>({ view }: Run<View>): { readonly view?: View } => (view === undefined ? {} : { view });
