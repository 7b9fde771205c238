import { expect, test } from '@jest/globals';
import { InvalidRequest } from '../../wire/shared.ts';
import { AppendTooLarge, CollectedEvents } from './collectedEvents.ts';

const MIB = 1024 * 1024;
const METADATA = new Map([
  ['type', 'T'],
  ['content-type', 'application/json'],
]);
const event = { id: { structured: { mostSignificant: 1n, leastSignificant: 1n } }, metadata: METADATA };

test('data is taken up to its limit, and not a byte more', () => {
  const collected = new CollectedEvents(10);
  collected.add({ ...event, data: Buffer.alloc(10) });
  expect(() => collected.add({ ...event, data: Buffer.alloc(1) })).toThrow(AppendTooLarge);
  expect(collected.events).toHaveLength(1);
});

test('metadata, and events with nothing in them, have a limit too', () => {
  const customMetadata = Buffer.alloc(MIB);
  const collected = new CollectedEvents(MIB);
  for (let n = 0; n < 63; n++) collected.add({ ...event, customMetadata });
  expect(() => collected.add({ ...event, customMetadata })).toThrow(InvalidRequest);

  const empty = new CollectedEvents(MIB);
  expect(() => {
    for (let n = 0; n < 300_000; n++) empty.add(event);
  }).toThrow(InvalidRequest);
});

test('the limit grows with the one of data', () => {
  const collected = new CollectedEvents(100 * MIB);
  for (let n = 0; n < 90; n++) collected.add({ ...event, data: Buffer.alloc(MIB) });
  expect(collected.events).toHaveLength(90);
});
