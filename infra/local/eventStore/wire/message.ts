import { ProtoReader } from './protoReader.ts';
import { ProtoWriter } from './protoWriter.ts';

/** One field of a protobuf message: its number, and how one value of it is read and written. */
export interface Field<T> {
  readonly no: number;
  /** `before` is what this field held so far: repeated fields and maps add to it, the others replace it. */
  read(reader: ProtoReader, before: T | undefined): T;
  write(writer: ProtoWriter, value: T): void;
}

type Value<F> = F extends Field<infer T> ? T : never;

/** What a message decodes to: an absent field is `undefined`, also a scalar at its default. */
export type Decoded<F> = { readonly [K in keyof F]?: Value<F[K]> | undefined };

/** A message type: its fields by name, as in the `.proto` file. */
export interface Message<F> {
  decode(bytes: Buffer): Decoded<F>;
  encode(value: Decoded<F>): Buffer;
}

/** The value type of a message. */
export type MessageValue<M> = M extends Message<infer F> ? Decoded<F> : never;

/** Declares a message by its fields. Unknown fields are skipped when reading. Throws `MalformedMessage` on bad bytes. */
export function message<F extends Readonly<Record<string, Field<unknown>>>>(fields: F): Message<F> {
  const entries = Object.entries(fields);
  const byNumber = new Map(entries.map(([name, field]) => [field.no, { name, field }]));
  return {
    decode(bytes) {
      const reader = new ProtoReader(bytes);
      const result: Record<string, unknown> = {};
      while (!reader.isAtEnd()) {
        const tag = reader.tag();
        const known = byNumber.get(Math.floor(tag / 8));
        if (known) result[known.name] = known.field.read(reader, result[known.name]);
        else reader.skip(tag);
      }
      return result as Decoded<F>;
    },
    encode(value) {
      const writer = new ProtoWriter();
      const values = value as Record<string, unknown>;
      for (const [name, field] of entries) if (values[name] !== undefined) field.write(writer, values[name]);
      return writer.finish();
    },
  };
}

/** `uint64`, 0 to 2^64-1. */
export const uint64 = (no: number): Field<bigint> => ({
  no,
  read: (reader) => reader.bigint(),
  write: (writer, value) => writer.varint(no, value),
});

/** `int64`, signed, written as ten bytes when negative. */
export const int64 = (no: number): Field<bigint> => ({
  no,
  read: (reader) => BigInt.asIntN(64, reader.bigint()),
  write: (writer, value) => writer.varint(no, value),
});

/** `uint32`, also used for small enumerations. */
export const uint32 = (no: number): Field<number> => ({
  no,
  read: (reader) => Number(BigInt.asUintN(32, reader.bigint())),
  write: (writer, value) => writer.varint(no, BigInt(value)),
});

/** `int32`, signed. */
export const int32 = (no: number): Field<number> => ({
  no,
  read: (reader) => Number(BigInt.asIntN(32, reader.bigint())),
  write: (writer, value) => writer.varint(no, BigInt(value)),
});

export const bool = (no: number): Field<boolean> => ({
  no,
  read: (reader) => reader.number() !== 0,
  write: (writer, value) => writer.varint(no, value ? 1n : 0n),
});

export const string = (no: number): Field<string> => ({
  no,
  read: (reader) => reader.string(),
  write: (writer, value) => writer.bytes(no, Buffer.from(value)),
});

export const bytes = (no: number): Field<Buffer> => ({
  no,
  read: (reader) => reader.bytes(),
  write: (writer, value) => writer.bytes(no, value),
});

export const double = (no: number): Field<number> => ({
  no,
  read: (reader) => reader.double(),
  write: (writer, value) => writer.double(no, value),
});

/** `float`: only ever written by this server. */
export const float = (no: number): Field<number> => ({
  no,
  read: (reader) => {
    reader.skip(5);
    return 0;
  },
  write: (writer, value) => writer.float(no, value),
});

/** A message inside a message. */
export const nested = <F>(no: number, type: Message<F>): Field<Decoded<F>> => ({
  no,
  read: (reader) => type.decode(reader.bytes()),
  write: (writer, value) => writer.bytes(no, type.encode(value)),
});

/** A message that may hold itself, so its type is given late. */
export const late = <T>(no: number, type: () => { decode(bytes: Buffer): T; encode(value: T): Buffer }): Field<T> => ({
  no,
  read: (reader) => type().decode(reader.bytes()),
  write: (writer, value) => writer.bytes(no, type().encode(value)),
});

/** A repeated field of strings, bytes or messages. (No request of this protocol packs numbers.) */
export const repeated = <T>(field: Field<T>): Field<readonly T[]> => ({
  no: field.no,
  read: (reader, before) => {
    const values = (before ?? []) as T[];
    values.push(field.read(reader, undefined));
    return values;
  },
  write: (writer, values) => {
    for (const value of values) field.write(writer, value);
  },
});

/** A map entry list with string keys. */
export const map = <T>(no: number, value: (no: number) => Field<T>): Field<ReadonlyMap<string, T>> => {
  const entry = message({ key: string(1), value: value(2) as Field<unknown> });
  return {
    no,
    read: (reader, before) => {
      const { key, value: item } = entry.decode(reader.bytes());
      return new Map(before).set(key ?? '', item as T);
    },
    write: (writer, values) => {
      for (const [key, item] of values) writer.bytes(no, entry.encode({ key, value: item }));
    },
  };
};
