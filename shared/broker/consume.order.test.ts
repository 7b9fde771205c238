import { describe, expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import { currentLogFields } from '../observe/correlation.ts';
import { hint, makeConsumer, messages, silence, stream } from '../testing/consumerRig.ts';
import { toRmqEvent } from '../testing/lambdaEvents.ts';

describe('in order, once', () => {
  test('handles what the messages carry, without reading the store', async () => {
    const { consume, append, handled, row, store } = makeConsumer();
    const [a, b] = await append(['a', 'b']);
    store.read = () => {
      throw new Error('read');
    };
    await consume(messages(a, b));
    expect(handled).toEqual(['a', 'b']);
    expect(await row()).toMatchObject({ revision: 1n, view: ['a', 'b'], status: 'ready' });
  });

  test('a repeat changes nothing', async () => {
    const { consume, append, handled } = makeConsumer();
    const [a, b] = await append(['a', 'b']);
    await consume(messages(a, a, b));
    await consume(messages(b, a));
    expect(handled).toEqual(['a', 'b']);
  });

  test('what was lost or overtaken is read from the store, and then only skipped', async () => {
    const { consume, append, handled, row } = makeConsumer();
    const [a, b, c] = await append(['a', 'b', 'c']);
    await consume(messages(c));
    await consume(messages(a, b));
    expect(handled).toEqual(['a', 'b', 'c']);
    expect(await row()).toMatchObject({ revision: 2n });
  });

  test('messages of one batch in the wrong order are handled in the right one', async () => {
    const { consume, append, handled } = makeConsumer();
    const [a, b, c] = await append(['a', 'b', 'c']);
    await consume(messages(c, a, b));
    expect(handled).toEqual(['a', 'b', 'c']);
  });

  test('a hint without an event is enough', async () => {
    const { consume, append, handled } = makeConsumer();
    await append(['a', 'b']);
    await consume(hint(1n));
    expect(handled).toEqual(['a', 'b']);
  });

  test('streams of one batch do not wait for each other', async () => {
    const { consume, append, handled, failures, row } = makeConsumer();
    const [a] = await append(['a'], 'order-1');
    const [b] = await append(['b'], 'order-2');
    failures.set('a', silence);
    await consume(messages(a, b));
    expect(handled).toEqual(['b']);
    expect(await row('order-1')).toMatchObject({ status: 'waiting' });
    expect(await row('order-2')).toMatchObject({ revision: 0n });
  });

  test('a batch costs one read of its rows, and one write for each of its streams', async () => {
    const { consume, append, cursors } = makeConsumer();
    const calls: string[] = [];
    for (const name of ['load', 'claim', 'advance', 'progress', 'fail', 'setAside'] as const) {
      const call = cursors[name] as (...args: never[]) => Promise<never>;
      const counted = (...args: never[]) => {
        calls.push(name);
        return call(...args);
      };
      Object.assign(cursors, { [name]: counted });
    }
    const [a, b] = await append(['a', 'b'], 'order-1');
    const [c] = await append(['c'], 'order-2');
    await consume(messages(a, b, c));
    expect(calls.toSorted()).toEqual(['advance', 'advance', 'load']);
  });

  test('no more streams are worked on side by side than are allowed', async () => {
    let running = 0;
    let most = 0;
    const handler = async (view: readonly string[] | undefined) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return view ?? [];
    };
    const { consume, append } = makeConsumer({ handler, options: { maxConcurrent: 3 } });
    const events = await Promise.all(Array.from({ length: 9 }, (_, n) => append(['a'], `order-${n}`)));
    await consume(messages(...events.flat()));
    expect(most).toBe(3);
  });
});

describe('what a handler does not act on', () => {
  test('moves the cursor, is never handed to it, and is told apart in the log', async () => {
    const { consume, append, handled, row, logger } = makeConsumer({ options: { handles: ['SomethingElse'] } });
    const [a] = await append(['a']);
    await consume(messages(a));
    expect(handled).toEqual([]);
    expect(await row()).toMatchObject({ revision: 0n, status: 'ready' });
    expect(logger.lines).toEqual([
      expect.objectContaining({
        level: 'debug',
        message: 'event skipped',
        eventId: a?.id,
        correlationId: 'correlation-1',
      }),
    ]);
  });
});

describe('a consumer that is new to a system with history', () => {
  test('lets what happened before its start pass without effect, whether it is carried or read', async () => {
    const { append, store } = makeConsumer();
    await append(['a', 'b'], 'order-1');
    const [first] = await append(['c'], 'order-2');
    const [d] = await append(['d'], 'order-1');
    const [e] = await append(['e'], 'order-2');
    const startFrom = { position: first?.position ?? 0n };
    const { consume, handled, row } = makeConsumer({ store, options: { startFrom } });
    await consume(messages(e));
    expect(handled).toEqual(['c', 'e']);
    await consume(messages(d));
    expect(handled).toEqual(['c', 'e', 'd']);
    expect(await row('order-1')).toMatchObject({ revision: 2n, view: ['d'] });
  });

  test('trusts a carried event only with its place in the store, which the relay writes into a header', async () => {
    const rig = makeConsumer({ options: { startFrom: { position: 2n } } });
    const [a] = await rig.append(['a']);
    let reads = 0;
    const read = rig.store.read;
    rig.store.read = (...args) => {
      reads += 1;
      return read.apply(rig.store, args);
    };
    const message = { stream, revision: 0n, ...(a && { event: a }) };
    await rig.consume(toRmqEvent({ message, headers: { position: { bytes: [...Buffer.from('1')] } } }));
    expect([reads, rig.handled, (await rig.row())?.revision]).toEqual([0, [], 0n]);
  });

  test('says so when the store does not tell where its events stand, instead of guessing', async () => {
    const rig = makeConsumer({ options: { startFrom: { position: 2n } } });
    const [a] = await rig.append(['a']);
    const { read } = rig.store;
    rig.store.read = async function* (...args) {
      for await (const { position: _, ...event } of read.apply(rig.store, args)) yield event;
    };
    await expect(rig.consume(messages(a))).rejects.toMatchObject({ code: 'config/invalid' });
    expect([rig.handled, await rig.row()]).toEqual([[], undefined]);
  });
});

test('every line of a handler carries what the event belongs to', async () => {
  let seen: unknown;
  const handler = async () => {
    await Promise.resolve();
    seen = currentLogFields();
    return [];
  };
  const { consume, append } = makeConsumer({ handler });
  const [a] = await append(['a']);
  await consume(messages(a));
  expect(seen).toEqual({ eventId: a?.id, correlationId: 'correlation-1', causationId: 'cause-1' });
  expect(currentLogFields()).toBeUndefined();
});

test('a long run that is cut off goes on where it was', async () => {
  const { consume, append, failures, handled, row } = makeConsumer();
  await append(Array.from({ length: 250 }, (_, n) => `e${n}`));
  failures.set('e220', () => new Fault('store/unavailable', 'cut off'));
  await expect(consume(hint(249n))).rejects.toThrow('cut off');
  expect(await row()).toMatchObject({ revision: 199n });
  failures.clear();
  await consume(hint(249n));
  expect(handled).toHaveLength(220 + 50);
  expect(await row()).toMatchObject({ revision: 249n });
});

test('an event from another source is refused whole', async () => {
  await expect(makeConsumer().consume({ Records: [] })).rejects.toThrow('not an aws:rmq event');
});
