import { describe, expect, test } from '@jest/globals';
import { remedyStream } from '../domain/operations/index.ts';
import { Fault } from '../kernel/fault.ts';
import { silence } from '../testing/consumerRig.ts';
import { makeOperations } from '../testing/deadLetterRig.ts';
import { toRmqEvent } from '../testing/lambdaEvents.ts';
import { listDeadLetters, type Selection } from './listDeadLetters.ts';
import { parseBody } from './message.ts';
import { type Remedy, remedyDeadLetters } from './remedyDeadLetters.ts';
import { toBody } from './toBody.ts';

const refused = () => new Fault('payments/refused', 'bad request');
const options = { isDryRun: false, ratePerSecond: 10, correlationId: 'correlation-9', budgetMs: 20_000 };
const redrive: Remedy = { kind: 'redrive', by: 'ada' };
const discard: Remedy = { kind: 'discard', by: 'ada', reason: 'a test order' };

type Operations = ReturnType<typeof makeOperations>;

/** Does it, and lets everything happen that follows. */
async function remedy(operations: Operations, selection: Selection, what: Remedy, otherwise: object = {}) {
  const { remedied } = await remedyDeadLetters(operations.deps, selection, what, { ...options, ...otherwise });
  await operations.deliver();
  return remedied.map(({ letter, outcome }) => [letter.id, outcome]);
}

describe('a redrive', () => {
  test('lets the stream go on from its cursor to its newest event, and records who did it', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    operations.failures.clear();
    expect(await remedy(operations, { id: 'test/order-1@1' }, redrive)).toEqual([['test/order-1@1', 'done']]);
    expect(await operations.row('order-1')).toMatchObject({
      revision: 2n,
      status: 'ready',
      view: ['a', 'order-1 fails', 'c'],
    });
    const record = await Array.fromAsync(operations.store.read(remedyStream('test/order-1@1')));
    expect(record).toMatchObject([
      {
        type: 'DeadLetterRedriven',
        data: { consumer: 'test', deadLetterId: 'test/order-1@1', cause: 'payments/refused on Happened', by: 'ada' },
        metadata: { correlationId: 'correlation-9', actor: 'operator' },
      },
    ]);
    expect((await listDeadLetters(operations.deps)).letters).toEqual([]);
  });

  test('of what may be a message touches nothing while the queues can’t be looked into; of a stream goes on', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    operations.failures.clear();
    const { look } = operations.queue;
    operations.queue.look = async () => {
      throw new Fault('broker/unavailable', 'no answer');
    };
    await expect(remedy(operations, {}, redrive)).rejects.toMatchObject({ code: 'broker/unavailable' });
    expect(await operations.row('order-1')).toMatchObject({ status: 'blocked' });
    expect(await remedy(operations, { id: 'test/order-1@1' }, redrive)).toEqual([['test/order-1@1', 'done']]);
    operations.queue.look = look;
  });

  test('twice is once: at the same time, one after the other, and before the stream has run', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    const both = await Promise.all([1, 2].map(() => remedyDeadLetters(operations.deps, {}, redrive, options)));
    expect(
      both
        .flatMap(({ remedied }) => remedied)
        .map(({ outcome }) => outcome)
        .toSorted(),
    ).toEqual(['already', 'done']);
    expect(await remedy(operations, {}, redrive)).toEqual([]);
    const record = await Array.fromAsync(operations.store.read(remedyStream('test/order-1@1')));
    expect(record).toHaveLength(1);
  });

  test('of a message that somebody else is looking at remains to be done, and is done by the same call again', async () => {
    const operations = makeOperations();
    await operations.consume(toRmqEvent({ body: 'hello' }));
    await operations.deliver();
    const { queue } = operations;
    const [letter] = (await listDeadLetters(operations.deps)).letters;
    const look: typeof queue.look = async (...args) => {
      // Listed, and then in somebody's hands.
      if (isHeld)
        await queue.look('test-dlq', 10, async (held) => {
          await queue.look(...args);
          return held.map(() => 'keep');
        });
      else await queue.look(...args);
      isHeld = true;
    };
    let isHeld = false;
    const deps = { ...operations.deps, queue: { look } };
    const held = await remedyDeadLetters(deps, {}, redrive, options);
    expect(held).toMatchObject({ remedied: [{ outcome: 'remaining' }], again: false });
    expect(operations.letters()).toHaveLength(1);
    expect(await remedy(operations, {}, redrive)).toEqual([[letter?.id, 'done']]);
  });

  test('of a stream that fails again is another dead letter, which can be redriven again', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    await remedy(operations, {}, redrive);
    expect(await operations.row('order-1')).toMatchObject({ status: 'blocked' });
    await operations.clock.pass(1_000);
    operations.failures.clear();
    expect(await remedy(operations, {}, redrive)).toEqual([['test/order-1@1', 'done']]);
    expect(await operations.row('order-1')).toMatchObject({ revision: 2n });
  });

  test('that was cut off after it was recorded is completed by the same call again', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    operations.failures.clear();
    const { redrive: lift } = operations.cursors;
    operations.cursors.redrive = async () => {
      throw new Fault('table/unavailable', 'cut off');
    };
    await expect(remedy(operations, {}, redrive)).rejects.toThrow('cut off');
    operations.cursors.redrive = lift;
    expect(await remedy(operations, {}, redrive)).toEqual([['test/order-1@1', 'done']]);
    expect(await operations.row('order-1')).toMatchObject({ revision: 2n });
  });

  test('of one cause leaves the others as they are', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    await operations.block('order-2', () => new Error('odd'));
    operations.failures.clear();
    await remedy(operations, { cause: 'payments/refused on Happened' }, redrive);
    expect(await operations.row('order-1')).toMatchObject({ status: 'ready' });
    expect(await operations.row('order-2')).toMatchObject({ status: 'blocked' });
  });

  test('of a stream that waits for a retry does nothing: it is no dead letter', async () => {
    const operations = makeOperations();
    await operations.block('order-1', silence);
    expect(await remedy(operations, {}, redrive)).toEqual([]);
    expect(await operations.row('order-1')).toMatchObject({ status: 'waiting' });
  });

  test('of a message that can be read brings its stream along, and takes the message off the queue', async () => {
    const operations = makeOperations();
    await operations.append(['a'], 'order-1');
    const body = Buffer.from('{"stream":"order-1","revision":"0"}');
    const headers = { 'x-death': [{ reason: 'expired' }] };
    operations.queue.put('test-dlq', { messageId: 'm', type: '', correlationId: undefined, headers, body });
    expect(await remedy(operations, {}, redrive)).toMatchObject([[expect.anything(), 'done']]);
    expect(operations.handled).toEqual(['a']);
    expect(operations.letters()).toEqual([]);
  });

  test('of a hint that was looked for in vain or tried often makes a new one of it', async () => {
    const operations = makeOperations();
    const body = toBody({ stream: 'order-1', revision: 0n, attempt: 5, look: 3 });
    operations.queue.put('test-dlq', { messageId: 'm-9', type: 'hint', correlationId: undefined, headers: {}, body });
    await remedyDeadLetters(operations.deps, {}, redrive, options);
    const [hint] = operations.published;
    expect(parseBody(hint?.body ?? Buffer.of())).toEqual({ stream: 'order-1', revision: 0n });
  });

  test('of a message that can not be read puts it back as it came', async () => {
    const operations = makeOperations();
    await operations.consume(toRmqEvent({ body: 'hello' }));
    await operations.deliver();
    await remedyDeadLetters(operations.deps, {}, redrive, options);
    expect(operations.letters()).toEqual([]);
    expect(operations.published).toMatchObject([
      { exchange: '', routingKey: 'test.0', messageId: 'm-1', headers: { stream: 'o' }, body: Buffer.from('hello') },
    ]);
  });
});

