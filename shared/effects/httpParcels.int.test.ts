import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type RunningCarrier, startCarrier } from '../../infra/local/carrier/startCarrier.ts';
import { recipient } from '../testing/personal.ts';
import { createHttpParcels } from './httpParcels.ts';

let carrier: RunningCarrier;
beforeEach(async () => {
  carrier = await startCarrier();
});
afterEach(() => carrier.stop());

const { name, address } = recipient;
const parcel = {
  key: 'k-1',
  orderId: '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11',
  recipient: { name, address },
  lines: [{ sku: 'mug', quantity: 2 }],
};
const taken = { status: 'taken', carrier: 'local-post', trackingNumber: 'LP-0B6F0A44-0F2C' };

test('a parcel is taken, once for its key', async () => {
  const send = createHttpParcels(carrier.url);
  expect(await send(parcel)).toEqual(taken);
  expect(await send(parcel)).toEqual(taken);
  expect(carrier.log()).toEqual({
    asked: [{ key: 'k-1', orderId: parcel.orderId, times: 2 }],
    taken: [parcel.orderId],
  });
});

test('one that is too large is declined, with the code of it', async () => {
  const send = createHttpParcels(carrier.url);
  const large = { ...parcel, lines: [{ sku: 'mug', quantity: 501 }] };
  expect(await send(large)).toEqual({ status: 'declined', reason: 'too-large' });
  expect(carrier.log().taken).toEqual([]);
});

test('a carrier that is down may be asked again, one that says the request is wrong may not', async () => {
  const send = createHttpParcels(carrier.url);
  await expect(send({ ...parcel, lines: [] })).rejects.toMatchObject({ code: 'parcels/refused', retryable: false });
  await carrier.stop();
  await expect(send(parcel)).rejects.toMatchObject({ code: 'parcels/unavailable', retryable: true });
});
