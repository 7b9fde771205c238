import type { ResolvedEvent } from '../wire/eventFrame.ts';

/** One event on its way through a group. */
export interface Message {
  /** The id consumers settle it by: the link's if there is one. Hexadecimal. */
  readonly id: string;
  readonly event: ResolvedEvent;
  /** Where its source has it, and no other: a revision, or a log ordinal for `$all`. */
  readonly place: number;
  /** Whether its source is the group's parked messages. */
  readonly isReplayed: boolean;
  retryCount: number;
  sentAtMs: number;
  /** Which consumer's it is when consumers are pinned, as a hash; made on first use. */
  bucket?: number;
}
