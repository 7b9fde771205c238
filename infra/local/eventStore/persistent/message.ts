import type { ResolvedEvent } from '../wire/eventFrame.ts';

/** One event on its way through a group. */
export interface Message {
  /** The id consumers settle it by: the link's if there is one. Hexadecimal. */
  readonly id: string;
  readonly event: ResolvedEvent;
  /** Where the source has it: a revision, or a log ordinal for `$all`. Replayed messages come after all others. */
  readonly place: number;
  readonly isReplayed: boolean;
  retryCount: number;
  sentAtMs: number;
}

/** Earlier places first. */
export function insertByPlace(queue: Message[], message: Message): void {
  let at = queue.length;
  while (at > 0 && (queue[at - 1] as Message).place > message.place) at--;
  queue.splice(at, 0, message);
}
