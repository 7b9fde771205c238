/** A request whose bytes are not the protobuf message they should be. */
export class MalformedMessage extends Error {}

/**
 * Reads one protobuf message from bytes without copying: `bytes()` returns views into the input.
 * Throws {@link MalformedMessage} when a length or a varint runs past the end.
 * Source: protobuf.dev/programming-guides/encoding.
 */
export class ProtoReader {
  readonly #buffer: Buffer;
  #offset: number;
  readonly #end: number;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
    this.#offset = 0;
    this.#end = buffer.length;
  }

  isAtEnd(): boolean {
    return this.#offset >= this.#end;
  }

  /** Field number times 8 plus wire type. */
  tag(): number {
    return this.number();
  }

  /** A varint as a number: exact to 2^53, the low 53 bits matter to nobody above that. */
  number(): number {
    let result = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.#byte();
      result += (byte & 0x7f) * scale;
      if (byte < 0x80) return result;
      scale *= 128;
    }
    throw new MalformedMessage('a varint is longer than ten bytes');
  }

  /** A varint as an unsigned 64-bit bigint. */
  bigint(): bigint {
    const start = this.#offset;
    const small = this.number();
    if (small <= Number.MAX_SAFE_INTEGER) return BigInt(small);
    this.#offset = start;
    let result = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#byte();
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, result);
    }
  }

  bytes(): Buffer {
    const length = this.number();
    const start = this.#offset;
    if (length > this.#end - start) throw new MalformedMessage(`a field of ${length} bytes runs past the message`);
    this.#offset = start + length;
    return this.#buffer.subarray(start, start + length);
  }

  string(): string {
    const length = this.number();
    const start = this.#offset;
    if (length > this.#end - start) throw new MalformedMessage(`a field of ${length} bytes runs past the message`);
    this.#offset = start + length;
    return this.#buffer.toString('utf8', start, start + length);
  }

  double(): number {
    if (this.#end - this.#offset < 8) throw new MalformedMessage('a double runs past the message');
    this.#offset += 8;
    return this.#buffer.readDoubleLE(this.#offset - 8);
  }

  /** Steps over a field nobody here knows. */
  skip(tag: number): void {
    const wireType = tag & 7;
    if (wireType === 0) this.number();
    else if (wireType === 1) this.#offset += 8;
    else if (wireType === 2) this.bytes();
    else if (wireType === 5) this.#offset += 4;
    else throw new MalformedMessage(`wire type ${wireType} is not one of protobuf 3's`);
    if (this.#offset > this.#end) throw new MalformedMessage('a field runs past the message');
  }

  #byte(): number {
    if (this.#offset >= this.#end) throw new MalformedMessage('a varint runs past the message');
    return this.#buffer[this.#offset++] as number;
  }
}
