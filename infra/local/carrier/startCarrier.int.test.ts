import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { recipient } from '../../../shared/testing/personal.ts';
import { type RunningCarrier, startCarrier } from './startCarrier.ts';

let carrier: RunningCarrier;
beforeEach(async () => {
  carrier = await startCarrier();
});
afterEach(() => carrier.stop());

const { name, address } = recipient;
const send = async (key: string): Promise<number> => {
  const parcel = { orderId: key, recipient: { name, address }, lines: [{ sku: 'mug', quantity: 1 }] };
  const headers = { 'idempotency-key': key };
  return (await fetch(`${carrier.url}/parcels`, { method: 'POST', headers, body: JSON.stringify(parcel) })).status;
};
const behave = async (behaviour: unknown): Promise<number> =>
  (await fetch(`${carrier.url}/behaviour`, { method: 'PUT', body: JSON.stringify(behaviour) })).status;

test('refuses from the moment it is told to, but not what it has taken', async () => {
  expect(await send('o-1')).toBe(200);
  expect(await behave({ mode: 'refuses' })).toBe(200);
  expect([await send('o-1'), await send('o-2')]).toEqual([200, 400]);
  expect(await behave({ mode: 'normal' })).toBe(200);
  expect(await send('o-2')).toBe(200);
  expect(carrier.log().taken).toEqual(['o-1', 'o-2']);
  expect(await behave({ mode: 'sulks' })).toBe(400);
});
