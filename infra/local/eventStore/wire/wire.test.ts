import streams from '@eventstore/db-client/generated/streams_pb.js';
import { describe, expect, test } from '@jest/globals';
import { ANY } from '../log/decideAppend.ts';
import { EventLog } from '../log/eventLog.ts';
import { append, tombstone } from '../log/write.ts';
import { encodeEventFrame } from './eventFrame.ts';
import {
  bool,
  bytes,
  double,
  int32,
  int64,
  map,
  message,
  nested,
  repeated,
  string,
  uint32,
  uint64,
} from './message.ts';
import { MalformedMessage } from './protoReader.ts';
import { putVarint, varintLength } from './protoWriter.ts';
import { formatUuid, fromHalves, parseUuid } from './uuid.ts';

const ID = '00112233-4455-6677-8899-aabbccddeeff';
const NOW = 1_700_000_000_123;

describe('varints', () => {
  test.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1])(
    '%d takes what it should',
    (value) => {
      const target = Buffer.alloc(10);
      expect(putVarint(target, 0, value)).toBe(varintLength(value));
      const Holder = message({ value: uint64(1) });
      const wanted = Holder.encode({ value: BigInt(value) });
      expect(target.subarray(0, varintLength(value))).toEqual(wanted.subarray(1));
      expect(Holder.decode(wanted)).toEqual({ value: BigInt(value) });
    },
  );
});

describe('messages', () => {
  const Inner = message({ text: string(1) });
  const All = message({
    big: uint64(1),
    signed: int64(2),
    small: int32(3),
    unsigned: uint32(4),
    flag: bool(5),
    raw: bytes(6),
    real: double(7),
    inner: nested(8, Inner),
    many: repeated(nested(9, Inner)),
    table: map(10, string),
  });
  const value = {
    big: 2n ** 64n - 1n,
    signed: -(2n ** 63n),
    small: -1,
    unsigned: 2 ** 32 - 1,
    flag: true,
    raw: Buffer.from([0, 255]),
    real: -0.5,
    inner: { text: 'ž' },
    many: [{ text: '' }, { text: 'b' }],
    table: new Map([['k', 'v']]),
  };

  test('come back as they went', () => {
    expect(All.decode(All.encode(value))).toEqual(value);
    expect(All.decode(Buffer.alloc(0))).toEqual({});
  });

  test('skip fields nobody knows', () => {
    expect(Inner.decode(All.encode({ ...value, big: undefined }))).toEqual({});
  });

  test('cut off anywhere are malformed or shorter, never something else', () => {
    const whole = All.encode(value);
    for (let length = 0; length < whole.length; length++) {
      try {
        expect(value).toMatchObject({ ...All.decode(whole.subarray(0, length)), many: value.many });
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedMessage);
      }
    }
  });

  test('with impossible wire types are malformed', () => {
    expect(() => All.decode(Buffer.from([0x7b]))).toThrow(MalformedMessage);
    expect(() => All.decode(Buffer.alloc(11, 0xff))).toThrow(MalformedMessage);
  });
});

describe('UUIDs', () => {
  test('are read in any case and printed in lower case', () => {
    const id = parseUuid(Buffer.from(ID.toUpperCase()));
    expect(id && formatUuid(id)).toBe(ID);
    expect(id).toEqual(fromHalves(4822678189205111n, -8603657889541918977n));
  });

  test.each(['', ID.slice(1), `${ID}0`, ID.replace('-', '0'), ID.replace('a', 'g')])('%p is none', (text) => {
    expect(parseUuid(Buffer.from(text))).toBeUndefined();
  });
});

describe('an event frame', () => {
  const log = new EventLog(() => NOW);
  const event = {
    id: parseUuid(Buffer.from(ID)) as Buffer,
    type: 'Täst',
    isJson: true,
    metadata: Buffer.from('meta'),
    data: Buffer.from('x'.repeat(300)),
  };
  append(log, 'ž-1', ANY, [event, { ...event, isJson: false, metadata: Buffer.alloc(0), data: Buffer.alloc(0) }]);
  tombstone(log, 'other', ANY);
  log.publish(log.records.count);
  const decode = (frame: Buffer) => streams.ReadResp.deserializeBinary(frame).getEvent();

  test('is what the generated code reads', () => {
    const read = decode(encodeEventFrame(log, { event: 0, link: undefined }, { uuidAsText: true }));
    const recorded = read?.getEvent();
    expect(recorded?.getId()?.getString()).toBe(ID);
    expect(Buffer.from(recorded?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()).toBe('ž-1');
    expect(recorded?.getStreamRevision()).toBe('0');
    expect(recorded?.getCommitPosition()).toBe(String(log.records.position(0)));
    expect(recorded?.getPreparePosition()).toBe(String(log.records.position(0)));
    expect(new Map(recorded?.getMetadataMap().getEntryList())).toEqual(
      new Map([
        ['type', 'Täst'],
        ['created', `${NOW}0000`],
        ['content-type', 'application/json'],
      ]),
    );
    expect(Buffer.from(recorded?.getCustomMetadata_asU8() ?? []).toString()).toBe('meta');
    expect(Buffer.from(recorded?.getData_asU8() ?? []).toString()).toBe('x'.repeat(300));
    expect(read?.hasLink()).toBe(false);
    expect(read?.getCommitPosition()).toBe(String(log.records.position(0)));
  });

  test('carries a link beside its event, each at its own position, and the position of the link', () => {
    const read = decode(encodeEventFrame(log, { event: 0, link: 1 }, { uuidAsText: false }));
    expect(read?.getEvent()?.getId()?.getStructured()?.getMostSignificantBits()).toBe('4822678189205111');
    expect(read?.getEvent()?.getId()?.getStructured()?.getLeastSignificantBits()).toBe('-8603657889541918977');
    expect(read?.getEvent()?.getCommitPosition()).toBe(String(log.records.position(0)));
    expect(read?.getLink()?.getMetadataMap().get('content-type')).toBe('application/octet-stream');
    expect(read?.getCommitPosition()).toBe(String(log.records.position(1)));
  });

  test('of a persistent subscription has the position of the link in both', () => {
    const options = { uuidAsText: true, retryCount: 3 };
    const read = decode(encodeEventFrame(log, { event: 0, link: 1 }, options));
    expect(read?.getEvent()?.getCommitPosition()).toBe(String(log.records.position(1)));
  });

  test('of a tombstone has the highest revision there is', () => {
    const read = decode(encodeEventFrame(log, { event: 2, link: undefined }, { uuidAsText: true }));
    expect(read?.getEvent()?.getStreamRevision()).toBe('9223372036854775807');
  });
});
