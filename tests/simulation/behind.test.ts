/** Consumers that read from a node which is behind what they were told of: they do nothing for good on what it says. */
import { expect, test } from '@jest/globals';
import { createHandler as createMail } from '../../functions/react/mailCustomerOnProgress/handler.ts';
import { createHandler as createMoveStock } from '../../functions/react/moveStockOnRequest/handler.ts';
import { createHandler as createSettle } from '../../functions/react/settlePaymentOnRequest/handler.ts';
import {
  createHandler as createTimeOut,
  handles as deadlineHandles,
} from '../../functions/react/timeOutPaymentOnRequest/handler.ts';
import { createHandler as createUpdate } from '../../functions/react/updateOrderOnRequest/handler.ts';
import { createConsumer } from '../../shared/broker/consume.ts';
import type { ConsumerOptions, Handler } from '../../shared/broker/consumer.ts';
import { createInMemoryCursors } from '../../shared/broker/inMemoryCursors.ts';
import type { OutgoingMessage } from '../../shared/broker/publisher.ts';
import { stockStream } from '../../shared/domain/inventory/index.ts';
import { type FulfilmentFact, fulfilmentStream } from '../../shared/domain/orderProcessing/index.ts';
import { orderStream } from '../../shared/domain/orders/index.ts';
import { type PaymentCommand, paymentStream } from '../../shared/domain/payments/index.ts';
import { createInMemoryClaims } from '../../shared/effects/inMemoryClaims.ts';
import type { PaymentGateway } from '../../shared/effects/payments.ts';
import { type EventId, toEventId } from '../../shared/kernel/ids.ts';
import { silentLogger } from '../../shared/observe/logger.ts';
import { silentMetrics } from '../../shared/observe/metrics.ts';
import { fulfilmentAggregate, paymentAggregate, receiptAggregate } from '../../shared/store/aggregates.ts';
import type { EventStore, NewEvent, StoredEvent } from '../../shared/store/eventStore.ts';
import { handleCommand } from '../../shared/store/handleCommand.ts';
import { createInMemoryEventStore } from '../../shared/store/inMemoryEventStore.ts';
import { createInMemorySnapshots } from '../../shared/store/inMemorySnapshots.ts';
import { metadata } from '../../shared/testing/builders.ts';
import { toRmqEvent } from '../../shared/testing/lambdaEvents.ts';
import { createManualClock } from '../../shared/testing/manualClock.ts';
import { makePersonal, sealedRecipient } from '../../shared/testing/personal.ts';

const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';
const fulfilment = fulfilmentStream(orderId);

let ids = 0;
const newId = (): EventId => {
  ids += 1;
  return toEventId(`cause-${ids}`, 'test', 'stream', 0, 'any');
};
const newEvent = (type: string, data: object): NewEvent & { readonly id: EventId } => ({
  id: newId(),
  type,
  data,
  metadata,
});
const lines = [{ sku: 'mug', name: 'Mug', quantity: 2, unitPriceMinor: 1250 }];
const newOrderCreated = (): NewEvent => ({
  ...newEvent('OrderCreated', {
    orderId,
    customerId: 'c-1',
    recipient: sealedRecipient,
    lines,
    totalMinor: 2500,
    currency: 'EUR',
  }),
  metadata: { ...metadata, schemaVersion: 2 },
});
const started = {
  type: 'FulfilmentStarted',
  data: { orderId, lines: [{ sku: 'mug', quantity: 2 }], totalMinor: 2500, currency: 'EUR' },
} as const;

/** The same store, read from a node that has only `has` events of a stream, for so many reads of it. Appends reach the leader. */
function behind(truth: EventStore, stream: string, has: number, reads: number): EventStore {
  let left = reads;
  return {
    ...truth,
    async *read(of, options) {
      const isBehind = of === stream && left > 0;
      if (of === stream) left -= 1;
      for await (const event of truth.read(of, options)) {
        if (isBehind && event.revision >= BigInt(has)) return;
        yield event;
      }
    },
  };
}

function makeWorld() {
  const truth = createInMemoryEventStore();
  const clock = { ...createManualClock('2026-11-23T12:00:00.000Z'), sleep: async () => undefined };
  const newCause = () => ({ id: newId(), correlationId: 'correlation-1', actor: 'test' });
  const note = (fact: FulfilmentFact) =>
    handleCommand({ store: truth, clock }, fulfilmentAggregate, fulfilment, { type: 'NoteFact', fact }, newCause());
  const record = (command: PaymentCommand) =>
    handleCommand({ store: truth, clock }, paymentAggregate, paymentStream(orderId), command, newCause());
  const events = (stream: string) => Array.fromAsync(truth.read(stream));
  return { truth, clock, note, record, newCause, events };
}

/** The real consumer around a handler, with what it has published and its cursors. */
function consumeWith(store: EventStore, handler: Handler<undefined>, options: ConsumerOptions = {}) {
  const cursors = createInMemoryCursors<undefined>();
  const published: OutgoingMessage[] = [];
  const consume = createConsumer<undefined>(
    {
      consumer: 'test',
      store,
      cursors,
      publisher: { publish: async (message) => void published.push(message) },
      clock: { ...createManualClock('2026-11-23T12:00:00.000Z'), sleep: () => new Promise<never>(() => undefined) },
      logger: silentLogger,
      metrics: silentMetrics,
      instance: 'i-1',
      random: () => 0.5,
    },
    handler,
    options,
  );
  return {
    published,
    row: async (stream: string) => (await cursors.load([stream])).get(stream),
    deliver: (...of: readonly StoredEvent[]) =>
      consume(
        toRmqEvent(...of.map((event) => ({ message: { stream: event.stream, revision: event.revision, event } }))),
      ),
  };
}

