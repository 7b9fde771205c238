import { describe, expect, test } from '@jest/globals';
import { contentFrames, methodFrame, rawFrame } from '../testing/wireClient.ts';
import { type Frame, FrameReader } from './frameReader.ts';
import { encodeProperties } from './properties.ts';

const frames = [
  methodFrame(0, 'connection.tune', { channelMax: 2047, frameMax: 131_072, heartbeat: 60 }),
  rawFrame(8, 0, Buffer.alloc(0)),
  methodFrame(1, 'basic.publish', { exchange: '', routingKey: 'q', mandatory: true, immediate: false }),
  contentFrames(1, { properties: encodeProperties({ messageId: 'm' }), body: Buffer.alloc(300, 'x') }, 0),
  methodFrame(65_535, 'channel.close-ok', {}),
];
const stream = Buffer.concat(frames);

function readIn(chunks: readonly Buffer[], maxFrameBytes = 131_072): Frame[] {
  const reader = new FrameReader();
  reader.maxFrameBytes = maxFrameBytes;
  return chunks.flatMap((chunk) => [...reader.feed(chunk)].map((it) => ({ ...it, payload: Buffer.from(it.payload) })));
}

function cut(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

describe('frames come out the same', () => {
  const whole = frames.flatMap((frame) => readIn([frame]));

  test('one by one: six frames with their channels and types', () => {
    expect(whole.map(({ type, channel }) => [type, channel])).toEqual([
      [1, 0],
      [8, 0],
      [1, 1],
      [2, 1],
      [3, 1],
      [1, 65_535],
    ]);
  });

  test('glued together', () => {
    expect(readIn([stream])).toEqual(whole);
  });

  test.each([1, 2, 3, 7, 8, 9, 64, 333])('in pieces of %i bytes', (size) => {
    expect(readIn(cut(stream, size))).toEqual(whole);
  });
});

describe('what is no frame', () => {
  test('a wrong end octet', () => {
    expect(() => readIn([rawFrame(1, 1, Buffer.from([0, 10, 0, 20]), 0)])).toThrow(
      'FRAME_ERROR - type 1, all octets = <<0,10,0,20>>: {invalid_frame_end_marker,0}',
    );
  });

  test('a payload above the limit is refused by its size alone, before it is there', () => {
    const head = rawFrame(3, 1, Buffer.alloc(4097)).subarray(0, 7);
    expect(() => readIn([head], 4096)).toThrow('{frame_too_large,4097,4088}');
    expect(readIn([rawFrame(3, 1, Buffer.alloc(4096))], 4096)).toHaveLength(1);
  });

  test('without a limit any size passes', () => {
    expect(readIn(cut(rawFrame(3, 1, Buffer.alloc(300_000)), 65_536), 0)).toHaveLength(1);
  });
});