describe('a discard', () => {
  test('gives up the event that failed, for a reason that is recorded; its stream goes on after it', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    expect(await remedy(operations, {}, discard)).toEqual([['test/order-1@1', 'done']]);
    expect(await operations.row('order-1')).toMatchObject({ revision: 2n, status: 'ready', view: ['a', 'c'] });
    const [record] = await Array.fromAsync(operations.store.read(remedyStream('test/order-1@1')));
    expect(record).toMatchObject({ type: 'DeadLetterDiscarded', data: { by: 'ada', reason: 'a test order' } });
  });

  test('after a redrive of the same failure comes too late', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    const { redrive: lift } = operations.cursors;
    operations.cursors.redrive = async () => {
      throw new Fault('table/unavailable', 'cut off');
    };
    await expect(remedy(operations, {}, redrive)).rejects.toThrow('cut off');
    operations.cursors.redrive = lift;
    expect(await remedy(operations, {}, discard)).toEqual([['test/order-1@1', 'remedied-otherwise']]);
    expect(await operations.row('order-1')).toMatchObject({ status: 'blocked' });
  });

  test('takes a message that can not be read off its queue for good', async () => {
    const operations = makeOperations();
    await operations.consume(toRmqEvent({ body: 'hello' }));
    await operations.deliver();
    expect(await remedy(operations, {}, discard)).toMatchObject([[expect.anything(), 'done']]);
    expect([operations.letters(), operations.published]).toEqual([[], []]);
  });
});

test('a dry run says what would happen, and nothing does', async () => {
  const operations = makeOperations();
  await operations.block('order-1', refused);
  const before = await operations.row('order-1');
  expect(await remedy(operations, {}, redrive, { isDryRun: true })).toEqual([['test/order-1@1', 'would-be-done']]);
  expect(await operations.row('order-1')).toEqual(before);
  expect(await Array.fromAsync(operations.store.read(remedyStream('test/order-1@1')))).toEqual([]);
});

test('no more are done a second than is allowed, and what no time is left for remains', async () => {
  const operations = makeOperations();
  for (let n = 0; n < 6; n += 1) await operations.block(`order-${n}`, refused);
  operations.failures.clear();
  const startedMs = operations.clock.elapsedMs();
  const outcomes = (await remedy(operations, {}, redrive, { ratePerSecond: 2, budgetMs: 2_000 })).map(
    ([, outcome]) => outcome,
  );
  expect(outcomes).toEqual(['done', 'done', 'done', 'done', 'done', 'remaining']);
  expect(operations.clock.elapsedMs() - startedMs).toBe(2_000);
  expect(await remedy(operations, {}, redrive)).toEqual([['test/order-5@1', 'done']]);
});

