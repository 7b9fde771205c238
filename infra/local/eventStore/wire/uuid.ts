/** A UUID is 16 bytes here, big-endian, as its text reads from left to right. */
const HEX_VALUE = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value++) {
  HEX_VALUE[value.toString(16).charCodeAt(0)] = value;
  HEX_VALUE[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}
const HEX_DIGITS = Buffer.from('0123456789abcdef');
/** Where each byte's two digits stand in the 36 characters. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const;
const DASHES = [8, 13, 18, 23] as const;

/** Parses the 36 characters of a UUID in any case. `undefined` when they are not one. */
export function parseUuid(text: Buffer): Buffer | undefined {
  if (text.length !== 36) return undefined;
  for (const at of DASHES) if (text[at] !== 0x2d) return undefined;
  const id = Buffer.allocUnsafe(16);
  for (let i = 0; i < 16; i++) {
    const place = PLACES[i] as number;
    const high = HEX_VALUE[text[place] as number] as number;
    const low = HEX_VALUE[text[place + 1] as number] as number;
    if (high < 0 || low < 0) return undefined;
    id[i] = high * 16 + low;
  }
  return id;
}

/** Writes a UUID as 36 lower-case characters at `offset`, returns the offset after them. */
export function putUuidText(target: Buffer, offset: number, source: Buffer, from: number): number {
  for (let i = 0; i < 16; i++) {
    const byte = source[from + i] as number;
    const at = offset + (PLACES[i] as number);
    target[at] = HEX_DIGITS[byte >> 4] as number;
    target[at + 1] = HEX_DIGITS[byte & 15] as number;
  }
  for (const at of DASHES) target[offset + at] = 0x2d;
  return offset + 36;
}

/** A UUID as text, lower case. */
export function formatUuid(id: Buffer): string {
  const text = Buffer.allocUnsafe(36);
  putUuidText(text, 0, id, 0);
  return text.toString('latin1');
}

/** From the two signed halves of the structured form. */
export function fromHalves(mostSignificant: bigint, leastSignificant: bigint): Buffer {
  const id = Buffer.allocUnsafe(16);
  id.writeBigInt64BE(BigInt.asIntN(64, mostSignificant), 0);
  id.writeBigInt64BE(BigInt.asIntN(64, leastSignificant), 8);
  return id;
}
