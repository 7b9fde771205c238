import { expect, test } from '@jest/globals';
import { AmqpError } from './amqpError.ts';
import { ByteWriter } from './byteWriter.ts';
import { longText, tableOf } from './fieldTable.ts';
import { decodeMethod, writeMethod } from './methodCodec.ts';
import { type ArgumentType, type ArgumentTypes, type FieldsOf, type MethodName, methods } from './methods.ts';

const samples: ArgumentTypes = {
  octet: 200,
  short: 60_000,
  long: 4_000_000_000,
  longlong: 2 ** 40 + 5,
  shortstr: 'käse',
  longstr: Buffer.from('a longer text'),
  bit: true,
  table: tableOf({ 'x-queue-type': longText('quorum') }),
};

const names = Object.keys(methods) as MethodName[];

function sample(name: MethodName): Record<string, unknown> {
  const fields = Object.entries(methods[name].fields).filter(([field]) => !field.startsWith('reserved'));
  return Object.fromEntries(fields.map(([field, type]) => [field, samples[type as ArgumentType]]));
}

function encode(name: MethodName, fields: Record<string, unknown>): Buffer {
  const writer = new ByteWriter(64);
  writeMethod(writer, name, fields as FieldsOf<MethodName>);
  return Buffer.from(writer.written());
}

test('there are all 66 methods, each with a number of its own', () => {
  expect(names).toHaveLength(66);
  expect(new Set(names.map((name) => methods[name].id.join('.'))).size).toBe(66);
});

test.each(names)('%s comes out as it went in', (name) => {
  const fields = sample(name);
  expect(decodeMethod(encode(name, fields))).toEqual({ name, ...fields });
});

test.each(names)('%s cut off anywhere, or too long, is refused', (name) => {
  const bytes = encode(name, sample(name));
  for (let end = 4; end < bytes.length; end += 1) {
    expect(() => decodeMethod(bytes.subarray(0, end))).toThrow('FRAME_ERROR - cannot decode');
  }
  expect(() => decodeMethod(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow('FRAME_ERROR - cannot decode');
});

test('bits share octets in order', () => {
  const fields = { queue: '', passive: true, durable: false, exclusive: true, autoDelete: false, noWait: true };
  const bytes = encode('queue.declare', { ...fields, arguments: tableOf({}) });
  expect([...bytes]).toEqual([0, 50, 0, 10, 0, 0, 0, 0b10101, 0, 0, 0, 0]);
});

test('an unknown method is a 503 about itself', () => {
  try {
    decodeMethod(Buffer.from([0, 60, 0, 250]));
  } catch (error) {
    expect(error).toBeInstanceOf(AmqpError);
    expect(error).toMatchObject({ code: 503, ends: 'connection', methodId: [60, 250] });
  }
  expect.assertions(2);
});
