import { expect, test } from '@jest/globals';
import { Postponed } from '../../../shared/broker/consumer.ts';
import { orderStream } from '../../../shared/domain/orders/index.ts';
import type { Claims } from '../../../shared/effects/claims.ts';
import { createInMemoryClaims } from '../../../shared/effects/inMemoryClaims.ts';
import type { Mail } from '../../../shared/effects/mail.ts';
import { Fault } from '../../../shared/kernel/fault.ts';
import { createInMemoryEventStore } from '../../../shared/store/inMemoryEventStore.ts';
import { metadata } from '../../../shared/testing/builders.ts';
import { makePersonal, recipient } from '../../../shared/testing/personal.ts';
import { createHandler } from './handler.ts';

const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';
const stream = orderStream(orderId);
const lines = [{ sku: 'mug', name: 'Mug', quantity: 2, unitPriceMinor: 1250 }];
const keys = makePersonal();
const sealed = await keys.seal('c-1', recipient);
const created = {
  type: 'OrderCreated',
  data: { orderId, customerId: 'c-1', recipient: sealed, lines, totalMinor: 2500, currency: 'EUR' },
};

/** An order to which these events happened, and a mail service that fails as it is told; answers the last event. */
async function makeWorld(...history: readonly { readonly type: string; readonly data: object }[]) {
  const store = createInMemoryEventStore();
  const events = [created, ...history].map((event, n) => ({
    ...event,
    id: `event-${n}` as never,
    metadata: { ...metadata, schemaVersion: n === 0 ? 2 : 1 },
  }));
  await store.append(stream, events, 'no-stream');
  const [news] = (await Array.fromAsync(store.read(stream))).slice(-1);
  if (!news) throw new Error('nothing happened');
  let nowMs = Date.parse('2026-11-23T10:00:00.000Z');
  const clock = { now: () => new Date(nowMs) };
  const inMemory = createInMemoryClaims(clock);
  /** How long the answer to a claim takes: the connection is slow, or the process was held up. */
  let claimTakesMs = 0;
  const claims: Claims = {
    ...inMemory,
    async claim(...args) {
      const claim = await inMemory.claim(...args);
      nowMs += claimTakesMs;
      return claim;
    },
  };
  const mails: Mail[] = [];
  let isErased = false;
  let failure: Error | undefined;
  let beforeFailure = async (): Promise<void> => undefined;
  const sendMail = async (mail: Mail): Promise<void> => {
    if (failure) {
      await beforeFailure();
      throw failure;
    }
    mails.push(mail);
  };
  const personal: typeof keys = { ...keys, open: async (...args) => (isErased ? 'erased' : keys.open(...args)) };
  const handler = createHandler({ store, sendMail, claims, personal, clock });
  return {
    claims,
    mails,
    news,
    run: () => handler(undefined, news),
    fail: (error: Error | undefined) => {
      failure = error;
    },
    onFailure: (work: () => Promise<void>) => {
      beforeFailure = work;
    },
    erase: () => {
      isErased = true;
    },
    wait: (ms: number) => {
      nowMs += ms;
    },
    slowDown: (ms: number) => {
      claimTakesMs = ms;
    },
  };
}

test.each([
  ['confirmed', 'OrderConfirmed', {}, /confirmed/],
  ['shipped', 'OrderShipped', { trackingNumber: 'LP-1' }, /on its way[\s\S]*LP-1/],
  ['rejected', 'OrderRejected', { reason: 'payment-timeout' }, /could not[\s\S]*not answered in time/],
  ['rejected for a reason of a later version', 'OrderRejected', { reason: 'full-moon' }, /wrong on our side/],
  ['cancelled', 'OrderCancelled', {}, /cancelled[\s\S]*Nothing was charged/],
])('a customer whose order is %s is told so', async (_, type, data, words) => {
  const world = await makeWorld({ type, data: { orderId, ...data } });
  await world.run();
  expect(world.mails).toMatchObject([{ eventId: world.news.id, to: recipient.email }]);
  const [mail] = world.mails;
  expect(`${mail?.subject}\n${mail?.text}`).toMatch(words);
  expect(mail?.text).toMatch(/^Dear Ada Lovelace,\n\n[\s\S]*2 x Mug/);
  expect(mail?.text.trimEnd().split('\n').at(-1)).toBe(`Order ${orderId}`);
});