describe('the time of one call', () => {
  test('begins before it looks for them, of which there may be many', async () => {
    const operations = makeOperations();
    const { queue, clock, deps } = operations;
    for (let n = 0; n < 6; n += 1) await operations.block(`order-${n}`, refused);
    const look: typeof queue.look = async (...args) => {
      await clock.pass(1_500);
      await queue.look(...args);
    };
    const startedMs = clock.elapsedMs();
    const slow = { ...options, ratePerSecond: 2, budgetMs: 2_000 };
    const { remedied, again } = await remedyDeadLetters({ ...deps, queue: { look } }, {}, redrive, slow);
    expect(remedied.map(({ outcome }) => outcome)).toEqual(['done', 'done', ...Array(4).fill('remaining')]);
    expect([again, clock.elapsedMs() - startedMs]).toEqual([true, 2_000]);
  });

  test('is enough for one at least, or the same call again would never come to an end', async () => {
    const operations = makeOperations();
    const { queue, clock, deps } = operations;
    for (let n = 0; n < 2; n += 1) await operations.block(`order-${n}`, refused);
    const look: typeof queue.look = async (...args) => {
      await clock.pass(30_000);
      await queue.look(...args);
    };
    const { remedied, again } = await remedyDeadLetters({ ...deps, queue: { look } }, {}, redrive, options);
    expect([remedied.map(({ outcome }) => outcome), again]).toEqual([['done', 'remaining'], true]);
  });

  test('is not exceeded by waiting for the next, however few a second are allowed', async () => {
    const operations = makeOperations();
    const { clock } = operations;
    for (let n = 0; n < 3; n += 1) await operations.block(`order-${n}`, refused);
    const startedMs = clock.elapsedMs();
    const slow = { ratePerSecond: 0.1, budgetMs: 15_000 };
    expect(await remedy(operations, {}, redrive, slow)).toMatchObject([
      [expect.anything(), 'done'],
      [expect.anything(), 'done'],
      [expect.anything(), 'remaining'],
    ]);
    expect(clock.elapsedMs() - startedMs).toBe(10_000);
  });

  test('is not spent on the queue, however many messages in it are meant: those of a second go in one look', async () => {
    const operations = makeOperations();
    const { queue, deps } = operations;
    const strand = (n: number) => ({
      messageId: `m-${n}`,
      type: '',
      correlationId: undefined,
      headers: {},
      body: Buffer.from(`odd ${n}`),
    });
    for (let n = 0; n < 60; n += 1) queue.put('test-dlq', strand(n));
    let looks = 0;
    const look: typeof queue.look = async (...args) => {
      looks += 1;
      await queue.look(...args);
    };
    const { remedied } = await remedyDeadLetters({ ...deps, queue: { look } }, {}, redrive, {
      ...options,
      ratePerSecond: 20,
    });
    expect(remedied.map(({ outcome }) => outcome)).toEqual(Array(60).fill('done'));
    expect(looks).toBe(1 + 3);
    expect(operations.letters()).toEqual([]);
    expect(operations.published.map(({ messageId }) => messageId)).toEqual(
      Array.from({ length: 60 }, (_, n) => `m-${n}`),
    );
  });
});

test('more is to be done where a look may not have seen all, as long as something was', async () => {
  const operations = makeOperations();
  const { cursors, deps } = operations;
  await operations.block('order-1', refused);
  const [row] = await cursors.readBlocked(1);
  const readBlocked = async (limit: number) => (row ? Array(limit).fill(row) : []);
  const tables = { test: { ...cursors, readBlocked } };
  const call = () => remedyDeadLetters({ ...deps, tables }, {}, redrive, options);
  expect(await call()).toMatchObject({ remedied: [{ outcome: 'done' }], again: true });
  expect(await remedyDeadLetters(deps, {}, redrive, options)).toMatchObject({ remedied: [], again: false });
});

test('what comes back is not redriven again: calls that go on with the first one’s time come to an end', async () => {
  const operations = makeOperations();
  for (let n = 0; n < 30; n += 1) {
    await operations.consume(toRmqEvent({ body: `no json ${n}` }));
    await operations.deliver();
  }
  await operations.clock.pass(1_000);
  const counts: number[] = [];
  let since: Selection = {};
  for (let again = true; again && counts.length < 9; ) {
    const slowly = { ...options, ratePerSecond: 1 };
    const result = await remedyDeadLetters(operations.deps, since, redrive, slowly);
    again = result.again;
    since = { failedBefore: result.failedBefore };
    counts.push(result.remedied.filter(({ outcome }) => outcome === 'done').length);
    await operations.clock.pass(10);
    await operations.deliver();
  }
  expect(counts.reduce((sum, count) => sum + count)).toBe(30);
  expect(operations.queue.messages('test-dlq')).toHaveLength(30);
});
