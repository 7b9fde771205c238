import type { Socket } from 'node:net';
import type { Alarm } from '../alarm.ts';
import type { Outbox } from './outbox.ts';

/** Stops reading from a connection that publishes while the broker's alarm is on, and tells it if it listens for that. */
export class PublisherBlock {
  readonly #socket: Socket;
  readonly #alarm: Alarm;
  readonly #outbox: Outbox;
  readonly #isTold: boolean;
  #isOn = false;

  constructor(socket: Socket, alarm: Alarm, outbox: Outbox, isTold: boolean) {
    this.#socket = socket;
    this.#alarm = alarm;
    this.#outbox = outbox;
    this.#isTold = isTold;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  published(): void {
    const { reason } = this.#alarm;
    if (reason === undefined || this.#isOn) return;
    this.#isOn = true;
    if (this.#isTold) this.#outbox.send(0, 'connection.blocked', { reason });
    this.#socket.pause();
    this.#alarm.onceCleared(this.#cleared);
  }

  /** The connection ends: what still comes must be read to be discarded. */
  release(): void {
    this.#alarm.forget(this.#cleared);
    this.#isOn = false;
    this.#socket.resume();
  }

  readonly #cleared = (): void => {
    this.#isOn = false;
    if (this.#isTold) this.#outbox.send(0, 'connection.unblocked', {});
    this.#socket.resume();
  };
}
