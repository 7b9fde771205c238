import { AmqpError } from './amqpError.ts';
import { describeFrame, frameEnd, frameHeaderBytes, frameMinBytes, frameOverheadBytes } from './frames.ts';

const noOctets = Buffer.alloc(0);

export interface Frame {
  readonly type: number;
  readonly channel: number;
  readonly payload: Buffer;
}

/**
 * Cuts a byte stream into frames, however it is chopped. Payloads are views on the bytes fed in where a frame lies in
 * one chunk; whoever keeps one copies it. A frame that is too large or has no end octet is a 501 FRAME_ERROR.
 */
export class FrameReader {
  /** The limit agreed on; 0 is none. As RabbitMQ does, a payload of so many bytes passes though its frame is 8 larger. */
  maxFrameBytes = frameMinBytes;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #neededBytes = frameHeaderBytes;

  /** Every frame that is whole now, one by one: a change of `maxFrameBytes` holds from the next one on. */
  *feed(chunk: Buffer): Generator<Frame, void, undefined> {
    let bytes = chunk;
    if (this.#pendingBytes > 0) {
      this.#pending.push(chunk);
      this.#pendingBytes += chunk.length;
      if (this.#pendingBytes < this.#neededBytes) return;
      bytes = Buffer.concat(this.#pending, this.#pendingBytes);
    }
    let at = 0;
    this.#neededBytes = frameHeaderBytes;
    while (bytes.length - at >= frameHeaderBytes) {
      const size = bytes.readUInt32BE(at + 3);
      const type = bytes.readUInt8(at);
      if (this.maxFrameBytes !== 0 && size > this.maxFrameBytes) {
        const reason = `{frame_too_large,${size},${this.maxFrameBytes - frameOverheadBytes}}`;
        throw new AmqpError('FRAME_ERROR', `${describeFrame(type, noOctets)}: ${reason}`);
      }
      const total = size + frameOverheadBytes;
      if (bytes.length - at < total) {
        this.#neededBytes = total;
        break;
      }
      const payload = bytes.subarray(at + frameHeaderBytes, at + frameHeaderBytes + size);
      const end = bytes.readUInt8(at + total - 1);
      if (end !== frameEnd) {
        const reason = `{invalid_frame_end_marker,${end}}`;
        throw new AmqpError('FRAME_ERROR', `${describeFrame(type, payload)}: ${reason}`);
      }
      const frame = { type, channel: bytes.readUInt16BE(at + 1), payload };
      at += total;
      yield frame;
    }
    const rest = bytes.subarray(at);
    this.#pending = rest.length > 0 ? [rest] : [];
    this.#pendingBytes = rest.length;
  }
}
