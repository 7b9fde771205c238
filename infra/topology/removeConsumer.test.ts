import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createHandler } from '../../functions/deploy/applyTopology/handler.ts';
import { createInMemoryBrokerAdmin } from '../../shared/broker/admin/inMemoryBrokerAdmin.ts';
import { type ConsumerTopology, consumers } from '../../shared/broker/topology.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { silentLogger } from '../../shared/observe/logger.ts';
import { parseCommandLine } from './commandLine.ts';

/** The section's commands, in their order. */
const document = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const section = document.split('\n## ').find((text) => text.startsWith('Remove a consumer\n')) ?? '';
const [diff, apply, deleteAll] = [...section.matchAll(/^ {7}npm run topology -- (.+)$/gm)].map(([, args = '']) =>
  parseCommandLine(args.split(' '), {}),
);

const greetings: ConsumerTopology = { name: 'greetings', categories: ['order'], partitions: 1, hasLateQueue: false };

describe('docs/operations.md, "Remove a consumer", followed on a broker', () => {
  const admin = createInMemoryBrokerAdmin();
  const alarm: number[] = [];
  let deployed: readonly ConsumerTopology[] = [...Object.values(consumers), greetings];
  const handler = createHandler({
    connect: async () => admin,
    readWanted: async () => ({ consumers: deployed, credentials: {}, newSalt: () => Buffer.alloc(4) }),
    answer: async () => undefined,
    clock: systemClock,
    logger: silentLogger,
    metrics: { add: (_, __, value) => void alarm.push(value), flush: () => undefined },
  });
  /** As `invoke.ts` sends it to the function. */
  const run = async (command: ReturnType<typeof parseCommandLine>) => {
    if (command?.target.kind !== 'function') throw new Error('the section has no such command');
    const { target: _, ...request } = command;
    return handler(request, { getRemainingTimeInMillis: () => 900_000 });
  };
  const queuesLeft = async () =>
    (await admin.readState()).queues.map(({ name }) => name).filter((name) => name.startsWith('greetings'));
  const boundLeft = async () => (await admin.readState()).bindings.filter(({ queue }) => queue.startsWith('greetings'));

  beforeAll(async () => {
    await handler({ action: 'apply' }, { getRemainingTimeInMillis: () => 900_000 });
    // What it had not read yet, and one that it could not read.
    admin.publish('order.OrderCreated.07');
    admin.depths.set('greetings-dlq', { messages: 1, consumers: 0 });
  });

  test('deployed without it: its queues stay and fill, and the alarm goes off', async () => {
    deployed = Object.values(consumers);
    const report = await handler({ action: 'apply' }, { getRemainingTimeInMillis: () => 900_000 });
    expect(report).toMatchObject({ lines: [], unread: [expect.stringContaining('--retired-consumer greetings')] });
    admin.publish('order.OrderCreated.08');
    expect(await admin.readDepth('greetings.0')).toMatchObject({ messages: 2 });
    expect(alarm.at(-1)).toBe(1);
  });

  test('the diff says what becomes of it', async () => {
    const report = await run(diff);
    expect(report?.lines).toContain('- binding order-events --order.*.07--> greetings.0');
    expect(report?.notes).toContainEqual(expect.stringContaining('--delete-with-messages greetings.0'));
    expect(await boundLeft()).not.toEqual([]);
  });

  test('applied: it gets nothing more, what is empty goes, what holds messages is named, and the alarm ends', async () => {
    const report = await run(apply);
    expect(report?.notes).toHaveLength(2);
    expect(await queuesLeft()).toEqual(['greetings.0', 'greetings-dlq']);
    admin.publish('order.OrderCreated.09');
    expect(await admin.readDepth('greetings.0')).toMatchObject({ messages: 2 });
    await handler({ action: 'diff' }, { getRemainingTimeInMillis: () => 900_000 });
    expect(alarm.at(-1)).toBe(0);
  });

  test('told which queues may go with their messages, nothing of it is left', async () => {
    await run(deleteAll);
    expect(await queuesLeft()).toEqual([]);
  });
});
