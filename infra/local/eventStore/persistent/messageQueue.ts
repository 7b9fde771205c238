import { firstIndex } from '../log/search.ts';
import type { Message } from './message.ts';

const FULL_CHUNK = 512;

/** What is to become of a message that is offered; `stop` leaves it and all later ones. */
export type Verdict = 'take' | 'leave' | 'stop';

/**
 * Messages of one source by their place. In chunks, so that adding, finding and removing cost next to nothing also where
 * hundreds of thousands wait.
 */
export class MessageQueue {
  readonly #chunks: Message[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The one with the lowest place. */
  get first(): Message | undefined {
    return this.#chunks[0]?.[0];
  }

  /** There must be none of this place. */
  add(message: Message): void {
    this.#size++;
    const number = this.#chunkOf(message.place);
    const chunk = this.#chunks[number];
    if (!chunk) {
      this.#chunks.push([message]);
      return;
    }
    const isLast = number === this.#chunks.length - 1;
    if (isLast && chunk.length >= FULL_CHUNK && (chunk.at(-1) as Message).place < message.place) {
      this.#chunks.push([message]);
      return;
    }
    chunk.splice(indexOf(chunk, message.place), 0, message);
    if (chunk.length > 2 * FULL_CHUNK) this.#chunks.splice(number + 1, 0, chunk.splice(FULL_CHUNK));
  }

  delete({ place }: Message): void {
    const number = this.#chunkOf(place);
    const chunk = this.#chunks[number] ?? [];
    const index = indexOf(chunk, place);
    if (chunk[index]?.place === place) this.#remove(number, index);
  }

  /** Offers one after the other, lowest place first; those that are taken are no longer here. */
  offer(judge: (message: Message) => Verdict): void {
    for (let number = 0; number < this.#chunks.length; ) {
      const chunk = this.#chunks[number] as Message[];
      for (let index = 0; index < chunk.length; ) {
        const verdict = judge(chunk[index] as Message);
        if (verdict === 'stop') return;
        if (verdict === 'take') this.#remove(number, index);
        else index++;
      }
      if (this.#chunks[number] === chunk) number++;
    }
  }

  #remove(number: number, index: number): void {
    const chunk = this.#chunks[number] as Message[];
    chunk.splice(index, 1);
    this.#size--;
    if (chunk.length === 0) this.#chunks.splice(number, 1);
  }

  /** The number of the chunk that a place is in or belongs into. */
  #chunkOf(place: number): number {
    const next = firstIndex(this.#chunks.length, (number) => (this.#chunks[number]?.[0]?.place ?? 0) > place);
    return Math.max(0, next - 1);
  }
}

/** The index of the first message at or after a place. */
function indexOf(chunk: readonly Message[], place: number): number {
  return firstIndex(chunk.length, (index) => (chunk[index] as Message).place >= place);
}
