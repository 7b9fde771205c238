const FIRST_CHUNK_BYTES = 64 * 1024;
const LARGEST_CHUNK_BYTES = 4 * 1024 * 1024;

/** Where bytes lie: a chunk's number and an offset in it. */
export interface Place {
  readonly chunk: number;
  readonly offset: number;
}

/** Holds the bytes of all events in few large buffers outside the JavaScript heap. Nothing is ever moved or freed. */
export class Arena {
  readonly #chunks: Buffer[] = [];
  #current = -1;
  #used = 0;
  #nextBytes = FIRST_CHUNK_BYTES;

  /** Sets `size` bytes aside. The caller fills them at once, through {@link chunk}. */
  reserve(size: number): Place {
    const room = (this.#chunks[this.#current]?.length ?? 0) - this.#used;
    if (size <= room) {
      const place = { chunk: this.#current, offset: this.#used };
      this.#used += size;
      return place;
    }
    // A large event gets a chunk of its own, so that the rest of the current one is not lost.
    if (size > this.#nextBytes / 4) return { chunk: this.#chunks.push(Buffer.allocUnsafeSlow(size)) - 1, offset: 0 };
    this.#current = this.#chunks.push(Buffer.allocUnsafeSlow(this.#nextBytes)) - 1;
    this.#nextBytes = Math.min(this.#nextBytes * 2, LARGEST_CHUNK_BYTES);
    this.#used = size;
    return { chunk: this.#current, offset: 0 };
  }

  chunk(number: number): Buffer {
    return this.#chunks[number] as Buffer;
  }
}
