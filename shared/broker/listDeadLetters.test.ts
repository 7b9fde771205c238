import { describe, expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import { makeOperations } from '../testing/deadLetterRig.ts';
import { toRmqEvent } from '../testing/lambdaEvents.ts';
import { countCauses, listDeadLetters, type Selection } from './listDeadLetters.ts';

const refused = () => new Fault('payments/refused', 'bad request');

describe('the list of dead letters', () => {
  test('has each blocked stream once, with everything that is known of it', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    await operations.block('order-2', () => new TypeError('x of undefined at line 17'));
    const [first, second] = (await listDeadLetters(operations.deps)).letters;
    expect(first).toMatchObject({
      id: 'test/order-1@1',
      consumer: 'test',
      reason: 'blocked',
      cause: 'payments/refused on Happened',
      code: 'payments/refused',
      error: 'bad request',
      attempts: 1,
      stream: 'order-1',
      revision: 1n,
      head: 2n,
      event: { type: 'Happened', correlationId: 'correlation-1' },
      firstFailedAt: '2026-11-23T10:00:00.000Z',
    });
    expect(second).toMatchObject({ id: 'test/order-2@1', cause: 'defect on Happened: x of undefined at line …' });
  });

  test('has what could not be read, and what the broker itself put there', async () => {
    const operations = makeOperations();
    await operations.consume(toRmqEvent({ body: 'hello' }));
    await operations.deliver();
    operations.queue.put('test-dlq', {
      messageId: 'm-9',
      type: 'OrderCreated',
      correlationId: undefined,
      headers: {
        'x-death': [{ reason: 'expired', count: 1, queue: 'test.0', time: { '!': 'timestamp', value: 1_795_427_940 } }],
      },
      body: Buffer.from('{"stream":"order-1","revision":"0"}'),
    });
    const { letters } = await listDeadLetters(operations.deps);
    expect(letters).toMatchObject([
      { reason: 'expired', cause: 'expired message', lastFailedAt: '2026-11-23T09:59:00.000Z' },
      { reason: 'malformed', cause: 'malformed message', error: 'the body is not JSON in UTF-8' },
    ]);
  });

  test('is grouped by cause, the most frequent first, and selected by it', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    await operations.block('order-2', () => new Error('order 2 is odd'));
    await operations.block('order-3', () => new Error('order 3 is odd'));
    const { letters } = await listDeadLetters(operations.deps);
    expect(countCauses(letters)).toEqual([
      {
        consumer: 'test',
        cause: 'defect on Happened: order … is odd',
        count: 2,
        firstFailedAt: '2026-11-23T10:00:01.000Z',
        lastFailedAt: '2026-11-23T10:00:02.000Z',
      },
      expect.objectContaining({ cause: 'payments/refused on Happened', count: 1 }),
    ]);
    const selected = await listDeadLetters(operations.deps, { cause: 'defect on Happened: order … is odd' });
    expect(selected.letters.map(({ id }) => id)).toEqual(['test/order-2@1', 'test/order-3@1']);
    expect((await listDeadLetters(operations.deps, { consumer: 'another' })).letters).toEqual([]);
  });

  test('looks into the queue only where a message without a stream may be meant, and reads only the row that is', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    await operations.consume(toRmqEvent({ body: 'hello' }));
    await operations.deliver();
    const { letters } = await listDeadLetters(operations.deps);
    const [stream, message] = letters.map(({ id, cause }) => ({ id, cause }));
    const asked: string[] = [];
    const deps = {
      tables: {
        test: {
          ...operations.cursors,
          readBlocked: async (limit: number) => {
            asked.push('every row');
            return operations.cursors.readBlocked(limit);
          },
        },
      },
      queue: {
        look: async (...args: Parameters<typeof operations.queue.look>) => {
          asked.push('queue');
          return operations.queue.look(...args);
        },
      },
    };
    const list = async (selection: Selection) => {
      asked.splice(0);
      return [(await listDeadLetters(deps, selection)).letters.map(({ id }) => id), asked.toSorted()];
    };
    expect(await list({ id: stream?.id })).toEqual([[stream?.id], []]);
    expect(await list({ cause: stream?.cause })).toEqual([[stream?.id], ['every row']]);
    expect(await list({ id: message?.id })).toEqual([[message?.id], ['queue']]);
    expect(await list({ cause: message?.cause })).toEqual([[message?.id], ['every row', 'queue']]);
    expect(await list({})).toEqual([
      [stream?.id, message?.id],
      ['every row', 'queue'],
    ]);
    for (const id of ['test/order-1@2', 'test/order-9@1', 'test/', 'test/x', 'order-1@1', 'test/message/0'])
      expect((await list({ id }))[0]).toEqual([]);
  });

  test('tells of rows while the queues can’t be looked into, and says so', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    const look = async () => {
      throw new Fault('broker/unavailable', 'no answer');
    };
    const deps = { ...operations.deps, queue: { look } };
    const listing = await listDeadLetters(deps);
    expect(listing).toMatchObject({ letters: [{ id: 'test/order-1@1' }], isComplete: false });
    expect(listing.queueFault).toMatchObject({ code: 'broker/unavailable' });
    expect(await listDeadLetters(deps, { id: 'test/order-1@1' })).not.toHaveProperty('queueFault');
  });

  test('a defect is none of the queue’s faults', async () => {
    const look = async () => {
      throw new TypeError('x of undefined');
    };
    await expect(listDeadLetters({ ...makeOperations().deps, queue: { look } })).rejects.toThrow('x of undefined');
  });

  test('says where a look may not have seen all', async () => {
    const { deps, queue } = makeOperations();
    expect(await listDeadLetters(deps)).toMatchObject({ isComplete: true });
    const message = { messageId: 'm', type: 'hint', correlationId: undefined, headers: {}, body: Buffer.from('{}') };
    const look: typeof queue.look = async (_, limit, judge) =>
      void (await judge(Array.from({ length: limit }, (__, n) => ({ ...message, messageId: `m-${n}` }))));
    expect((await listDeadLetters({ ...deps, queue: { look } })).isComplete).toBe(false);
  });
});
