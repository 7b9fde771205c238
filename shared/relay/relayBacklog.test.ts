import { describe, expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import { makeRelay } from '../testing/makeRelay.ts';
import { runRelay } from './relay.ts';
import { toReport } from './report.ts';
import { createRelayStatus } from './status.ts';

const all = ['order', 'stock'];

/** A relay of older code has published the orders of a store that has stock in it as well: six of these and five of those. */
async function makeUpgraded() {
  const relay = makeRelay();
  for (let n = 0; n < 5; n += 1) {
    await relay.append('order-1', 1, n);
    await relay.append('stock-mug', 1, n);
  }
  await relay.append('order-1', 1, 5);
  const old = new AbortController();
  const running = relay.start(100, createRelayStatus(), ['order'], old.signal);
  await relay.until(() => relay.saved.at(-1)?.commit === 11n);
  old.abort();
  await running;
  const told = relay.published.splice(0).map(({ headers }) => headers['stream']);
  return {
    ...relay,
    told,
    tellings: () => relay.published.map(({ headers }) => `${headers['stream']}@${headers['revision']}`),
    report: (status: ReturnType<typeof createRelayStatus>) =>
      toReport(status, { now: () => new Date(0), elapsedMs: () => 0 }),
  };
}

const stock = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => `stock-mug@${from + n}`);

