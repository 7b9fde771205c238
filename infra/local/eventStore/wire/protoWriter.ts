/** How many bytes a non-negative integer takes as a varint. `value` is at most 2^53. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}

/** Writes a varint at `offset`, returns the offset after it. `value` is from 0 to 2^53. */
export function putVarint(target: Buffer, offset: number, value: number): number {
  let at = offset;
  let rest = value;
  while (rest > 0x7fffffff) {
    target[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  while (rest > 127) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}

/** Collects the fields of one protobuf message, for messages whose encoding is not worth tuning. */
export class ProtoWriter {
  readonly #parts: Buffer[] = [];

  varint(field: number, value: bigint): void {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    this.#head(field, 0);
    this.#parts.push(Buffer.from(bytes));
  }

  bytes(field: number, value: Uint8Array): void {
    this.#head(field, 2);
    this.#number(value.length);
    this.#parts.push(Buffer.from(value.buffer, value.byteOffset, value.length));
  }

  double(field: number, value: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    this.#head(field, 1);
    this.#parts.push(bytes);
  }

  float(field: number, value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    this.#head(field, 5);
    this.#parts.push(bytes);
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #head(field: number, wireType: number): void {
    this.#number(field * 8 + wireType);
  }

  #number(value: number): void {
    const bytes = Buffer.allocUnsafe(varintLength(value));
    putVarint(bytes, 0, value);
    this.#parts.push(bytes);
  }
}
