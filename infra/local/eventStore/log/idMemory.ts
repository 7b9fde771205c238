const WAYS = 4;

/**
 * Remembers which log record last carried an event id, for about the last million of them, in a fixed four megabytes.
 * A forgotten id only means that a very late repeat is not recognised, as on the real server.
 */
export class IdMemory {
  readonly #slots: Uint32Array;
  readonly #sets: number;
  readonly #hasId: (ordinal: number, id: Buffer) => boolean;

  /** `hasId` says whether the record at an ordinal carries an id. `sets` is a power of two; each holds four ids. */
  constructor(hasId: (ordinal: number, id: Buffer) => boolean, sets = 1 << 18) {
    this.#hasId = hasId;
    this.#sets = sets;
    this.#slots = new Uint32Array(sets * WAYS);
  }

  /** The ordinal of the newest record with this id, if remembered. */
  find(id: Buffer): number | undefined {
    const first = this.#firstSlot(id);
    for (let slot = first; slot < first + WAYS; slot++) {
      const entry = this.#slots[slot] as number;
      if (entry > 0 && this.#hasId(entry - 1, id)) return entry - 1;
    }
    return undefined;
  }

  /** Afterwards `id` is found at `ordinal`. The oldest of four neighbours is forgotten when there is no room. */
  remember(id: Buffer, ordinal: number): void {
    const first = this.#firstSlot(id);
    let oldest = first;
    for (let slot = first; slot < first + WAYS; slot++) {
      const entry = this.#slots[slot] as number;
      if (entry === 0 || this.#hasId(entry - 1, id)) {
        oldest = slot;
        break;
      }
      if (entry < (this.#slots[oldest] as number)) oldest = slot;
    }
    this.#slots[oldest] = ordinal + 1;
  }

  /** Mixes all 16 bytes, since time-ordered ids share their first ones. */
  #firstSlot(id: Buffer): number {
    let hash = id.readInt32LE(0);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) ^ id.readInt32LE(4);
    hash = Math.imul(hash ^ (hash >>> 13), 0x297a2d39) ^ id.readInt32LE(8);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) ^ id.readInt32LE(12);
    hash = Math.imul(hash ^ (hash >>> 16), 0x297a2d39);
    return ((hash ^ (hash >>> 15)) & (this.#sets - 1)) * WAYS;
  }
}
