import { describe, expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import { createLogbook, messages, silence } from '../testing/consumerRig.ts';
import { makeOperations } from '../testing/deadLetterRig.ts';
import { createManualClock } from '../testing/manualClock.ts';
import type { DeadLetterQueue } from './deadLetterQueue.ts';
import { createInMemoryCursors } from './inMemoryCursors.ts';
import { createInMemoryDeadLetterQueue } from './inMemoryDeadLetterQueue.ts';
import { listDeadLetters } from './listDeadLetters.ts';
import type { OutgoingMessage } from './publisher.ts';
import { remedyDeadLetters } from './remedyDeadLetters.ts';
import { sweepStreams } from './sweepStreams.ts';

const refused = () => new Fault('payments/refused', 'bad request');

describe('a stream whose retry was lost on the way', () => {
  test('is woken when its hint can not come any more, and not before', async () => {
    const operations = makeOperations();
    await operations.block('order-1', silence);
    operations.failures.clear();
    expect(await sweepStreams(operations.deps)).toMatchObject([{ woken: 0 }]);
    await operations.clock.pass(121_000);
    expect(await sweepStreams(operations.deps)).toMatchObject([{ woken: 1 }]);
    await operations.deliver();
    expect(await operations.row('order-1')).toMatchObject({ revision: 2n, status: 'ready' });
    expect(await sweepStreams(operations.deps)).toMatchObject([{ woken: 0 }]);
  });

  test('is woken by the clock of the sweep alone, whatever that of the consumer says', async () => {
    const operations = makeOperations();
    await operations.block('order-1', silence);
    operations.failures.clear();
    await operations.clock.pass(121_000);
    await sweepStreams(operations.deps);
    operations.clock.setBack(600_000);
    await operations.deliver();
    expect(await operations.row('order-1')).toMatchObject({ revision: 2n });
  });

  test('also where the lost hint was that of a redrive, or of a discard of its newest event', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    const [only] = await operations.append(['order-2 fails'], 'order-2');
    operations.failures.set('order-2 fails', refused);
    await operations.consume(messages(only));
    await operations.deliver();
    operations.failures.clear();
    const options = { isDryRun: false, ratePerSecond: 1_000, correlationId: 'c', budgetMs: 20_000 };
    await remedyDeadLetters(operations.deps, { id: 'test/order-1@1' }, { kind: 'redrive', by: 'ada' }, options);
    const discard = { kind: 'discard', by: 'ada', reason: 'odd' } as const;
    await remedyDeadLetters(operations.deps, { id: 'test/order-2@0' }, discard, options);
    operations.published.splice(0);
    await operations.clock.pass(121_000);
    expect(await sweepStreams(operations.deps)).toMatchObject([{ woken: 2 }]);
    await operations.deliver();
    expect(await operations.row('order-1')).toMatchObject({ revision: 2n, status: 'ready' });
    expect(await operations.row('order-2')).toMatchObject({ revision: 0n, status: 'ready' });
    expect(operations.letters().map(({ headers }) => headers['reason'])).toEqual(['blocked']);
  });
});

describe('a dead letter', () => {
  test('goes when its stream has gone past it', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    await operations.block('order-2', refused);
    operations.failures.delete('order-1 fails');
    const options = { isDryRun: false, ratePerSecond: 1_000, correlationId: 'c', budgetMs: 20_000 };
    await remedyDeadLetters(operations.deps, { id: 'test/order-1@1' }, { kind: 'redrive', by: 'ada' }, options);
    await operations.deliver();
    expect(await sweepStreams(operations.deps)).toEqual([{ consumer: 'test', woken: 0, tidied: 1 }]);
    expect(operations.letters().map(({ messageId }) => messageId)).toEqual(['test/order-2@1']);
  });

  test('stays while its stream is not past it, though its row does not say yet that it is blocked', async () => {
    const operations = makeOperations();
    const { fail } = operations.cursors;
    operations.cursors.fail = async () => {
      throw new Fault('table/unavailable', 'cut off between the message and the row');
    };
    await expect(operations.block('order-1', refused)).rejects.toThrow('cut off');
    operations.cursors.fail = fail;
    await operations.deliver();
    expect(operations.letters()).toHaveLength(1);
    expect(await sweepStreams(operations.deps)).toMatchObject([{ tidied: 0 }]);
  });

  test('is seen, and remedied, while the sweep reads what has become of the others', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    const stranded = { messageId: 'test/order-9@3', type: 'hint', correlationId: 'c', body: Buffer.from('{}') };
    operations.queue.put('test-dlq', {
      ...stranded,
      headers: { reason: 'malformed', code: 'broker/malformed-message' },
    });
    const { cursors, deps } = operations;
    let during: readonly string[] = [];
    const tables = {
      test: {
        ...cursors,
        load: async (streams: readonly string[]) => {
          during = (await listDeadLetters(deps)).letters.map(({ reason }) => reason);
          return cursors.load(streams);
        },
      },
    };
    expect(await sweepStreams({ ...deps, tables })).toMatchObject([{ tidied: 0 }]);
    expect(during.toSorted()).toEqual(['blocked', 'malformed']);
  });

  test('is judged by what a look sees, be it not all: of one told again behind that nothing goes yet', async () => {
    const operations = makeOperations();
    const { deps, queue, cursors } = operations;
    await operations.block('order-1', refused);
    const [blocked] = operations.letters();
    if (!blocked) throw new Error('it has no letter');
    await cursors.advance('order-2', undefined, { to: 0n });
    const headers = { reason: 'blocked', stream: 'order-2', revision: '0' };
    queue.put('test-dlq', { ...blocked, messageId: 'test/order-2@0', headers });
    queue.put('test-dlq', blocked);
    const lookAt = (seen: number): DeadLetterQueue => ({ look: (name, _, judge) => queue.look(name, seen, judge) });
    const left = () => operations.letters().map(({ messageId }) => messageId);
    expect(await sweepStreams({ ...deps, queue: lookAt(2) })).toMatchObject([{ tidied: 1 }]);
    expect(left()).toEqual(['test/order-1@1', 'test/order-1@1']);
    expect(await sweepStreams({ ...deps, queue: lookAt(1) })).toMatchObject([{ tidied: 0 }]);
    expect(await sweepStreams({ ...deps, queue: lookAt(2) })).toMatchObject([{ tidied: 1 }]);
    expect(left()).toEqual(['test/order-1@1']);
  });

  test('that was told twice is told once', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    const [letter] = operations.letters();
    if (letter) operations.queue.put('test-dlq', { ...letter });
    expect(await sweepStreams(operations.deps)).toMatchObject([{ tidied: 1 }]);
    expect(operations.letters()).toHaveLength(1);
  });
});

