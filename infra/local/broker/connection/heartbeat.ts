/** What a heartbeat does, and when it may not. */
export interface Pulse {
  beat(): void;
  /** The client has been silent for two intervals: it is gone. */
  lost(): void;
  /** The broker itself doesn't read from the client, so its silence says nothing. */
  isExcused(): boolean;
}

/**
 * Beats every half interval, and gives the client up after two intervals without a byte from it (AMQP 0-9-1, section
 * 4.2.7). An interval of 0 means no heartbeats.
 */
export class Heartbeat {
  readonly #timer: NodeJS.Timeout | undefined;
  #silentHalves = 0;

  constructor(seconds: number, pulse: Pulse) {
    if (seconds === 0) return;
    this.#timer = setInterval(() => {
      this.#silentHalves = pulse.isExcused() ? 0 : this.#silentHalves + 1;
      if (this.#silentHalves > 4) pulse.lost();
      else pulse.beat();
    }, seconds * 500).unref();
  }

  /** Something came from the client. */
  heard(): void {
    this.#silentHalves = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
