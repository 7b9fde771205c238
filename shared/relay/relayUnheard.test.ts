import { describe, expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import { makeRelay } from '../testing/makeRelay.ts';
import type { RelayTrouble } from './health.ts';
import { toReport } from './report.ts';
import { createRelayStatus } from './status.ts';

/** A relay that has published two events, and whose store can be cut off in several ways from then on. */
async function makeCutOff() {
  const relay = makeRelay();
  await relay.append('order-1', 2);
  const { readAll, readHead } = relay.store;
  const cut = { isSilent: false, hidesFrom: Number.POSITIVE_INFINITY, isHeadUnknown: false };
  let subscriptions = 0;
  relay.store.readAll = async function* (options) {
    subscriptions += 1;
    for await (const batch of readAll.call(relay.store, options)) {
      // It stays open and says nothing more.
      if (cut.isSilent) return await new Promise<void>((end) => options.signal.addEventListener('abort', () => end()));
      const told = batch.filter((item) => item.kind !== 'event' || item.position.commit < cut.hidesFrom);
      if (told.length > 0) yield told;
    }
  };
  relay.store.readHead = async (categories) => {
    if (cut.isHeadUnknown) throw new Fault('store/unavailable', 'not ready');
    return readHead(categories);
  };
  const status = createRelayStatus();
  const running = relay.start(100, status);
  await relay.until(() => relay.saved.at(-1)?.commit === 2n);
  return {
    ...relay,
    cut,
    status,
    subscriptions: () => subscriptions,
    report: () => toReport(status, { now: () => new Date(0), elapsedMs: () => status.turnedMs }),
    /** Two seconds, after which the lease was renewed. */
    async pass() {
      const { turnedMs: before } = status;
      relay.jump(2_000);
      await relay.until(() => status.turnedMs >= before + 2_000);
      const { turnedMs: during } = status;
      await relay.until(() => status.turnedMs > during);
    },
    async end() {
      relay.stop();
      await running;
    },
  };
}

/** What it says of itself, second by second, once it has had its time. */
async function troublesOf(
  relay: Awaited<ReturnType<typeof makeCutOff>>,
): Promise<ReadonlySet<RelayTrouble | undefined>> {
  for (let n = 0; n < 9; n += 1) await relay.pass();
  const troubles = new Set<RelayTrouble | undefined>();
  for (let n = 0; n < 60; n += 1) {
    await relay.pass();
    troubles.add(relay.report().trouble);
  }
  return troubles;
}

describe('a relay that hears nothing more', () => {
  test('subscribes anew, and publishes what it missed', async () => {
    const relay = await makeCutOff();
    Object.assign(relay.cut, { isSilent: true, isHeadUnknown: true });
    await relay.append('order-1', 3, 2);
    while (relay.subscriptions() < 2) await relay.pass();
    expect(relay.status).toMatchObject({ handovers: 1, lastError: { code: 'store/unavailable' } });
    Object.assign(relay.cut, { isSilent: false, isHeadUnknown: false });
    while (relay.published.length < 5) await relay.pass();
    expect(relay.published.map(({ headers }) => Number(headers['revision']))).toEqual([0, 1, 2, 3, 4]);
    while (relay.status.failures > 0) await relay.pass();
    expect(relay.report()).toMatchObject({ isHealthy: true, lagEvents: 0 });
    await relay.end();
  });

  test('is in trouble all the while, also where each new subscription says that all is told', async () => {
    const relay = await makeCutOff();
    relay.cut.hidesFrom = 3;
    await relay.append('order-1', 1, 2);
    await relay.until(() => relay.status.head?.commit === 3n);
    expect(await troublesOf(relay)).not.toContain(undefined);
    expect(relay.subscriptions()).toBeGreaterThan(2);
    await relay.end();
  });

  test('and where only the store’s end can not be seen: whether there is lag is not told', async () => {
    const relay = await makeCutOff();
    relay.cut.isHeadUnknown = true;
    await relay.until(() => !relay.status.isHeadKnown);
    expect(await troublesOf(relay)).not.toContain(undefined);
    expect(relay.report()).not.toHaveProperty('lagEvents');
    await relay.end();
  });

  test('is not the one that waits for the broker: what is under way is not sent again', async () => {
    const relay = await makeCutOff();
    const confirm = relay.holdConfirms();
    await relay.append('order-1', 3, 2);
    await relay.until(() => relay.published.length === 5);
    expect(await troublesOf(relay)).toEqual(new Set(['stuck']));
    expect(relay.published).toHaveLength(5);
    expect(relay.subscriptions()).toBe(1);
    confirm(3);
    await relay.until(() => relay.saved.at(-1)?.commit === 5n);
    expect(relay.report()).toMatchObject({ isHealthy: true });
    await relay.end();
  });
});
