import type { ByteWriter } from './byteWriter.ts';
import { writeMethod } from './methodCodec.ts';
import type { FieldsOf, MethodName } from './methods.ts';

/**
 * A frame (AMQP 0-9-1, section 4.2.3):
 *
 *     0      1         3             7                  size+7 size+8
 *     +------+---------+-------------+  +------------+  +-----------+
 *     | type | channel |    size     |  |  payload   |  |   0xCE    |
 *     +------+---------+-------------+  +------------+  +-----------+
 *      octet    short       long         size octets        octet
 */
export const frameType = { method: 1, header: 2, body: 3, heartbeat: 8 } as const;

export const frameHeaderBytes = 7;
/** Header and end octet together: what a frame adds to its payload, and what `frame_max` counts. */
export const frameOverheadBytes = 8;
export const frameEnd = 0xce;
/** `frame_max` may not be negotiated below this, and holds until it is negotiated. */
export const frameMinBytes = 4096;

const basicClass = 60;
/** Above this a piece of a body goes to the socket as it is; below, copying it costs less than one more buffer. */
const copyBelowBytes = 8192;

export const protocolHeader = Buffer.from([0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1]);

/** Properties as they came from the wire, and the whole body. */
export interface Content {
  readonly properties: Buffer;
  readonly body: Buffer;
}

function beginFrame(writer: ByteWriter, type: number, channel: number): void {
  writer.mark();
  writer.uint8(type);
  writer.uint16(channel);
}

export function writeMethodFrame<N extends MethodName>(
  writer: ByteWriter,
  channel: number,
  name: N,
  fields: FieldsOf<N>,
): void {
  beginFrame(writer, frameType.method, channel);
  const size = writer.placeUint32();
  writeMethod(writer, name, fields);
  writer.fillLength(size);
  writer.uint8(frameEnd);
}

/** The header frame and as many body frames as `frameMax` (0: no limit) asks for; none for an empty body. */
export function writeContentFrames(writer: ByteWriter, channel: number, content: Content, frameMax: number): void {
  const { properties, body } = content;
  beginFrame(writer, frameType.header, channel);
  writer.uint32(12 + properties.length);
  writer.uint16(basicClass);
  writer.uint16(0);
  writer.size64(body.length);
  writer.bytes(properties);
  writer.uint8(frameEnd);
  const pieceBytes = frameMax === 0 ? body.length : frameMax - frameOverheadBytes;
  for (let at = 0; at < body.length; at += pieceBytes) {
    const piece = at === 0 && body.length <= pieceBytes ? body : body.subarray(at, at + pieceBytes);
    beginFrame(writer, frameType.body, channel);
    writer.uint32(piece.length);
    if (piece.length < copyBelowBytes) writer.bytes(piece);
    else writer.append(piece);
    writer.uint8(frameEnd);
  }
}

export function writeHeartbeat(writer: ByteWriter): void {
  beginFrame(writer, frameType.heartbeat, 0);
  writer.uint32(0);
  writer.uint8(frameEnd);
}

/** How RabbitMQ names a frame it can't accept, as Erlang terms. */
export function describeFrame(type: number, payload: Buffer): string {
  const octets = payload.length > 16 ? 'first 16 octets' : 'all octets';
  return `type ${type}, ${octets} = <<${payload.subarray(0, 16).join(',')}>>`;
}
