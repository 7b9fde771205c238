import { afterAll, describe, expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import { lastWords } from './contract/connections.contract.ts';
import { findRabbit } from './contract/findRabbit.ts';
import { startBroker } from './startBroker.ts';
import { methodFrame, rawFrame, WireClient } from './testing/wireClient.ts';
import { encodeProperties } from './wire/properties.ts';

const broker = await startBroker();
afterAll(() => broker.stop());
const rabbit = await findRabbit();

const publish = methodFrame(1, 'basic.publish', { exchange: '', routingKey: 'q', mandatory: false, immediate: false });
const qos = methodFrame(1, 'basic.qos', { prefetchSize: 0, prefetchCount: 1, global: false });
const cutOff = Buffer.from([0, 50, 0, 10, 0, 0, 5, 65]);

function header(classId: number, bodyBytes: number): Buffer {
  const payload = Buffer.alloc(12);
  payload.writeUInt16BE(classId, 0);
  payload.writeBigUInt64BE(BigInt(bodyBytes), 4);
  return rawFrame(2, 1, Buffer.concat([payload, encodeProperties({})]));
}

/** What is sent on an open channel 1, and the last words of the server. */
const malformed: readonly (readonly [string, readonly Buffer[], string])[] = [
  [
    'a wrong end octet',
    [rawFrame(1, 1, Buffer.from([0, 10, 0, 20]), 0)],
    '501 FRAME_ERROR - type 1, all octets = <<0,10,0,20>>: {invalid_frame_end_marker,0}',
  ],
  [
    'an unknown frame type',
    [rawFrame(7, 0, Buffer.alloc(3, 1))],
    '501 FRAME_ERROR - type 7, all octets = <<1,1,1>>: unknown_frame',
  ],
  [
    'a method frame without a method',
    [rawFrame(1, 1, Buffer.from([0, 50]))],
    '501 FRAME_ERROR - type 1, all octets = <<0,50>>: unknown_frame',
  ],
  ['arguments cut off', [rawFrame(1, 1, cutOff)], '501 FRAME_ERROR - cannot decode <<0,0,5,65>>'],
  [
    'a heartbeat with a payload',
    [rawFrame(8, 0, Buffer.alloc(3))],
    '501 FRAME_ERROR - type 8, all octets = <<0,0,0>>: unknown_frame',
  ],
  ['a heartbeat on a channel', [rawFrame(8, 1, Buffer.alloc(0))], '505 UNEXPECTED_FRAME - type 8, all octets = <<>>'],
  [
    'a body without a publish',
    [rawFrame(3, 1, Buffer.from('x'))],
    '505 UNEXPECTED_FRAME - expected method frame, got non method frame instead',
  ],
  [
    'a body before its header',
    [publish, rawFrame(3, 1, Buffer.from('x'))],
    '505 UNEXPECTED_FRAME - expected content header for class 60, got non content header frame instead',
  ],
  [
    'a method between publish and header',
    [publish, qos],
    '505 UNEXPECTED_FRAME - expected content header for class 60, got non content header frame instead',
  ],
  [
    'a header of another class',
    [publish, header(50, 1)],
    '505 UNEXPECTED_FRAME - expected content header for class 60, got one for class 50 instead',
  ],
  [
    'a method in the middle of a body',
    [publish, header(60, 2), qos],
    '505 UNEXPECTED_FRAME - expected content body, got non content body frame instead',
  ],
  ['a channel that is not open', [methodFrame(5, 'tx.select', {})], "504 CHANNEL_ERROR - expected 'channel.open'"],
  ['a channel opened twice', [methodFrame(1, 'channel.open', {})], "504 CHANNEL_ERROR - second 'channel.open' seen"],
  [
    'a connection method on a channel',
    [methodFrame(1, 'connection.open', { virtualHost: '/' })],
    '503 COMMAND_INVALID - unimplemented method',
  ],
  ['a method only servers send', [methodFrame(1, 'basic.qos-ok', {})], '503 COMMAND_INVALID - unimplemented method'],
  [
    'a channel method on the connection',
    [methodFrame(0, 'tx.select', {})],
    '504 CHANNEL_ERROR - unexpected method in connection state running',
  ],
  [
    'a prefetch in bytes',
    [methodFrame(1, 'basic.qos', { prefetchSize: 5, prefetchCount: 1, global: false })],
    '540 NOT_IMPLEMENTED - prefetch_size!=0 (5)',
  ],
  [
    'recovery without requeue',
    [methodFrame(1, 'basic.recover', { requeue: false })],
    '540 NOT_IMPLEMENTED - requeue=false',
  ],
  ['flow off', [methodFrame(1, 'channel.flow', { active: false })], '540 NOT_IMPLEMENTED - active=false'],
  [
    'a commit outside a transaction',
    [methodFrame(1, 'tx.commit', {})],
    '406 PRECONDITION_FAILED - channel is not transactional',
  ],
];

/** Where RabbitMQ 3.10 just hangs up, or says no more than INTERNAL_ERROR, this broker tells what was wrong. */
const toldOnlyHere: typeof malformed = [
  ['an unknown method', [rawFrame(1, 1, Buffer.from([0, 60, 0, 250]))], '503 COMMAND_INVALID - unknown method 60.250'],
  [
    'properties cut off',
    [publish, rawFrame(2, 1, Buffer.from([0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 9]))],
    '502 SYNTAX_ERROR - expected 9 more bytes, found 0',
  ],
  [
    'more body than announced',
    [publish, header(60, 1), rawFrame(3, 1, Buffer.from('xyz'))],
    '501 FRAME_ERROR - 3 bytes of body where the header announced 1',
  ],
  [
    'a message above the limit',
    [publish, header(60, 2 ** 40)],
    '406 PRECONDITION_FAILED - message size 1099511627776 is larger than configured max size 134217728',
  ],
];

async function answer(url: string, frames: readonly Buffer[]): Promise<string> {
  const client = await WireClient.openChannel(url);
  client.write(Buffer.concat(frames));
  return lastWords(client);
}

describe('the local broker answers', () => {
  test.each([...malformed, ...toldOnlyHere])('%s', async (_title, frames, expected) => {
    expect(await answer(broker.url, frames)).toBe(expected);
  });
});

(rabbit ? describe : describe.skip)('RabbitMQ answers', () => {
  test.each(malformed)('%s', async (_title, frames, expected) => {
    expect(await answer(rabbit?.url ?? '', frames)).toBe(expected);
  });
});

/** Park and Miller's generator: the same noise every time. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state;
  };
}

test('noise of every kind, whole frames bent in one place among it, never ends the broker', async () => {
  const next = noise(2026);
  const good = Buffer.concat([publish, header(60, 3), rawFrame(3, 1, Buffer.from('abc')), qos]);
  for (let round = 0; round < 300; round += 1) {
    const client = await WireClient.openChannel(broker.url);
    const bytes = round % 2 === 0 ? Buffer.from(good) : Buffer.from(Array.from({ length: 64 }, () => next() % 256));
    bytes[next() % bytes.length] = next() % 256;
    client.write(bytes);
    client.send(1, 'channel.close', { replyCode: 200, replyText: '', classId: 0, methodId: 0 });
    client.socket.end();
    await client.ended;
  }
  const connection = await connect(broker.url);
  const channel = await connection.createChannel();
  expect((await channel.assertQueue('')).messageCount).toBe(0);
  await connection.close();
});
