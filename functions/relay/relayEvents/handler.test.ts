import { expect, test } from '@jest/globals';
import { makeRelay } from '../../../shared/testing/makeRelay.ts';
import { createHandler } from './handler.ts';

const leaving = (ms: number) => ({ getRemainingTimeInMillis: () => ms });

test('relays until shortly before its deadline, then gives the lease back with the checkpoint', async () => {
  const relay = makeRelay();
  await relay.append('order-1', 20);
  await createHandler(relay.newDeps())({}, leaving(15_200));
  expect(relay.published).toHaveLength(20);
  expect(relay.saved.at(-1)?.commit).toBe(20n);
  expect(await relay.newLease().tryAcquire()).toMatchObject({ fencing: 2, position: { commit: 20n } });
});

test('of two at a time the second takes over when the first one ends', async () => {
  const relay = makeRelay();
  await relay.append('order-1', 5);
  const first = createHandler(relay.newDeps())({}, leaving(15_200));
  const second = createHandler(relay.newDeps())({}, leaving(15_600));
  await first;
  await relay.append('order-2', 5);
  await second;
  expect(relay.published).toHaveLength(10);
});

test('with no time left it touches nothing', async () => {
  const relay = makeRelay();
  await relay.append('order-1', 5);
  await createHandler(relay.newDeps())({}, leaving(3_000));
  expect(relay.published).toHaveLength(0);
});
