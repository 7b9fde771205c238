import { AmqpError } from './amqpError.ts';
import { frameEnd, frameHeaderBytes, frameMinBytes, frameOverheadBytes } from './frames.ts';

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
  /** The largest frame accepted, its 8 bytes around the payload included; 0 is no limit. */
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
      if (this.maxFrameBytes !== 0 && size > this.maxFrameBytes - frameOverheadBytes) {
        throw frameError(
          type,
          bytes.subarray(at + 7),
          `{frame_too_large,${size},${this.maxFrameBytes - frameOverheadBytes}}`,
        );
      }
      const total = size + frameOverheadBytes;
      if (bytes.length - at < total) {
        this.#neededBytes = total;
        break;
      }
      const payload = bytes.subarray(at + frameHeaderBytes, at + frameHeaderBytes + size);
      const end = bytes.readUInt8(at + total - 1);
      if (end !== frameEnd) throw frameError(type, payload, `{invalid_frame_end_marker,${end}}`);
      const frame = { type, channel: bytes.readUInt16BE(at + 1), payload };
      at += total;
      yield frame;
    }
    const rest = bytes.subarray(at);
    this.#pending = rest.length > 0 ? [rest] : [];
    this.#pendingBytes = rest.length;
  }
}

/** RabbitMQ's text, Erlang terms and all. */
function frameError(type: number, payload: Buffer, reason: string): AmqpError {
  const octets = payload.length > 16 ? 'first 16 octets' : 'all octets';
  const shown = `<<${[...payload.subarray(0, 16)].join(',')}>>`;
  return new AmqpError('FRAME_ERROR', `type ${type}, ${octets} = ${shown}: ${reason}`);
}
