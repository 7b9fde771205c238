import type { MemoryWatch } from '../alarm.ts';
import { Deque } from './deque.ts';
import { MinHeap } from './minHeap.ts';
import type { QueuedMessage } from './queuedMessage.ts';

interface Level {
  readonly arrived: Deque<QueuedMessage>;
  readonly returned: MinHeap<QueuedMessage>;
}

function createLevel(): Level {
  return { arrived: new Deque(), returned: new MinHeap((queued) => queued.place) };
}

/**
 * The messages of a queue that wait for a consumer: highest priority first, then by place. Arrival and taking are
 * constant in time; a return is logarithmic in the number of returned messages, not in the queue's length.
 */
export class ReadyMessages {
  readonly #levels: readonly Level[];
  #count = 0;
  #bodyBytes = 0;

  readonly #memory: MemoryWatch;

  constructor(memory: MemoryWatch, maxPriority: number) {
    this.#memory = memory;
    this.#levels = Array.from({ length: maxPriority + 1 }, createLevel);
  }

  get count(): number {
    return this.#count;
  }

  get bodyBytes(): number {
    return this.#bodyBytes;
  }

  arrive(queued: QueuedMessage): void {
    this.#level(queued).arrived.push(queued);
    this.#change(1, queued);
  }

  putBack(queued: QueuedMessage): void {
    this.#level(queued).returned.push(queued);
    this.#change(1, queued);
  }

  first(): QueuedMessage | undefined {
    for (let priority = this.#levels.length - 1; priority >= 0; priority -= 1) {
      const level = this.#levels[priority];
      const first = level && firstOf(level);
      if (first) return first;
    }
    return undefined;
  }

  take(): QueuedMessage | undefined {
    const first = this.first();
    if (first === undefined) return undefined;
    const level = this.#level(first);
    if (level.returned.first() === first) level.returned.shift();
    else level.arrived.shift();
    this.#change(-1, first);
    return first;
  }

  #level(queued: QueuedMessage): Level {
    const level = this.#levels[Math.min(queued.priority, this.#levels.length - 1)];
    if (level === undefined) throw new RangeError(`no level for priority ${queued.priority}`);
    return level;
  }

  #change(sign: 1 | -1, { message }: QueuedMessage): void {
    this.#count += sign;
    this.#bodyBytes += sign * message.body.length;
    this.#memory.change(sign * message.body.length);
  }
}

function firstOf(level: Level): QueuedMessage | undefined {
  const arrived = level.arrived.first();
  const returned = level.returned.first();
  if (arrived === undefined || returned === undefined) return arrived ?? returned;
  return returned.place < arrived.place ? returned : arrived;
}
