import { AmqpError } from './amqpError.ts';
import { ByteReader } from './byteReader.ts';
import { ByteWriter } from './byteWriter.ts';

/**
 * One value of a field table with the type it has on the wire, so that what is decoded encodes to the same bytes.
 * Tags are RabbitMQ's (rabbitmq.com/docs/amqp-0-9-1-errata, section 3), not those of the AMQP 0-9-1 paper.
 */
export type Field =
  | { readonly tag: 't'; readonly value: boolean }
  | { readonly tag: 'b' | 'B' | 's' | 'u' | 'I' | 'i' | 'f' | 'd'; readonly value: number }
  | { readonly tag: 'l' | 'L' | 'T'; readonly value: bigint }
  | { readonly tag: 'D'; readonly scale: number; readonly value: number }
  | { readonly tag: 'S' | 'x'; readonly value: Buffer }
  | { readonly tag: 'F'; readonly value: FieldTable }
  | { readonly tag: 'A'; readonly value: readonly Field[] }
  | { readonly tag: 'V' };

export type FieldTable = ReadonlyMap<string, Field>;

export const emptyTable: FieldTable = new Map();

/** Deeper than any client nests, shallower than the stack. */
export const maxDepth = 64;

export function longText(text: string): Field {
  return { tag: 'S', value: Buffer.from(text) };
}

export function truth(value: boolean): Field {
  return { tag: 't', value };
}

export function tableOf(fields: Readonly<Record<string, Field>>): FieldTable {
  return new Map(Object.entries(fields));
}

/** The text of a long string; undefined for every other type. */
export function textOf(field: Field | undefined): string | undefined {
  return field?.tag === 'S' ? field.value.toString() : undefined;
}

/** The value of any whole number; undefined for every other type. */
export function integerOf(field: Field | undefined): number | undefined {
  if (field === undefined) return undefined;
  switch (field.tag) {
    case 'b':
    case 'B':
    case 's':
    case 'u':
    case 'I':
    case 'i':
      return field.value;
    case 'l':
    case 'L':
      return Number(field.value);
    case 't':
    case 'f':
    case 'd':
    case 'T':
    case 'D':
    case 'S':
    case 'x':
    case 'F':
    case 'A':
    case 'V':
      return undefined;
  }
}

/** Reads a table with its length prefix. A key that appears twice keeps its last value. */
export function readTable(reader: ByteReader, depth = 0): FieldTable {
  const length = reader.uint32();
  if (length === 0) return emptyTable;
  if (depth > maxDepth) throw new AmqpError('SYNTAX_ERROR', `field table nested deeper than ${maxDepth}`);
  const inner = new ByteReader(reader.slice(length));
  const table = new Map<string, Field>();
  while (inner.remaining > 0) {
    const name = inner.shortText();
    table.set(name, readField(inner, depth));
  }
  return table;
}

function readArray(reader: ByteReader, depth: number): Field[] {
  const length = reader.uint32();
  if (length > 0 && depth > maxDepth) {
    throw new AmqpError('SYNTAX_ERROR', `field array nested deeper than ${maxDepth}`);
  }
  const inner = new ByteReader(reader.slice(length));
  const fields: Field[] = [];
  while (inner.remaining > 0) fields.push(readField(inner, depth));
  return fields;
}

function readField(reader: ByteReader, depth: number): Field {
  const tag = String.fromCharCode(reader.uint8());
  switch (tag) {
    case 't':
      return { tag, value: reader.uint8() !== 0 };
    case 'b':
      return { tag, value: reader.int8() };
    case 'B':
      return { tag, value: reader.uint8() };
    case 's':
      return { tag, value: reader.int16() };
    case 'u':
      return { tag, value: reader.uint16() };
    case 'I':
      return { tag, value: reader.int32() };
    case 'i':
      return { tag, value: reader.uint32() };
    case 'f':
      return { tag, value: reader.float() };
    case 'd':
      return { tag, value: reader.double() };
    case 'l':
    case 'L':
      return { tag, value: reader.int64() };
    case 'T':
      return { tag, value: reader.uint64() };
    case 'D':
      return { tag, scale: reader.uint8(), value: reader.uint32() };
    case 'S':
    case 'x':
      return { tag, value: Buffer.from(reader.longBytes()) };
    case 'F':
      return { tag, value: readTable(reader, depth + 1) };
    case 'A':
      return { tag, value: readArray(reader, depth + 1) };
    case 'V':
      return { tag };
    default:
      throw new AmqpError('SYNTAX_ERROR', `unknown field table type '${tag}'`);
  }
}

/** The table with its length prefix. */
export function encodeTable(table: FieldTable): Buffer {
  const writer = new ByteWriter(256);
  writeTable(writer, table);
  return writer.written();
}

export function writeTable(writer: ByteWriter, table: FieldTable): void {
  const lengthAt = writer.placeUint32();
  for (const [name, field] of table) {
    writer.shortText(name);
    writeField(writer, field);
  }
  writer.fillLength(lengthAt);
}

function writeField(writer: ByteWriter, field: Field): void {
  writer.uint8(field.tag.charCodeAt(0));
  switch (field.tag) {
    case 't':
      writer.uint8(field.value ? 1 : 0);
      return;
    case 'b':
    case 'B':
      writer.uint8(field.value & 0xff);
      return;
    case 's':
    case 'u':
      writer.uint16(field.value & 0xffff);
      return;
    case 'I':
    case 'i':
      writer.uint32(field.value >>> 0);
      return;
    case 'f':
      writer.float(field.value);
      return;
    case 'd':
      writer.double(field.value);
      return;
    case 'l':
    case 'L':
    case 'T':
      writer.uint64(BigInt.asUintN(64, field.value));
      return;
    case 'D':
      writer.uint8(field.scale);
      writer.uint32(field.value);
      return;
    case 'S':
    case 'x':
      writer.longBytes(field.value);
      return;
    case 'F':
      writeTable(writer, field.value);
      return;
    case 'A': {
      const lengthAt = writer.placeUint32();
      for (const item of field.value) writeField(writer, item);
      writer.fillLength(lengthAt);
      return;
    }
    case 'V':
      return;
  }
}
