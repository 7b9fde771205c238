import type { Socket } from 'node:net';
import { ByteWriter } from '../wire/byteWriter.ts';
import { type Content, writeContentFrames, writeHeartbeat, writeMethodFrame } from '../wire/frames.ts';
import type { FieldsOf, MethodName } from '../wire/methods.ts';

const chunkBytes = 64 * 1024;
/** Deliveries stop while more than this waits for the client to read it; replies don't. */
const highWaterBytes = 512 * 1024;

/**
 * What goes to one client. Frames gather until the current turn of the event loop ends and leave together. A client
 * that doesn't read holds `highWaterBytes` and nothing of anyone else.
 */
export class Outbox {
  readonly #socket: Socket;
  readonly #writer = new ByteWriter(chunkBytes);
  readonly #beforeFlush: () => void;
  readonly #hasRoomAgain: () => void;
  frameMax = 0;
  /** When something was last sent, for heartbeats. */
  sentSinceBeat = false;
  #isScheduled = false;
  #isDraining = false;
  #isAwaited = false;

  /** `beforeFlush` may still add frames; `hasRoomAgain` follows every time that `hasRoom` said no. */
  constructor(socket: Socket, beforeFlush: () => void, hasRoomAgain: () => void) {
    this.#socket = socket;
    this.#beforeFlush = beforeFlush;
    this.#hasRoomAgain = hasRoomAgain;
    socket.on('drain', () => {
      this.#isDraining = false;
      this.#announceRoom();
    });
  }

  hasRoom(): boolean {
    const waiting = this.#writer.size + (this.#isDraining ? this.#socket.writableLength : 0);
    if (waiting < highWaterBytes) return true;
    this.#isAwaited = true;
    return false;
  }

  send<N extends MethodName>(channel: number, name: N, fields: FieldsOf<N>): void {
    writeMethodFrame(this.#writer, channel, name, fields);
    this.schedule();
  }

  sendContent(channel: number, content: Content): void {
    writeContentFrames(this.#writer, channel, content, this.frameMax);
    this.schedule();
  }

  sendHeartbeat(): void {
    writeHeartbeat(this.#writer);
    this.schedule();
  }

  /** Sends what there is at the end of this turn. */
  schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(() => this.flush());
  }

  flush(): void {
    this.#beforeFlush();
    this.#isScheduled = false;
    if (this.#writer.size === 0) return;
    const pieces = this.#writer.take();
    this.sentSinceBeat = true;
    if (!this.#socket.writable) return;
    this.#socket.cork();
    for (const piece of pieces) this.#isDraining = !this.#socket.write(piece);
    this.#socket.uncork();
    if (!this.#isDraining) this.#announceRoom();
  }

  #announceRoom(): void {
    if (!this.#isAwaited) return;
    this.#isAwaited = false;
    this.#hasRoomAgain();
  }
}
