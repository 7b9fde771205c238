/** Whether publishers have to wait, and why. Connections are told when they publish, and again when it is over. */
export class Alarm {
  readonly #cleared = new Set<() => void>();
  #reason: string | undefined;

  get reason(): string | undefined {
    return this.#reason;
  }

  raise(reason: string): void {
    this.#reason = reason;
  }

  clear(): void {
    if (this.#reason === undefined) return;
    this.#reason = undefined;
    const waiting = [...this.#cleared];
    this.#cleared.clear();
    for (const tell of waiting) tell();
  }

  /** Calls once when the alarm that is on now is over. */
  onceCleared(tell: () => void): void {
    this.#cleared.add(tell);
  }

  forget(tell: () => void): void {
    this.#cleared.delete(tell);
  }
}

/** Counts the bytes that wait in queues, and raises the alarm while there are too many. */
export class MemoryWatch {
  readonly #limitBytes: number;
  readonly #alarm: Alarm;
  #storedBytes = 0;
  #isRaised = false;

  constructor(limitBytes: number, alarm: Alarm) {
    this.#limitBytes = limitBytes;
    this.#alarm = alarm;
  }

  change(bytes: number): void {
    this.#storedBytes += bytes;
    if (!this.#isRaised && this.#storedBytes > this.#limitBytes) {
      this.#isRaised = true;
      this.#alarm.raise('low on memory');
    } else if (this.#isRaised && this.#storedBytes < this.#limitBytes * 0.9) {
      this.#isRaised = false;
      this.#alarm.clear();
    }
  }
}