test('a confirmation says what it costs', async () => {
  const world = await makeWorld({ type: 'OrderConfirmed', data: { orderId } });
  await world.run();
  expect(world.mails[0]?.text).toBe(
    `Dear Ada Lovelace,\n\nWe will send you:\n\n  2 x Mug\n\nTotal: 25.00 EUR\n\nOrder ${orderId}\n`,
  );
});

test('what is between us and shipping is not told', async () => {
  const world = await makeWorld({ type: 'OrderReleased', data: { orderId } });
  await world.run();
  expect(world.mails).toEqual([]);
});

test('the same event again, at any time after, is not told again', async () => {
  const world = await makeWorld({ type: 'OrderConfirmed', data: { orderId } });
  await world.run();
  await world.run();
  world.wait(86_400_000);
  await world.run();
  expect(world.mails).toHaveLength(1);
});

test('an erased customer is told nothing, and nothing waits for it', async () => {
  const world = await makeWorld({ type: 'OrderConfirmed', data: { orderId } });
  world.erase();
  expect(await world.run()).toBeUndefined();
  expect(world.mails).toEqual([]);
  expect(await world.claims.claim(world.news.id, 1)).toMatchObject({ status: 'mine' });
});

test('a mail that was not taken is sent by the next try', async () => {
  const world = await makeWorld({ type: 'OrderConfirmed', data: { orderId } });
  world.fail(new Fault('mail/unavailable', 'down'));
  await expect(world.run()).rejects.toMatchObject({ code: 'mail/unavailable' });
  world.fail(undefined);
  await world.run();
  expect(world.mails).toHaveLength(1);
});

test('whose claim is nearly over by the time that it is answered leaves the mail to the next', async () => {
  const world = await makeWorld({ type: 'OrderConfirmed', data: { orderId } });
  world.slowDown(12_001);
  expect(await world.run()).toEqual(new Postponed(new Date('2026-11-23T10:00:20.000Z')));
  expect(world.mails).toEqual([]);
  world.slowDown(0);
  world.wait(7_999);
  await world.run();
  expect(world.mails).toHaveLength(1);
});

test('who is too late with a failure does not give back what is another run’s by now', async () => {
  const world = await makeWorld({ type: 'OrderConfirmed', data: { orderId } });
  world.fail(new Fault('mail/unavailable', 'down'));
  world.onFailure(async () => {
    world.wait(20_000);
    expect(await world.claims.claim(world.news.id, 20_000)).toMatchObject({ status: 'mine' });
  });
  await expect(world.run()).rejects.toMatchObject({ code: 'mail/unavailable' });
  expect(await world.claims.claim(world.news.id, 20_000)).toMatchObject({ status: 'taken' });
});

test('while another run is at it nothing is sent; if that one died, the mail is sent when its claim is over', async () => {
  const world = await makeWorld({ type: 'OrderConfirmed', data: { orderId } });
  await world.claims.claim(world.news.id, 10_000);
  expect(await world.run()).toEqual(new Postponed(new Date('2026-11-23T10:00:10.000Z')));
  expect(world.mails).toEqual([]);
  world.wait(10_000);
  await world.run();
  expect(world.mails).toHaveLength(1);
});

test('one that the service took is not sent again because that could not be written down at once', async () => {
  const world = await makeWorld({ type: 'OrderConfirmed', data: { orderId } });
  const { complete } = world.claims;
  world.claims.complete = async () => {
    throw new Fault('table/unavailable', 'throttled');
  };
  await expect(world.run()).rejects.toThrow('throttled');
  world.wait(60_000);
  await expect(world.run()).rejects.toThrow('throttled');
  world.claims.complete = complete;
  world.wait(60_000);
  await world.run();
  await world.run();
  expect(world.mails).toHaveLength(1);
});