/** Three consumers: of each a hint is lost, and a dead letter lies there whose stream has gone past it. */
async function makeThree() {
  const clock = createManualClock();
  const logger = createLogbook();
  const letters = createInMemoryDeadLetterQueue();
  const published: OutgoingMessage[] = [];
  const names = ['payments', 'orders', 'shipping'] as const;
  const dueAt = new Date(clock.now().getTime() - 600_000).toISOString();
  const makeTable = async (name: string) => {
    const table = createInMemoryCursors<never>();
    await table.fail('order-1', undefined, { revision: 0n, head: 1n, attempts: 1, dueAt });
    await table.advance('order-2', undefined, { to: 0n });
    letters.put(`${name}-dlq`, {
      messageId: `${name}/order-2@0`,
      type: 'hint',
      correlationId: undefined,
      headers: { reason: 'blocked', stream: 'order-2', revision: '0' },
      body: Buffer.from('{}'),
    });
    return table;
  };
  const tables = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await makeTable(name)] as const)),
  );
  return {
    clock,
    logger,
    deps: {
      tables,
      clock,
      logger,
      queue: letters,
      publisher: { publish: async (message: OutgoingMessage) => void published.push(message) },
    },
    woken: () => published.map(({ routingKey }) => routingKey.split('.')[0]).toSorted(),
    untidied: () => names.filter((name) => letters.messages(`${name}-dlq`).length > 0),
    /** A look into one of the queues takes so long, or fails. */
    lookingInto: (name: string, what: () => Promise<void>): DeadLetterQueue => ({
      async look(queue, ...rest) {
        if (queue === `${name}-dlq`) await what();
        return letters.look(queue, ...rest);
      },
    }),
  };
}

describe('of several consumers', () => {
  test('all are woken before the queue of any is tidied, however deep it is', async () => {
    const { clock, deps, woken, lookingInto } = await makeThree();
    const looked = Promise.withResolvers<void>();
    const sweeping = sweepStreams({ ...deps, queue: lookingInto('payments', () => looked.promise) });
    await clock.pass(60_000);
    expect(woken()).toEqual(['orders', 'payments', 'shipping']);
    looked.resolve();
    await sweeping;
  });

  test('each is tidied whose queue can be looked into; that one could not be fails the sweep in the end', async () => {
    const { logger, deps, woken, untidied, lookingInto } = await makeThree();
    const away = new Fault('broker/unavailable', 'its node is away');
    const queue = lookingInto('orders', () => Promise.reject(away));
    await expect(sweepStreams({ ...deps, queue })).rejects.toBe(away);
    expect([woken(), untidied()]).toEqual([['orders', 'payments', 'shipping'], ['orders']]);
    expect(logger.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'dead letters were not tidied', consumer: 'orders', error: away },
    ]);
  });

  test('each is woken whose rows can be read; that one could not be fails the sweep in the end', async () => {
    const { logger, deps, woken, untidied } = await makeThree();
    const away = new Fault('table/unavailable', 'no table');
    const readDue = () => Promise.reject(away);
    const tables = { ...deps.tables, payments: { ...deps.tables['payments'], readDue } } as typeof deps.tables;
    await expect(sweepStreams({ ...deps, tables })).rejects.toBe(away);
    expect([woken(), untidied()]).toEqual([['orders', 'shipping'], []]);
    expect(logger.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'streams were not woken', consumer: 'payments', error: away },
    ]);
  });

  test('each is tidied within as many minutes, however long tidying takes', async () => {
    const { clock, deps, untidied } = await makeThree();
    const look: DeadLetterQueue['look'] = async (...args) => {
      await clock.pass(15_000);
      await deps.queue.look(...args);
    };
    const left: number[] = [];
    for (let minute = 0; minute < 3; minute += 1) {
      const startedMs = clock.elapsedMs();
      await sweepStreams({ ...deps, queue: { look } });
      const tookMs = clock.elapsedMs() - startedMs;
      expect(tookMs).toBeLessThan(60_000);
      await clock.pass(60_000 - tookMs);
      left.push(untidied().length);
    }
    expect(left).toEqual([2, 1, 0]);
  });
});
