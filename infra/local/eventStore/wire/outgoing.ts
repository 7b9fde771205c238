import type { EventLog } from '../log/eventLog.ts';
import { encodeEventFrame, type FrameOptions, type ResolvedEvent } from './eventFrame.ts';

const SCRATCH_BYTES = 256 * 1024;
const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
const inScratch = (size: number): Buffer =>
  size <= SCRATCH_BYTES ? scratch.subarray(0, size) : Buffer.allocUnsafeSlow(size);

/** An event that waits to be sent. It is encoded when its turn comes, so that what waits for a slow client is small. */
export class PendingEvent {
  readonly #log: EventLog;
  readonly #event: ResolvedEvent;
  readonly #options: FrameOptions;

  constructor(log: EventLog, event: ResolvedEvent, options: FrameOptions) {
    this.#log = log;
    this.#event = event;
    this.#options = options;
  }

  /** The bytes are good until the next event is encoded: long enough for who copies them at once. */
  encode(): Buffer {
    return encodeEventFrame(this.#log, this.#event, this.#options, inScratch);
  }
}

/** A message on its way to a client. */
export type Outgoing = Buffer | PendingEvent;

/** For gRPC, which puts what it gets behind a header of its own, and so copies it, before it does anything else. */
export const toBytes = (message: Outgoing): Buffer => (message instanceof PendingEvent ? message.encode() : message);
