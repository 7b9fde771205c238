/** Sends one confirm; with `isMultiple`, for everything up to the tag that has none yet. */
export type SendConfirm = (tag: number, isAccepted: boolean, isMultiple: boolean) => void;

/**
 * Publisher confirms of one channel. Acks gather and leave as one `multiple` ack: at the end of the turn, and before
 * anything else goes out on the channel, so that no client ever sees them out of order.
 */
export class Confirms {
  readonly #send: SendConfirm;
  #published = 0;
  #waiting = 0;

  constructor(send: SendConfirm) {
    this.#send = send;
  }

  get isPending(): boolean {
    return this.#waiting > 0;
  }

  /** The next publish was taken, or refused by a full queue. */
  settle(isAccepted: boolean): void {
    if (!isAccepted) this.flush();
    this.#published += 1;
    if (isAccepted) this.#waiting += 1;
    else this.#send(this.#published, false, false);
  }

  flush(): void {
    if (this.#waiting === 0) return;
    const isMultiple = this.#waiting > 1;
    this.#waiting = 0;
    this.#send(this.#published, true, isMultiple);
  }
}