/** It stays behind for one read, for two, or for longer than a run. */
const lags = [1, 2, Number.POSITIVE_INFINITY];

test.each(lags)('a payment deadline waits for its time: %d reads behind', async (reads) => {
  const { truth, clock, note, events } = makeWorld();
  await note(started);
  await note({ type: 'StockReservationAccepted', data: { orderId, sku: 'mug', quantity: 2 } });
  const all = await events(fulfilment);
  expect(all.at(-1)?.type).toBe('PaymentAuthorizationRequested');
  const store = behind(truth, fulfilment, all.length - 2, reads);
  const handler = createTimeOut({ store, clock, timeoutMs: 60_000 });
  const consumer = consumeWith(store, handler, { handles: deadlineHandles });
  await consumer.deliver(...all);
  expect(await consumer.row(fulfilment)).toMatchObject({ status: 'waiting', revision: BigInt(all.length - 2) });
});

test.each(lags)('a reservation is answered, now or later: %d reads behind', async (reads) => {
  const { truth, clock, note, newCause, events } = makeWorld();
  const receive = { type: 'ReceiveStock', sku: 'mug', receiptId: newId(), quantity: 10 } as const;
  await handleCommand({ store: truth, clock }, receiptAggregate, stockStream('mug'), receive, newCause());
  await note(started);
  const store = behind(truth, fulfilment, 0, reads);
  const handler = createMoveStock({ store, clock, snapshots: createInMemorySnapshots(), logger: silentLogger });
  const consumer = consumeWith(store, handler);
  await consumer.deliver(...(await events(fulfilment)));
  expect(await consumer.row(fulfilment)).toMatchObject({ status: 'waiting', revision: 0n });
  const answers = (await events(fulfilment)).slice(2);
  expect(answers.map(({ type }) => type)).not.toContain('StockReservationDeclined');
});

test.each(['PaymentVoidRequested', 'PaymentCaptureRequested'])(
  'no money is recorded as moved that the provider was not asked to move: %s',
  async (type) => {
    const { truth, clock, record, events } = makeWorld();
    await record({
      type: 'RecordAuthorization',
      orderId,
      authorizationId: 'auth-1',
      amountMinor: 2500,
      currency: 'EUR',
    });
    const calls: string[] = [];
    const payments: PaymentGateway = {
      authorize: async () => ({ status: 'approved', authorizationId: 'auth-1' }),
      capture: async () => void calls.push('PaymentCaptured'),
      void: async () => void calls.push('PaymentVoided'),
    };
    const stream = paymentStream(orderId);
    const handler = createSettle({ store: behind(truth, stream, 0, 1), payments, clock });
    const request = { id: newId(), type, stream: fulfilment, revision: 9n, data: { orderId }, metadata };
    await handler(undefined, request).catch(() => undefined);
    const moved = (await events(stream)).slice(1).map((event) => event.type);
    expect(moved.filter((one) => !calls.includes(one))).toEqual([]);
  },
);

test.each(lags)('a customer is told, now or later: %d reads behind', async (reads) => {
  const { truth, clock, events } = makeWorld();
  const personal = makePersonal();
  const stream = orderStream(orderId);
  await truth.append(stream, [newOrderCreated(), newEvent('OrderCancelled', { orderId })], 'no-stream');
  const mails: unknown[] = [];
  const sendMail = async (mail: unknown) => void mails.push(mail);
  const store = behind(truth, stream, 0, reads);
  const handler = createMail({ store, personal, claims: createInMemoryClaims(clock), sendMail, clock });
  const consumer = consumeWith(store, handler);
  await consumer.deliver(...(await events(stream)));
  expect(await consumer.row(stream)).toMatchObject({ status: 'waiting', revision: 0n });
  expect(mails).toEqual([]);
});

test('an event that is told of alone and can not be read yet is looked for again', async () => {
  const { truth, events } = makeWorld();
  const stream = orderStream(orderId);
  await truth.append(stream, [newEvent('Happened', {}), newEvent('Happened', {})], 'no-stream');
  const seen: bigint[] = [];
  const handler = async (_: undefined, event: StoredEvent) => void seen.push(event.revision);
  const consumer = consumeWith(behind(truth, stream, 1, 1), handler);
  // The first one's message is lost, or comes later: what is missing before the second is read from the store.
  await consumer.deliver(...(await events(stream)).slice(1));
  expect(await consumer.row(stream)).toMatchObject({ status: 'ready', revision: 1n });
  expect(seen).toEqual([0n, 1n]);
  expect(consumer.published).toEqual([]);
});

test.each([
  [1, 0, true, 'ready'],
  [1, 1, false, 'waiting'],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, false, 'waiting'],
])(
  'an order is released, now or later: %d reads behind of it, %d of the stream that asks',
  async (ofOrder, ofFulfilment, isReleased, status) => {
    const { truth, clock, note, events } = makeWorld();
    const stream = orderStream(orderId);
    await truth.append(stream, [newOrderCreated(), newEvent('OrderConfirmed', { orderId })], 'no-stream');
    await note(started);
    const store = behind(behind(truth, stream, 1, ofOrder), fulfilment, 0, ofFulfilment);
    const handler = createUpdate({ store, clock, logger: silentLogger });
    const asking = { ...newEvent('OrderReleaseRequested', { orderId }), stream: fulfilment, revision: 0n };
    const consumer = consumeWith(store, handler);
    await consumer.deliver(asking);
    const types = (await events(stream)).map(({ type }) => type);
    expect([types.includes('OrderReleased'), (await consumer.row(fulfilment))?.status]).toEqual([isReleased, status]);
  },
);
