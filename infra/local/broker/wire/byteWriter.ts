/**
 * Writes AMQP primitives (big-endian) one after another into chunks of memory. A frame that is open when its chunk is
 * full moves to the next one, so whatever lies between two marks is always contiguous and can be patched.
 */
export class ByteWriter {
  readonly #chunkBytes: number;
  #full: Buffer[] = [];
  #fullBytes = 0;
  #chunk: Buffer;
  #start = 0;
  #mark = 0;
  #position = 0;

  constructor(chunkBytes: number) {
    this.#chunkBytes = chunkBytes;
    this.#chunk = Buffer.allocUnsafeSlow(chunkBytes);
  }

  /** Bytes written and not taken yet. */
  get size(): number {
    return this.#fullBytes + this.#position - this.#start;
  }

  #claim(count: number): number {
    if (this.#position + count > this.#chunk.length) this.#grow(count);
    const at = this.#position;
    this.#position = at + count;
    return at;
  }

  #grow(count: number): void {
    const open = this.#chunk.subarray(this.#mark, this.#position);
    this.#setAside(this.#mark);
    const next = Buffer.allocUnsafeSlow(Math.max(this.#chunkBytes, 2 * (open.length + count)));
    open.copy(next);
    this.#chunk = next;
    this.#start = 0;
    this.#mark = 0;
    this.#position = open.length;
  }

  #setAside(end: number): void {
    if (end === this.#start) return;
    this.#full.push(this.#chunk.subarray(this.#start, end));
    this.#fullBytes += end - this.#start;
    this.#start = end;
  }

  /** From here on bytes stay together until the next mark. */
  mark(): void {
    this.#mark = this.#position;
  }

  /** Everything written and not taken yet, in order, leaving the writer empty. Nothing may be open. */
  take(): Buffer[] {
    this.#setAside(this.#position);
    this.#mark = this.#position;
    const taken = this.#full;
    this.#full = [];
    this.#fullBytes = 0;
    return taken;
  }

  /** What lies between the mark and the end. */
  written(): Buffer {
    return this.#chunk.subarray(this.#mark, this.#position);
  }

  uint8(value: number): void {
    const at = this.#claim(1);
    this.#chunk[at] = value;
  }

  uint16(value: number): void {
    const at = this.#claim(2);
    this.#chunk.writeUInt16BE(value, at);
  }

  uint32(value: number): void {
    const at = this.#claim(4);
    this.#chunk.writeUInt32BE(value, at);
  }

  uint64(value: bigint): void {
    const at = this.#claim(8);
    this.#chunk.writeBigUInt64BE(value, at);
  }

  /** A whole number below 2^53 as 64 bits. */
  size64(value: number): void {
    this.uint32(Math.floor(value / 0x1_0000_0000));
    this.uint32(value % 0x1_0000_0000);
  }

  float(value: number): void {
    const at = this.#claim(4);
    this.#chunk.writeFloatBE(value, at);
  }

  double(value: number): void {
    const at = this.#claim(8);
    this.#chunk.writeDoubleBE(value, at);
  }

  bytes(value: Buffer): void {
    const at = this.#claim(value.length);
    this.#chunk.set(value, at);
  }

  longBytes(value: Buffer): void {
    this.uint32(value.length);
    this.bytes(value);
  }

  /** At most 255 bytes of UTF-8. */
  shortText(value: string): void {
    const at = this.#claim(1 + 3 * value.length);
    const length = this.#chunk.write(value, at + 1, 'utf8');
    if (length > 255)
      throw new RangeError(`a short string is at most 255 bytes, not ${length}: ${value.slice(0, 40)}...`);
    this.#chunk[at] = length;
    this.#position = at + 1 + length;
  }

  /** Leaves room for a length that is known only later; returns where, counted from the mark. */
  placeUint32(): number {
    return this.#claim(4) - this.#mark;
  }

  /** Puts the number of bytes written since `placeUint32` there. */
  fillLength(place: number): void {
    const at = this.#mark + place;
    this.#chunk.writeUInt32BE(this.#position - at - 4, at);
  }

  /** Hands a large piece over as it is instead of copying it. Nothing may be open. */
  append(piece: Buffer): void {
    this.#setAside(this.#position);
    this.#mark = this.#position;
    this.#full.push(piece);
    this.#fullBytes += piece.length;
  }
}
