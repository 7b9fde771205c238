import { describe, expect, test } from '@jest/globals';
import type { OutgoingMessage } from '../broker/publisher.ts';
import { makeRelay } from '../testing/makeRelay.ts';

const revisions = (messages: readonly OutgoingMessage[]) => messages.map(({ headers }) => Number(headers['revision']));

describe('relay', () => {
  test('publishes what is there and what comes, in store order, each to its slot', async () => {
    const relay = makeRelay();
    await relay.append('order-1', 2);
    await relay.append('other-1', 1);
    const running = relay.start();
    await relay.until(() => relay.published.length === 2);
    await relay.append('stock-mug', 1);
    await relay.until(() => relay.published.length === 3);
    relay.stop();
    await running;
    expect(relay.published.map(({ exchange, routingKey }) => [exchange, routingKey])).toEqual([
      ['order-events', 'order.Happened.15'],
      ['order-events', 'order.Happened.15'],
      ['order-events', 'stock.Happened.08'],
    ]);
    expect(relay.published[0]).toMatchObject({
      type: 'Happened',
      correlationId: 'correlation-1',
      headers: { stream: 'order-1', revision: '0', position: '1', schemaVersion: 1, causationId: 'cause-1' },
    });
  });

  test('the checkpoint never passes what is not confirmed, and reaches the end when all is', async () => {
    const relay = makeRelay();
    const confirm = relay.holdConfirms();
    await relay.append('order-1', 5);
    const running = relay.start();
    await relay.until(() => relay.published.length === 5);
    expect(relay.saved).toEqual([]);
    confirm(3);
    await relay.until(() => relay.saved.length > 0);
    expect(relay.saved.at(-1)?.commit).toBe(3n);
    confirm(2);
    await relay.until(() => relay.saved.at(-1)?.commit === 5n);
    relay.stop();
    await running;
  });

  test('moves on over events that nobody follows', async () => {
    const relay = makeRelay();
    await relay.append('unfollowed-1', 4);
    const running = relay.start();
    await relay.until(() => relay.saved.at(-1)?.commit === 4n);
    relay.stop();
    await running;
    expect(relay.published).toEqual([]);
  });

  test('reads no further than its window while nothing is confirmed', async () => {
    const relay = makeRelay();
    const confirm = relay.holdConfirms();
    await relay.append('order-1', 10);
    const running = relay.start(3);
    await relay.until(() => relay.published.length === 3);
    confirm(1);
    await relay.until(() => relay.published.length === 4);
    confirm(100);
    await relay.until(() => relay.published.length === 7);
    relay.stop();
    confirm(100);
    await running;
    expect(relay.published.length).toBe(7);
  });

  test('when it is stopped it waits for what is under way and writes the checkpoint', async () => {
    const relay = makeRelay();
    const confirm = relay.holdConfirms();
    await relay.append('order-1', 4);
    const running = relay.start();
    await relay.until(() => relay.published.length === 4);
    relay.stop();
    confirm(4);
    await running;
    expect(relay.saved.at(-1)?.commit).toBe(4n);
  });

  test('a second start goes on where the first has ended', async () => {
    const relay = makeRelay();
    await relay.append('order-1', 3);
    const before = await relay.newLease().tryAcquire();
    await before?.release({ commit: 2n, prepare: 2n });
    const running = relay.start();
    await relay.until(() => relay.published.length === 1);
    relay.stop();
    await running;
    expect(revisions(relay.published)).toEqual([2]);
  });

  test('of two that run one publishes; when it ends the other goes on', async () => {
    const relay = makeRelay();
    await relay.append('order-1', 50);
    const running = [relay.start(), relay.start()];
    await relay.until(() => relay.published.length >= 50);
    await relay.append('order-2', 50);
    await relay.until(() => relay.published.length >= 100);
    relay.stop();
    await Promise.all(running);
    expect(relay.published).toHaveLength(100);
  });
});
