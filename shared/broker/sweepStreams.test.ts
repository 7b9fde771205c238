import { describe, expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import { messages, silence } from '../testing/consumerRig.ts';
import { makeOperations } from '../testing/deadLetterRig.ts';
import { listDeadLetters } from './listDeadLetters.ts';
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
          during = (await listDeadLetters(deps)).map(({ reason }) => reason);
          return cursors.load(streams);
        },
      },
    };
    expect(await sweepStreams({ ...deps, tables })).toMatchObject([{ tidied: 0 }]);
    expect(during.toSorted()).toEqual(['blocked', 'malformed']);
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
