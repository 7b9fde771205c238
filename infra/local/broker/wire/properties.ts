import { AmqpError } from './amqpError.ts';
import { ByteReader } from './byteReader.ts';
import { ByteWriter } from './byteWriter.ts';
import { checkTable } from './checkTable.ts';
import { type FieldTable, readTable, writeTable } from './fieldTable.ts';

/** The 14 properties of a message (AMQP 0-9-1, class basic). An absent one has no flag on the wire. */
export interface BasicProperties {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly headers?: FieldTable;
  readonly deliveryMode?: number;
  readonly priority?: number;
  readonly correlationId?: string;
  readonly replyTo?: string;
  readonly expiration?: string;
  readonly messageId?: string;
  readonly timestamp?: bigint;
  readonly type?: string;
  readonly userId?: string;
  readonly appId?: string;
  readonly clusterId?: string;
}

type PropertyType = 'shortstr' | 'table' | 'octet' | 'timestamp';

/** In wire order; the first has the highest flag, 0x8000. */
const layout: readonly (readonly [keyof BasicProperties, PropertyType])[] = [
  ['contentType', 'shortstr'],
  ['contentEncoding', 'shortstr'],
  ['headers', 'table'],
  ['deliveryMode', 'octet'],
  ['priority', 'octet'],
  ['correlationId', 'shortstr'],
  ['replyTo', 'shortstr'],
  ['expiration', 'shortstr'],
  ['messageId', 'shortstr'],
  ['timestamp', 'timestamp'],
  ['type', 'shortstr'],
  ['userId', 'shortstr'],
  ['appId', 'shortstr'],
  ['clusterId', 'shortstr'],
];

function flagOf(name: keyof BasicProperties): number {
  return 0x8000 >> layout.findIndex(([property]) => property === name);
}

const headersFlag = flagOf('headers');
/** Those that a broker has to look at in every message; all others it forwards unread. */
const scannedFlags = flagOf('priority') | flagOf('replyTo') | flagOf('expiration') | flagOf('userId');

export interface ScannedProperties {
  readonly priority?: number;
  readonly replyTo?: string;
  readonly expiration?: string;
  readonly userId?: string;
  readonly hasHeaders: boolean;
}

const nothingScanned: ScannedProperties = { hasHeaders: false };
const onlyHeaders: ScannedProperties = { hasHeaders: true };

/** What a broker looks at in every message, without the cost of decoding the others. */
export function scanProperties(bytes: Buffer): ScannedProperties {
  const flags = bytes.readUInt16BE(0);
  const hasHeaders = (flags & headersFlag) !== 0;
  if ((flags & scannedFlags) === 0) return hasHeaders ? onlyHeaders : nothingScanned;
  const { priority, replyTo, expiration, userId } = decodeProperties(bytes);
  return {
    hasHeaders,
    ...(priority !== undefined && { priority }),
    ...(replyTo !== undefined && { replyTo }),
    ...(expiration !== undefined && { expiration }),
    ...(userId !== undefined && { userId }),
  };
}

/** Refuses with 502 properties whose values are not exactly what their flags say, so that decoding them never fails. */
export function checkProperties(bytes: Buffer): void {
  const reader = new ByteReader(bytes);
  const flags = reader.uint16();
  let mask = 0x8000;
  for (const [, type] of layout) {
    if ((flags & mask) !== 0) check(reader, type);
    mask >>= 1;
  }
  if (reader.remaining > 0) throw new AmqpError('SYNTAX_ERROR', `${reader.remaining} bytes after the last property`);
}

function check(reader: ByteReader, type: PropertyType): void {
  if (type === 'shortstr') reader.skip(reader.uint8());
  else if (type === 'table') checkTable(reader);
  else reader.skip(type === 'octet' ? 1 : 8);
}

/** Flags and values of a content header, from after its body size to its end. */
export function decodeProperties(bytes: Buffer): BasicProperties {
  const reader = new ByteReader(bytes);
  const flags = reader.uint16();
  const properties: Record<string, unknown> = {};
  for (const [index, [name, type]] of layout.entries()) {
    if ((flags & (0x8000 >> index)) === 0) continue;
    if (type === 'shortstr') properties[name] = reader.shortText();
    else if (type === 'octet') properties[name] = reader.uint8();
    else if (type === 'timestamp') properties[name] = reader.uint64();
    else properties[name] = readTable(reader);
  }
  return properties;
}

export function encodeProperties(properties: BasicProperties): Buffer {
  const writer = new ByteWriter(512);
  let flags = 0;
  for (const [name] of layout) if (properties[name] !== undefined) flags |= flagOf(name);
  writer.uint16(flags);
  for (const [name, type] of layout) {
    const value = properties[name];
    if (value === undefined) continue;
    if (type === 'shortstr') writer.shortText(value as string);
    else if (type === 'octet') writer.uint8(value as number);
    else if (type === 'timestamp') writer.uint64(value as bigint);
    else writeTable(writer, value as FieldTable);
  }
  return writer.written();
}
