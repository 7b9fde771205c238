import { PassThrough, Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { readBatches } from './readBatches.ts';

test('gives everything in order, in batches no larger than asked for', async () => {
  const items = Array.from({ length: 1_000 }, (_, n) => n);
  const batches: (readonly number[])[] = [];
  for await (const batch of readBatches<number>(Readable.from(items), 64)) batches.push(batch);
  expect(batches.flat()).toEqual(items);
  expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(64);
  expect(batches.every(({ length }) => length > 0)).toBe(true);
});

test('waits for what comes later', async () => {
  const stream = new PassThrough({ objectMode: true });
  const batches = readBatches<string>(stream, 10);
  const first = batches.next();
  stream.write('a');
  expect((await first).value).toEqual(['a']);
  const second = batches.next();
  stream.end('b');
  expect((await second).value).toEqual(['b']);
  expect((await batches.next()).done).toBe(true);
});

test('throws the error of the stream after what came before it', async () => {
  const stream = new PassThrough({ objectMode: true });
  const batches = readBatches<string>(stream, 10);
  const first = batches.next();
  stream.write('a');
  expect((await first).value).toEqual(['a']);
  const second = batches.next();
  stream.emit('error', new Error('lost'));
  await expect(second).rejects.toThrow('lost');
});

test('leaving early destroys the stream; a stream that was destroyed ends', async () => {
  const left = Readable.from([1, 2, 3]);
  for await (const _ of readBatches<number>(left, 1)) break;
  expect(left.destroyed).toBe(true);
  const destroyed = new PassThrough({ objectMode: true });
  const next = readBatches<number>(destroyed, 1).next();
  destroyed.destroy();
  expect((await next).done).toBe(true);
});
