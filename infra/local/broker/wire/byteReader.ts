import { AmqpError } from './amqpError.ts';

/** Reads AMQP primitives (big-endian) in order. Reading past the end is a 502 SYNTAX_ERROR, never a short value. */
export class ByteReader {
  readonly bytes: Buffer;
  #position: number;

  constructor(bytes: Buffer, position = 0) {
    this.bytes = bytes;
    this.#position = position;
  }

  get remaining(): number {
    return this.bytes.length - this.#position;
  }

  #advance(count: number): number {
    const at = this.#position;
    if (count > this.bytes.length - at) {
      throw new AmqpError('SYNTAX_ERROR', `expected ${count} more bytes, found ${this.bytes.length - at}`);
    }
    this.#position = at + count;
    return at;
  }

  uint8(): number {
    return this.bytes.readUInt8(this.#advance(1));
  }

  int8(): number {
    return this.bytes.readInt8(this.#advance(1));
  }

  uint16(): number {
    return this.bytes.readUInt16BE(this.#advance(2));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.#advance(2));
  }

  uint32(): number {
    return this.bytes.readUInt32BE(this.#advance(4));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.#advance(4));
  }

  float(): number {
    return this.bytes.readFloatBE(this.#advance(4));
  }

  double(): number {
    return this.bytes.readDoubleBE(this.#advance(8));
  }

  uint64(): bigint {
    return this.bytes.readBigUInt64BE(this.#advance(8));
  }

  int64(): bigint {
    return this.bytes.readBigInt64BE(this.#advance(8));
  }

  /** A 64-bit number that fits a double: delivery tags and body sizes, which no one counts beyond 2^53. */
  size64(): number {
    const at = this.#advance(8);
    return this.bytes.readUInt32BE(at) * 0x1_0000_0000 + this.bytes.readUInt32BE(at + 4);
  }

  /** A view on the next `count` bytes, not a copy. */
  slice(count: number): Buffer {
    const at = this.#advance(count);
    return this.bytes.subarray(at, at + count);
  }

  skip(count: number): void {
    this.#advance(count);
  }

  shortText(): string {
    const length = this.uint8();
    const at = this.#advance(length);
    return this.bytes.toString('utf8', at, at + length);
  }

  longBytes(): Buffer {
    return this.slice(this.uint32());
  }
}
