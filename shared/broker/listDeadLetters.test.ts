import { describe, expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import { makeOperations } from '../testing/deadLetterRig.ts';
import { toRmqEvent } from '../testing/lambdaEvents.ts';
import { countCauses, listDeadLetters } from './listDeadLetters.ts';

const refused = () => new Fault('payments/refused', 'bad request');

describe('the list of dead letters', () => {
  test('has each blocked stream once, with everything that is known of it', async () => {
    const operations = makeOperations();
    await operations.block('order-1', refused);
    await operations.block('order-2', () => new TypeError('x of undefined at line 17'));
    const [first, second] = await listDeadLetters(operations.deps);
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
    const letters = await listDeadLetters(operations.deps);
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
    const letters = await listDeadLetters(operations.deps);
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
    expect(selected.map(({ id }) => id)).toEqual(['test/order-2@1', 'test/order-3@1']);
    expect(await listDeadLetters(operations.deps, { consumer: 'another' })).toEqual([]);
  });
});
