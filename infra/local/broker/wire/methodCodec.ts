import { AmqpError } from './amqpError.ts';
import { ByteReader } from './byteReader.ts';
import type { ByteWriter } from './byteWriter.ts';
import { type FieldTable, readTable, writeTable } from './fieldTable.ts';
import { type ArgumentType, type FieldsOf, type Method, type MethodName, methods } from './methods.ts';

type Argument = number | string | boolean | Buffer | FieldTable;

interface Layout {
  readonly name: MethodName;
  readonly id: number;
  readonly fields: readonly { readonly name: string; readonly type: ArgumentType; readonly isReserved: boolean }[];
}

/** Of arguments that can't be read, so many are told. */
const shownOctets = 48;
const noBytes = Buffer.alloc(0);

const layouts = new Map<MethodName, Layout>();
const layoutsById = new Map<number, Layout>();
for (const [key, spec] of Object.entries(methods)) {
  const name = key as MethodName;
  const fields = Object.entries(spec.fields).map(([field, type]) => ({
    name: field,
    type,
    isReserved: field.startsWith('reserved'),
  }));
  const layout = { name, id: spec.id[0] * 0x1_0000 + spec.id[1], fields };
  layouts.set(name, layout);
  layoutsById.set(layout.id, layout);
}

/** Class and method number, as `close` methods and error texts carry them. */
export function methodId(name: MethodName): readonly [number, number] {
  return methods[name].id;
}

/**
 * The payload of a method frame as a method. An unknown number is a 503; arguments that are cut off, run over or make
 * no sense are a 501.
 */
export function decodeMethod(payload: Buffer): Method {
  const reader = new ByteReader(payload);
  const id = reader.uint32();
  const layout = layoutsById.get(id);
  const methodId = [id >>> 16, id & 0xffff] as const;
  if (layout === undefined)
    throw new AmqpError('COMMAND_INVALID', `unknown method ${methodId.join('.')}`, { methodId });
  try {
    const method = readArguments(reader, layout);
    if (reader.remaining === 0) return method;
  } catch (error) {
    if (!(error instanceof AmqpError)) throw error;
  }
  const shown = payload.subarray(4, 4 + shownOctets).join(',');
  throw new AmqpError('FRAME_ERROR', `cannot decode <<${shown}>>`, { methodId });
}

function readArguments(reader: ByteReader, layout: Layout): Method {
  const method: Record<string, Argument> = { name: layout.name };
  let bits = 0;
  let bitsLeft = 0;
  for (const field of layout.fields) {
    if (field.type === 'bit') {
      if (bitsLeft === 0) {
        bits = reader.uint8();
        bitsLeft = 8;
      }
      if (!field.isReserved) method[field.name] = (bits & 1) === 1;
      bits >>= 1;
      bitsLeft -= 1;
    } else {
      bitsLeft = 0;
      const value = readArgument(reader, field.type);
      if (!field.isReserved) method[field.name] = value;
    }
  }
  return method as unknown as Method;
}

function readArgument(reader: ByteReader, type: Exclude<ArgumentType, 'bit'>): Argument {
  switch (type) {
    case 'octet':
      return reader.uint8();
    case 'short':
      return reader.uint16();
    case 'long':
      return reader.uint32();
    case 'longlong':
      return reader.size64();
    case 'shortstr':
      return reader.shortText();
    case 'longstr':
      return reader.longBytes();
    case 'table':
      return readTable(reader);
  }
}

/** Appends the payload of a method frame: class, method, arguments. */
export function writeMethod<N extends MethodName>(writer: ByteWriter, name: N, args: FieldsOf<N>): void {
  const layout = layouts.get(name);
  if (layout === undefined) throw new RangeError(`no method ${name}`);
  const values = args as Readonly<Record<string, Argument>>;
  writer.uint32(layout.id);
  let bits = 0;
  let bitCount = 0;
  for (const field of layout.fields) {
    if (field.type === 'bit') {
      if (values[field.name] === true) bits |= 1 << bitCount;
      bitCount += 1;
    } else {
      if (bitCount > 0) writer.uint8(bits);
      bits = 0;
      bitCount = 0;
      writeArgument(writer, field.type, values[field.name]);
    }
  }
  if (bitCount > 0) writer.uint8(bits);
}

function writeArgument(writer: ByteWriter, type: Exclude<ArgumentType, 'bit'>, value: Argument | undefined): void {
  switch (type) {
    case 'octet':
      writer.uint8((value as number | undefined) ?? 0);
      return;
    case 'short':
      writer.uint16((value as number | undefined) ?? 0);
      return;
    case 'long':
      writer.uint32((value as number | undefined) ?? 0);
      return;
    case 'longlong':
      writer.size64((value as number | undefined) ?? 0);
      return;
    case 'shortstr':
      writer.shortText((value as string | undefined) ?? '');
      return;
    case 'longstr':
      writer.longBytes((value as Buffer | undefined) ?? noBytes);
      return;
    case 'table':
      writeTable(writer, (value as FieldTable | undefined) ?? new Map());
      return;
  }
}
