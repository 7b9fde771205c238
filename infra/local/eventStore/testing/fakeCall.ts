import { EventEmitter } from 'node:events';
import { Output } from '../rpc/output.ts';
import { message, nested, string, uint64 } from '../wire/message.ts';
import { type Outgoing, toBytes } from '../wire/outgoing.ts';
import { StreamIdentifier } from '../wire/shared.ts';

const Recorded = message({ streamIdentifier: nested(2, StreamIdentifier), revision: uint64(3) });
const Answer = message({
  confirmation: nested(2, message({})),
  event: nested(1, message({ event: nested(1, Recorded), link: nested(2, Recorded) })),
  checkpoint: nested(3, message({})),
  streamNotFound: nested(4, message({})),
  caughtUp: nested(8, message({ nothing: string(1) })),
});

/** A call without a connection, that takes a few messages at a time and remembers what it was told. */
export class FakeCall extends EventEmitter {
  readonly told: string[] = [];
  isConfirmed = false;
  readonly output: Output;
  /** How many messages it takes before it has to be waited for. */
  readonly #appetite: number;
  #taken = 0;
  #isFull = false;

  constructor(appetite = Number.POSITIVE_INFINITY) {
    super();
    this.#appetite = appetite;
    this.output = new Output(this as unknown as ConstructorParameters<typeof Output>[0]);
    this.on('error', (error: Error) => this.told.push(`error ${error.message}`));
  }

  write(message: Outgoing): boolean {
    if (this.#isFull) this.told.push('written to although it was full');
    const { event, caughtUp, streamNotFound, confirmation } = Answer.decode(toBytes(message));
    const recorded = event?.event ?? event?.link;
    if (recorded) this.told.push(`${recorded.streamIdentifier?.streamName} ${recorded.revision ?? 0n}`);
    if (confirmation) this.isConfirmed = true;
    if (caughtUp) this.told.push('caught up');
    if (streamNotFound) this.told.push('not found');
    if (++this.#taken % this.#appetite !== 0) return true;
    this.#isFull = true;
    setImmediate(() => {
      this.#isFull = false;
      this.emit('drain');
    });
    return false;
  }

  /** Events only, without what else was said. */
  get events(): string[] {
    return this.told.filter((line) => line !== 'caught up');
  }

  getPeer(): string {
    return 'test';
  }

  end(): void {
    this.emit('close');
  }
}
