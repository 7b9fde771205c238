/** Messages that the broker has sent back, until their confirms come: it says first that a message came back, then confirms it. */
export interface Returns {
  note(messageId: string): void;
  /** Whether a message of this id came back whose confirm was not there yet; this one is. */
  take(messageId: string): boolean;
}

/**
 * Counted, for one id can be under way twice: a relay that starts over on the same link sends again what was not confirmed yet, and
 * the broker may confirm both at once, after both came back.
 */
export function createReturns(): Returns {
  const times = new Map<string, number>();
  return {
    note: (messageId) => void times.set(messageId, (times.get(messageId) ?? 0) + 1),
    take(messageId) {
      // Nearly always: nothing came back.
      if (times.size === 0) return false;
      const left = (times.get(messageId) ?? 0) - 1;
      if (left > 0) times.set(messageId, left);
      else times.delete(messageId);
      return left >= 0;
    },
  };
}
