import type { Position } from '../store/eventStore.ts';

interface Slot {
  readonly position: Position;
  readonly bytes: number;
  readonly occurredAt: string | undefined;
  isDone: boolean;
}

export interface WindowLimits {
  /** Most messages that wait for a confirm at a time. */
  readonly size: number;
  /** Most bytes of their bodies; a single larger one is let in alone. */
  readonly maxBytes: number;
}

/**
 * What has been read and is not confirmed yet, in store order. `confirmed` is the newest position below which everything
 * is done, however the confirms overtook each other.
 */
export interface Window {
  readonly isFull: boolean;
  /** Takes a place; call it only while it is not full. The answer gives the place back as done. */
  enter(position: Position, bytes: number, occurredAt?: string): () => void;
  /** A position that needs no place: done as soon as everything before it is. */
  pass(position: Position): void;
  /** Resolves when there is room for one more, or when it was abandoned. */
  room(): Promise<void>;
  /** Resolves when nothing is left in it, or when it was abandoned. */
  empty(): Promise<void>;
  /** What is in it will not be waited for any more. */
  abandon(): void;
  readonly confirmed: Position | undefined;
  /** When the first in it that is not done occurred, as far as was said. */
  readonly oldest: string | undefined;
  readonly length: number;
}

const passed = (position: Position): Slot => ({ position, bytes: 0, occurredAt: undefined, isDone: true });

export function createWindow({ size, maxBytes }: WindowLimits): Window {
  const slots: Slot[] = [];
  let first = 0;
  let open = 0;
  let bytesInside = 0;
  let confirmed: Position | undefined;
  let isAbandoned = false;
  let changed = Promise.withResolvers<void>();
  const wake = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  // By its span, not by what is open in it: one that stays unconfirmed must not let the rest grow behind it.
  const isFull = (): boolean => slots.length - first >= size || (open > 0 && bytesInside >= maxBytes);

  const advance = (): void => {
    for (let head = slots[first]; head?.isDone; head = slots[first]) {
      confirmed = head.position;
      first += 1;
    }
    // Cut in large pieces: shifting the array at each confirm would cost its length.
    if (first > size) {
      slots.splice(0, first);
      first = 0;
    }
  };
  const release = (slot: Slot): void => {
    const wasFull = isFull();
    slot.isDone = true;
    open -= 1;
    bytesInside -= slot.bytes;
    advance();
    if (wasFull || open === 0) wake();
  };
  const until = async (isReached: () => boolean): Promise<void> => {
    while (!isReached() && !isAbandoned) await changed.promise;
  };

  return {
    get isFull() {
      return isFull();
    },
    enter(position, bytes, occurredAt) {
      const slot: Slot = { position, bytes, occurredAt, isDone: false };
      slots.push(slot);
      open += 1;
      bytesInside += bytes;
      return () => release(slot);
    },
    pass(position) {
      // Behind what is open one such position says as much as many.
      const last = slots.at(-1);
      if (first === slots.length) confirmed = position;
      else if (last?.isDone) slots[slots.length - 1] = passed(position);
      else slots.push(passed(position));
    },
    room: () => until(() => !isFull()),
    empty: () => until(() => open === 0),
    abandon() {
      isAbandoned = true;
      wake();
    },
    get confirmed() {
      return confirmed;
    },
    get oldest() {
      return slots[first]?.occurredAt;
    },
    get length() {
      return open;
    },
  };
}
