import type { Position } from '../store/eventStore.ts';

interface Slot {
  readonly position: Position;
  isDone: boolean;
}

/**
 * What has been read and is not confirmed yet, in store order, at most `size` at a time. `confirmed` is the newest
 * position below which everything is done, however the confirms overtook each other.
 */
export interface Window {
  /** Takes a place; call it only when there is room. The answer gives the place back as done. */
  enter(position: Position): () => void;
  /** Resolves when there is room for one more, or when it was abandoned. */
  room(): Promise<void>;
  /** Resolves when nothing is left in it, or when it was abandoned. */
  empty(): Promise<void>;
  /** What is in it will not be waited for any more. */
  abandon(): void;
  readonly confirmed: Position | undefined;
  readonly length: number;
}

export function createWindow(size: number): Window {
  const slots: Slot[] = [];
  let first = 0;
  let confirmed: Position | undefined;
  let isAbandoned = false;
  let changed = Promise.withResolvers<void>();
  const wake = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };

  const release = (slot: Slot): void => {
    slot.isDone = true;
    for (let head = slots[first]; head?.isDone; head = slots[first]) {
      confirmed = head.position;
      first += 1;
    }
    // Cut in large pieces: shifting the array at each confirm would cost its length.
    if (first > size) {
      slots.splice(0, first);
      first = 0;
    }
    wake();
  };
  const until = async (isReached: () => boolean): Promise<void> => {
    while (!isReached() && !isAbandoned) await changed.promise;
  };

  return {
    enter(position) {
      const slot: Slot = { position, isDone: false };
      slots.push(slot);
      return () => release(slot);
    },
    room: () => until(() => slots.length - first < size),
    empty: () => until(() => slots.length === first),
    abandon() {
      isAbandoned = true;
      wake();
    },
    get confirmed() {
      return confirmed;
    },
    get length() {
      return slots.length - first;
    },
  };
}
