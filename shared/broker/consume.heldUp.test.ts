import { expect, test } from '@jest/globals';
import { Fault, type FaultCode } from '../kernel/fault.ts';
import { hint, makeConsumer, messages, type Names, redelivered, silence, stream } from '../testing/consumerRig.ts';
import { createInMemoryCursors } from './inMemoryCursors.ts';

/** As Lambda does with a batch whose function throws: again and again, a minute each time. Answers how often it threw. */
async function deliverFor(rig: ReturnType<typeof makeConsumer>, batch: unknown, minutes: number): Promise<number> {
  for (let minute = 0; minute < minutes; minute += 1) {
    try {
      await rig.consume(batch);
      return minute;
    } catch {
      await rig.clock.pass(60_000);
    }
  }
  return minutes;
}

test.each<FaultCode>(['keys/unavailable', 'store/unavailable', 'config/invalid'])(
  'an outage that one stream meets for ever (%s) holds up the others for five minutes, and blocks nobody',
  async (code) => {
    const rig = makeConsumer();
    const [bad] = await rig.append(['bad']);
    const [good] = await rig.append(['good'], 'order-2');
    rig.failures.set('bad', () => new Fault(code, 'down'));
    await expect(rig.consume(messages(bad, good))).rejects.toThrow('down');

    expect(await deliverFor(rig, redelivered(bad, good), 60)).toBe(5);
    expect(rig.handled).toEqual(['good']);
    expect(await rig.row()).toMatchObject({ status: 'waiting', revision: -1n, head: 0n, attempts: 0 });
    expect(rig.told()).toEqual([['test.300000.09', { stream, revision: 0n }]]);
    expect(rig.counted).toMatchObject({ StreamsSetAside: 1 });

    // From then on it holds up nobody, however often one looks.
    expect(await deliverFor(rig, hint(0n), 60)).toBe(0);
    rig.failures.clear();
    await rig.consume(hint(0n));
    expect(await rig.row()).toMatchObject({ status: 'ready', revision: 0n });
    expect(rig.handled).toEqual(['good', 'bad']);
  },
);

test('what the table does not take of it is not written either', async () => {
  const cursors = createInMemoryCursors<Names>();
  const { advance } = cursors;
  cursors.advance = async (of, seen, done) => {
    if (done.view?.includes('too large')) throw new Fault('table/unavailable', 'Item size has exceeded');
    return advance(of, seen, done);
  };
  const rig = makeConsumer({ cursors });
  const [a, b] = await rig.append(['a', 'too large']);
  await rig.consume(messages(a));
  await deliverFor(rig, redelivered(b), 60);
  expect(await rig.row()).toMatchObject({ status: 'waiting', revision: 0n, head: 1n, view: ['a'] });
});

test('what a stream has failed of before stays counted', async () => {
  const rig = makeConsumer();
  const [a] = await rig.append(['a']);
  rig.failures.set('a', silence);
  await rig.consume(messages(a));
  await rig.consume(hint(0n, 1));
  const before = await rig.row();
  rig.failures.set('a', () => new Fault('store/unavailable', 'down'));
  await deliverFor(rig, hint(0n, 2), 60);
  const after = await rig.row();
  expect(before).toMatchObject({ status: 'waiting', attempts: 2, failure: { code: 'payments/unavailable' } });
  expect(after).toMatchObject({ status: 'waiting', attempts: 2, failure: before?.failure });
  expect(rig.told().at(-1)).toEqual(['test.300000.09', { stream, revision: 0n, attempt: 2 }]);
});

test('an outage of what settling needs is handed back for as long as it lasts', async () => {
  const rig = makeConsumer();
  const [a] = await rig.append(['a']);
  rig.failures.set('a', () => new Fault('store/unavailable', 'down'));
  rig.breakBroker(new Fault('broker/unavailable', 'no broker'));
  expect(await deliverFor(rig, redelivered(a), 60)).toBe(60);
  expect((await rig.row())?.status ?? 'ready').toBe('ready');
  rig.breakBroker(undefined);
  rig.failures.clear();
  await rig.consume(redelivered(a));
  expect(rig.handled).toEqual(['a']);
});

test('an outage of another day begins anew', async () => {
  const rig = makeConsumer();
  const [a, b] = await rig.append(['a', 'b']);
  rig.failures.set('a', () => new Fault('store/unavailable', 'down'));
  expect(await deliverFor(rig, redelivered(a), 4)).toBe(4);
  await rig.clock.pass(3_600_000);
  expect(await deliverFor(rig, redelivered(a), 4)).toBe(4);
  rig.failures.clear();
  await rig.consume(redelivered(a));
  rig.failures.set('b', () => new Fault('store/unavailable', 'down'));
  expect(await deliverFor(rig, redelivered(b), 4)).toBe(4);
});

test('many deliveries in a moment are no long outage', async () => {
  const rig = makeConsumer();
  const [a] = await rig.append(['a']);
  rig.failures.set('a', () => new Fault('store/unavailable', 'down'));
  for (let n = 0; n < 100; n += 1) await expect(rig.consume(redelivered(a))).rejects.toThrow('down');
  expect(rig.published).toEqual([]);
});

test('many streams that meet the same hold up the others for five minutes, and not for five each', async () => {
  const rig = makeConsumer();
  const bad = await Promise.all(Array.from({ length: 10 }, (_, n) => rig.append([`bad-${n}`], `order-${n}`)));
  const [good] = await rig.append(['good']);
  for (let n = 0; n < 10; n += 1) rig.failures.set(`bad-${n}`, () => new Fault('keys/unavailable', 'closed'));
  expect(await deliverFor(rig, redelivered(...bad.flat(), good), 60)).toBeLessThan(7);
  expect(rig.handled).toEqual(['good']);
});

test('news of a stream that was set aside send nobody more to look at it', async () => {
  const rig = makeConsumer();
  const [a, ...more] = await rig.append(['a', ...Array.from({ length: 20 }, (_, n) => `more-${n}`)]);
  rig.failures.set('a', () => new Fault('keys/unavailable', 'closed'));
  await deliverFor(rig, redelivered(a), 60);
  for (const event of more) await rig.consume(messages(event));
  expect(rig.published).toHaveLength(1);
  const before = await rig.row();
  expect(before).toMatchObject({ status: 'waiting', head: 20n });
  // The hint comes back, and another is sent.
  await rig.clock.pass(300_000);
  await rig.consume(hint(0n));
  expect(rig.published).toHaveLength(2);
  expect(Date.parse((await rig.row())?.dueAt ?? '') - Date.parse(before?.dueAt ?? '')).toBe(300_000);
});

test('a broker that takes nothing is not asked again: that is everybody’s outage', async () => {
  const rig = makeConsumer();
  const [a] = await rig.append(['a']);
  let asked = 0;
  rig.failures.set('a', () => {
    asked += 1;
    return new Fault('broker/unavailable', 'no confirm');
  });
  expect(await deliverFor(rig, redelivered(a), 30)).toBe(30);
  expect([asked, rig.published]).toEqual([30, []]);
});