describe('a category that is new to the relay', () => {
  test('is published from its beginning, beside the news, once', async () => {
    const relay = await makeUpgraded();
    expect(new Set(relay.told)).toEqual(new Set(['order-1']));
    const status = createRelayStatus();
    const running = relay.start(100, status, all);
    await relay.until(() => relay.published.length === 5);
    expect(relay.tellings()).toEqual(stock(0, 4));
    await relay.append('stock-mug', 1, 5);
    await relay.append('order-1', 1, 6);
    await relay.until(() => relay.published.length === 7 && relay.saved.at(-1)?.commit === 13n);
    await relay.until(() => relay.report(status).backlog === undefined);
    relay.stop();
    await running;
    expect(relay.tellings().slice(5)).toEqual(['stock-mug@5', 'order-1@6']);
    expect(await relay.newLease(all).tryAcquire()).toMatchObject({ position: { commit: 13n }, backlog: undefined });
  });

  test('holds up no news while the broker has not confirmed it, and goes on behind what it has', async () => {
    const relay = await makeUpgraded();
    const confirm = relay.holdConfirms();
    const first = new AbortController();
    const status = createRelayStatus();
    // Room for three: what is passed over between them takes a place too.
    const running = relay.start(6, status, all, first.signal);
    await relay.until(() => relay.published.length === 3);
    expect(relay.report(status).backlog).toEqual({ categories: ['stock'], position: '1', until: '11' });
    await relay.append('order-1', 1, 6);
    await relay.until(() => relay.published.length === 4);
    expect(relay.tellings()).toEqual([...stock(0, 2), 'order-1@6']);
    // The news and two of the backlog; one is neither confirmed nor failed when it is stopped.
    confirm(1, 3);
    confirm(2);
    await relay.until(() => relay.published.length === 6);
    expect(relay.report(status).backlog).toMatchObject({ position: '5' });
    first.abort();
    confirm(1);
    await running;

    relay.published.splice(0);
    const again = relay.start(100, createRelayStatus(), all);
    await relay.until(() => relay.published.length === 2);
    expect(relay.tellings()).toEqual(stock(3, 4));
    confirm(100);
    await relay.append('stock-mug', 1, 5);
    await relay.until(() => relay.published.length === 3);
    confirm(1);
    await relay.until(() => relay.saved.at(-1)?.commit === 13n);
    relay.stop();
    await again;
  });

  test('is begun again when it fails, whatever the news do', async () => {
    const relay = await makeUpgraded();
    let isBroken = true;
    relay.failWhen(({ headers }) =>
      isBroken && headers['stream'] === 'stock-mug' ? new Fault('broker/unroutable', 'no queue') : undefined,
    );
    const status = createRelayStatus();
    const running = relay.start(100, status, all);
    await relay.append('order-1', 1, 6);
    await relay.until(() => relay.published.length === 1);
    await relay.until(() => relay.report(status).trouble === 'unroutable');
    expect(status).toMatchObject({ failures: 0, state: 'relaying' });
    isBroken = false;
    await relay.until(() => relay.published.length === 6);
    expect(relay.tellings()).toEqual(['order-1@6', ...stock(0, 4)]);
    await relay.until(() => relay.report(status).isHealthy && relay.report(status).backlog === undefined);
    relay.stop();
    await running;
  });

  test('is not taken for published where a node that is behind says that all is told', async () => {
    const relay = await makeUpgraded();
    const { readAll } = relay.store;
    let isBehind = true;
    relay.store.readAll = async function* (options) {
      if (isBehind) yield [{ kind: 'caught-up' }];
      if (isBehind) return await new Promise<void>((end) => options.signal.addEventListener('abort', () => end()));
      yield* readAll.call(relay.store, options);
    };
    const status = createRelayStatus();
    const first = new AbortController();
    const running = relay.start(100, status, all, first.signal);
    await relay.until(() => status.isCaughtUp);
    expect(relay.report(status).backlog).toEqual({ categories: ['stock'], until: '11' });
    first.abort();
    await running;
    isBehind = false;
    const again = relay.start(100, createRelayStatus(), all);
    await relay.until(() => relay.published.length === 5);
    expect(relay.tellings()).toEqual(stock(0, 4));
    relay.stop();
    await again;
  });

  test('does not keep the lease with a relay that gets nowhere with the news', async () => {
    const relay = await makeUpgraded();
    relay.holdConfirms();
    relay.failWhen(({ headers }) =>
      headers['stream'] === 'order-1' ? new Fault('broker/unavailable', 'no confirm') : undefined,
    );
    await relay.append('order-1', 1, 6);
    const status = createRelayStatus();
    const running = relay.start(100, status, all);
    await relay.until(() => status.handovers === 2);
    expect(relay.report(status).backlog).toMatchObject({ categories: ['stock'] });
    relay.stop();
    await running;
  });

  test('that goes on again after failures is well before its end', async () => {
    const relay = await makeUpgraded();
    let isBroken = true;
    relay.failWhen(({ headers }) =>
      isBroken && headers['stream'] === 'stock-mug' ? new Fault('broker/unavailable', 'down') : undefined,
    );
    const status = createRelayStatus();
    const running = relay.start(100, status, all);
    await relay.until(() => relay.report(status).trouble === 'failing');
    const confirm = relay.holdConfirms();
    isBroken = false;
    await relay.until(() => relay.published.length === 5);
    confirm(3);
    await relay.until(() => relay.report(status).isHealthy);
    expect(relay.report(status)).toMatchObject({ backlog: { position: '7' }, published: 3 });
    relay.stop();
    confirm(100);
    await running;
  });

  test('whose store falls silent subscribes anew', async () => {
    const relay = await makeUpgraded();
    const { readAll } = relay.store;
    let subscriptions = 0;
    relay.store.readAll = async function* (options) {
      if (!options.categories.includes('order')) subscriptions += 1;
      const isSilent = !options.categories.includes('order') && subscriptions === 1;
      if (isSilent) return await new Promise<void>((end) => options.signal.addEventListener('abort', () => end()));
      yield* readAll.call(relay.store, options);
    };
    const status = createRelayStatus();
    const running = relay.start(100, status, all);
    await relay.until(() => subscriptions === 1 && status.isCaughtUp);
    while (relay.published.length < 5) {
      const { turnedMs: before } = status;
      relay.jump(2_000);
      await relay.until(() => status.turnedMs > before);
    }
    expect([subscriptions, relay.tellings()]).toEqual([2, stock(0, 4)]);
    relay.stop();
    await running;
  });

  test('is forgotten with the lease, also where giving that back failed', async () => {
    const relay = await makeUpgraded();
    relay.holdConfirms();
    const deps = relay.newDeps(all);
    const { tryAcquire } = deps.lease;
    let holds = 0;
    deps.lease.tryAcquire = async () => {
      const held = await tryAcquire();
      if (!held) return undefined;
      holds += 1;
      if (holds > 1) return { ...held, backlog: undefined };
      // Somebody else tells all of it meanwhile.
      const release = async () => {
        await held.release(held.position);
        throw new Fault('table/unavailable', 'throttled');
      };
      return { ...held, isLost: false, release };
    };
    relay.failWhen(({ headers }) =>
      headers['stream'] === 'order-1' ? new Fault('broker/unavailable', 'no confirm') : undefined,
    );
    await relay.append('order-1', 1, 6);
    const status = createRelayStatus();
    const running = runRelay(deps, relay.signal, { windowSize: 100 }, status);
    await relay.until(() => status.backlog !== undefined);
    await relay.until(() => holds === 2);
    expect(status.backlog).toBeUndefined();
    relay.stop();
    await running;
  });
});
