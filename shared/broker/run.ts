import type { StoredEvent } from '../store/eventStore.ts';
import type { Claim, Cursor } from './cursors.ts';

/** How far a run over a stream is, and how much of that is written. */
export interface Run<View> {
  revision: bigint;
  view: View | undefined;
  /** Where the row stands, and with how many failed attempts. */
  from: bigint;
  attemptsBefore: number;
  /** The run's own. */
  claim: Claim | undefined;
  /** The event being worked on, or worked on last, and since when. */
  current: StoredEvent | undefined;
  startedMs: number;
}

export const newRun = <View>({ revision, view, attempts }: Cursor<View>, startedMs: number): Run<View> => ({
  revision,
  view,
  from: revision,
  attemptsBefore: attempts,
  claim: undefined,
  current: undefined,
  startedMs,
});

/** What the run writes of itself, whatever it writes. */
export const toWritten = <View>({ from, claim, view }: Run<View>) => ({
  from,
  ...(claim && { owner: claim.owner }),
  ...(view === undefined ? {} : { view }),
});
