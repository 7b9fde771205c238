import { describe, expect, test } from '@jest/globals';
import type { OutgoingMessage } from '../broker/publisher.ts';
import { systemClock } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { newEvent } from '../testing/builders.ts';
import { makeRelay } from '../testing/makeRelay.ts';
import { toReport } from './report.ts';
import { createRelayStatus } from './status.ts';

const revisions = (messages: readonly OutgoingMessage[]) => messages.map(({ headers }) => Number(headers['revision']));

describe('a relay in trouble', () => {
  test('after a failure it starts again from the checkpoint: repeats, and nothing left out', async () => {
    const relay = makeRelay();
    await relay.append('order-1', 20);
    let failures = 3;
    relay.failWhen(({ headers }) => {
      if (headers['revision'] !== '11' || failures === 0) return undefined;
      failures -= 1;
      return new Fault('broker/unavailable', 'gone');
    });
    const running = relay.start(5);
    await relay.until(() => relay.saved.at(-1)?.commit === 20n);
    relay.stop();
    await running;
    // One that the broker refuses is overtaken by what was under way behind it; consumers read it from the store.
    const told = new Set(revisions(relay.published));
    expect([...told].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(relay.saved.at(-1)?.commit).toBe(20n);
  });

  test('one that lost its lease neither publishes nor moves the checkpoint', async () => {
    const relay = makeRelay();
    const confirm = relay.holdConfirms();
    await relay.append('order-1', 5);
    const running = relay.start(2);
    await relay.until(() => relay.published.length === 2);
    const standby = relay.newLease();
    expect(await standby.tryAcquire()).toBeUndefined();
    relay.jump(6_000);
    const rival = await standby.tryAcquire();
    confirm(2);
    relay.stop();
    await running;
    expect(relay.published).toHaveLength(2);
    expect(rival?.fencing).toBe(2);
    expect(relay.saved).toEqual([]);
  });

  test('a malformed event is told as a hint and does not stop the line', async () => {
    const relay = makeRelay();
    await relay.append('order-1', 2);
    const readAll = relay.store.readAll;
    relay.store.readAll = async function* (options) {
      for await (const batch of readAll.call(relay.store, options)) {
        yield batch.map((item) =>
          item.kind === 'event' && item.event.revision === 0n
            ? { kind: 'malformed', stream: 'order-1', revision: 0n, position: item.position, reason: 'not JSON' }
            : item,
        );
      }
    };
    const running = relay.start();
    await relay.until(() => relay.saved.at(-1)?.commit === 2n);
    relay.stop();
    await running;
    expect(relay.published.map(({ type, routingKey }) => [type, routingKey])).toEqual([
      ['hint', 'order.malformed.15'],
      ['Happened', 'order.Happened.15'],
    ]);
  });

  test('behind one that fails for ever the others pass again and again, and that is no progress', async () => {
    const relay = makeRelay();
    await relay.append('order-1', 10);
    relay.failWhen(({ headers }) =>
      headers['revision'] === '4' ? new Fault('broker/unroutable', 'no queue takes it') : undefined,
    );
    const status = createRelayStatus();
    const running = relay.start(100, status);
    await relay.until(() => status.failures > 4);
    expect(toReport(status, systemClock)).toMatchObject({ isHealthy: false, trouble: 'unroutable', confirmed: '4' });
    expect(relay.saved.at(-1)?.commit).toBe(4n);

    relay.failWhen(undefined);
    await relay.until(() => relay.saved.at(-1)?.commit === 10n);
    expect(toReport(status, systemClock)).toMatchObject({ isHealthy: true, failures: 0, lagEvents: 0 });
    relay.stop();
    await running;
  });

  test('one that does not get to the broker leaves the lease to one that does', async () => {
    const relay = makeRelay();
    relay.failReaching(new Fault('broker/unavailable', 'no way'));
    const status = createRelayStatus();
    const running = relay.start(100, status);
    await relay.until(() => status.failures > 2);
    const other = await relay.newLease().tryAcquire();
    expect(other?.fencing).toBe(1);
    await other?.release(undefined);

    relay.failReaching(undefined);
    await relay.until(() => status.state === 'relaying');
    expect(status.fencing).toBe(2);
    relay.stop();
    await running;
  });

  test('its loop goes round while it holds the lease, stands by, and fails', async () => {
    const relay = makeRelay();
    const status = createRelayStatus();
    const untilTurned = async () => {
      const { turnedMs } = status;
      await relay.until(() => status.turnedMs > turnedMs);
    };
    const other = await relay.newLease().tryAcquire();
    const running = relay.start(100, status);
    for (let turns = 0; turns < 3; turns += 1) await untilTurned();
    expect(status).toMatchObject({ state: 'standby', fencing: 0 });

    relay.failReaching(new Fault('broker/unavailable', 'no way'));
    await relay.until(() => status.state === 'failing');
    for (let turns = 0; turns < 3; turns += 1) await untilTurned();
    expect(status.state).toBe('failing');

    relay.failReaching(undefined);
    await other?.release(undefined);
    await relay.until(() => status.state === 'relaying');
    for (let turns = 0; turns < 3; turns += 1) await untilTurned();
    expect(status.state).toBe('relaying');
    relay.stop();
    await running;
  });

  test('wrong credentials end it at the start, and are waited out later', async () => {
    const refused = new Fault('broker/refused', 'wrong password');
    const wrong = makeRelay();
    wrong.failReaching(refused);
    await expect(wrong.start()).rejects.toBe(refused);

    const relay = makeRelay();
    await relay.append('order-1', 1);
    const status = createRelayStatus();
    const running = relay.start(100, status);
    await relay.until(() => relay.saved.at(-1)?.commit === 1n);
    relay.failReaching(refused);
    relay.failWhen(() => new Fault('broker/unavailable', 'restarts'));
    await relay.append('order-2', 1);
    await relay.until(() => status.lastError?.code === 'broker/refused');
    relay.failReaching(undefined);
    relay.failWhen(undefined);
    await relay.until(() => relay.saved.at(-1)?.commit === 2n);
    relay.stop();
    await running;
  });

  test('what no message can hold is told as a hint, or skipped where no cursor could hold its stream', async () => {
    const relay = makeRelay();
    const long = 'x'.repeat(70_000);
    const [event] = [newEvent('order-1', {})];
    await relay.store.append('order-type', [{ ...event, type: long }], 'no-stream');
    await relay.store.append(`order-${long}`, [event], 'no-stream');
    const metadata = { ...event.metadata, correlationId: long };
    await relay.store.append('order-correlation', [{ ...event, metadata }], 'no-stream');
    await relay.append('order-good', 1);
    const status = createRelayStatus();
    const running = relay.start(100, status);
    await relay.until(() => relay.saved.at(-1)?.commit === 4n);
    relay.stop();
    await running;
    expect(relay.published.map(({ type, headers }) => [type, headers['stream']])).toEqual([
      ['hint', 'order-type'],
      ['hint', 'order-correlation'],
      ['Happened', 'order-good'],
    ]);
    expect(status).toMatchObject({ malformed: 3, lastMalformed: { stream: 'order-correlation', revision: '0' } });
  });

  test('late confirms of a run that has failed take nothing back', async () => {
    const relay = makeRelay();
    const confirm = relay.holdConfirms();
    await relay.append('order-1', 3);
    const status = createRelayStatus();
    let isFirst = true;
    relay.failWhen(({ headers }) => {
      if (headers['revision'] !== '2' || !isFirst) return undefined;
      isFirst = false;
      return new Fault('broker/unavailable', 'nacked');
    });
    const running = relay.start(100, status);
    // Two of the first run without an answer, then three of the second.
    await relay.until(() => relay.published.length === 5);
    confirm(3, 2);
    expect(status.confirmed?.commit).toBe(3n);
    confirm(2);
    expect(status.confirmed?.commit).toBe(3n);
    relay.stop();
    await running;
  });

  test('at its end it has counted what it did', async () => {
    const relay = makeRelay();
    await relay.append('order-1', 7);
    const status = createRelayStatus();
    const running = relay.start(100, status);
    await relay.until(() => relay.saved.at(-1)?.commit === 7n && status.unrouted !== undefined);
    relay.stop();
    await running;
    const sums = new Map<string, number>();
    for (const [name, value] of relay.figures) sums.set(name, (sums.get(name) ?? 0) + value);
    expect(Object.fromEntries(sums)).toMatchObject({
      RelayPublished: 7,
      RelayHandovers: 1,
      RelayFailures: 0,
      RelayUnhealthy: 0,
    });
    expect(status.unrouted).toBe(2);
  });
});
