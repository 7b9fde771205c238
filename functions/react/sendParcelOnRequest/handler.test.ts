import { expect, test } from '@jest/globals';
import { orderStream } from '../../../shared/domain/orders/index.ts';
import { shipmentStream } from '../../../shared/domain/shipping/index.ts';
import type { Parcel, ParcelAnswer } from '../../../shared/effects/parcels.ts';
import { Fault } from '../../../shared/kernel/fault.ts';
import { orderAggregate } from '../../../shared/store/aggregates.ts';
import { handleCommand } from '../../../shared/store/handleCommand.ts';
import { createInMemoryEventStore } from '../../../shared/store/inMemoryEventStore.ts';
import { newEvent, stoppedClock } from '../../../shared/testing/builders.ts';
import { makePersonal, recipient } from '../../../shared/testing/personal.ts';
import { createHandler } from './handler.ts';

const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';
const stream = `fulfilment-${orderId}`;
const lines = [{ sku: 'mug', quantity: 2 }];
const data = { orderId, lines };
const request = { ...newEvent(stream, data), type: 'ShipmentRequested', stream, revision: 0n };
const { name, address } = recipient;
const taken: ParcelAnswer = { status: 'taken', carrier: 'local-post', trackingNumber: 'LP-1' };

/** A carrier that gives these answers, one after another. */
async function makeWorld(...answers: readonly (ParcelAnswer | Error)[]) {
  const store = createInMemoryEventStore();
  const personal = makePersonal();
  const order = {
    type: 'CreateOrder',
    orderId,
    customerId: 'c-1',
    recipient: await personal.seal('c-1', recipient),
    lines: [{ sku: 'mug', name: 'Mug', quantity: 2, unitPriceMinor: 1250 }],
    totalMinor: 2500,
    currency: 'EUR',
  } as const;
  const cause = { id: 'command-1', correlationId: 'correlation-1', actor: 'placeOrder' };
  await handleCommand({ store, clock: stoppedClock }, orderAggregate, orderStream(orderId), order, cause);
  await store.append(stream, [request], 'no-stream');
  const asked: Parcel[] = [];
  const sendParcel = async (parcel: Parcel): Promise<ParcelAnswer> => {
    const answer = answers[asked.push(parcel) - 1];
    if (!answer || answer instanceof Error) throw answer ?? new Error('asked too often');
    return answer;
  };
  const handle = createHandler({ store, sendParcel, personal, clock: stoppedClock });
  return {
    asked,
    erase: () => personal.erase('c-1'),
    run: (event = request) => handle(undefined, event),
    shipment: async () =>
      (await Array.fromAsync(store.read(shipmentStream(orderId)))).map((event) => [event.type, event.data]),
  };
}

test('a parcel that is taken is created and on its way, under the number and the carrier that were answered', async () => {
  const world = await makeWorld(taken);
  await world.run();
  expect(world.asked).toEqual([{ key: request.id, orderId, recipient: { name, address }, lines }]);
  expect(await world.shipment()).toEqual([
    ['ShipmentCreated', { orderId, trackingNumber: 'LP-1', lines }],
    ['ShipmentDispatched', { orderId, trackingNumber: 'LP-1', carrier: 'local-post' }],
  ]);
});

test('a parcel that is declined has failed, with the reason', async () => {
  const world = await makeWorld({ status: 'declined', reason: 'too-large' });
  await world.run();
  expect(await world.shipment()).toEqual([['ShipmentFailed', { orderId, reason: 'too-large' }]]);
});

test('for a customer whose data was erased there is no parcel: it has failed, and the carrier hears nothing', async () => {
  const world = await makeWorld();
  await world.erase();
  await world.run();
  expect(world.asked).toEqual([]);
  expect(await world.shipment()).toEqual([['ShipmentFailed', { orderId, reason: 'recipient-erased' }]]);
});

test.each([
  ['taken', taken],
  ['declined', { status: 'declined', reason: 'too-large' }],
] as const)('once it is %s the carrier is not asked again', async (_, answer) => {
  const world = await makeWorld(answer);
  await world.run();
  const before = await world.shipment();
  await world.run();
  expect(world.asked).toHaveLength(1);
  expect(await world.shipment()).toEqual(before);
});

test('without an answer nothing is recorded, and the same is asked under the same key', async () => {
  const world = await makeWorld(new Fault('parcels/unavailable', 'no answer'), taken);
  await expect(world.run()).rejects.toMatchObject({ code: 'parcels/unavailable' });
  expect(await world.shipment()).toEqual([]);
  await world.run();
  expect(world.asked.map(({ key }) => key)).toEqual([request.id, request.id]);
});

test('of two runs side by side that were answered differently the first counts', async () => {
  const world = await makeWorld(taken, { status: 'declined', reason: 'too-large' });
  await Promise.all([world.run(), world.run()]);
  expect((await world.shipment()).map(([type]) => type)).toEqual(['ShipmentCreated', 'ShipmentDispatched']);
});

test('what concerns others is passed over', async () => {
  const world = await makeWorld();
  await world.run({ ...request, type: 'PaymentCaptureRequested' });
  expect(world.asked).toEqual([]);
});
