const LONGEST_MS = 10;
const MOST_RECORDS = 50_000;
const RECORDS_BETWEEN_LOOKS = 8;

/** Tells a scan of the log when it is time to let others run: after some milliseconds, however dear a record is. */
export class Turn {
  #records = 0;
  #startedMs = performance.now();

  /** To be asked once a record. Once it has said yes, the next turn begins. */
  isOver(): boolean {
    if (++this.#records % RECORDS_BETWEEN_LOOKS !== 0) return false;
    const nowMs = performance.now();
    if (this.#records < MOST_RECORDS && nowMs - this.#startedMs < LONGEST_MS) return false;
    this.#records = 0;
    this.#startedMs = nowMs;
    return true;
  }
}
