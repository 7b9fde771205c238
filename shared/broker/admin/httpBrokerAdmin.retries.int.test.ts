import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import { wantedWith } from '../../testing/appliedBroker.ts';
import { declareTopology } from '../topology.ts';
import { createHttpBrokerAdmin } from './httpBrokerAdmin.ts';
import { createHttpManagement } from './httpManagement.ts';
import { diffTopology, reconcileTopology } from './reconcileTopology.ts';

/** A RabbitMQ whose management interface is on, both with an administrator's rights. */
const [amqpUrl = '', apiUrl = ''] = [process.env['RABBITMQ_TEST_URL'], process.env['RABBITMQ_API_TEST_URL']];
const isThere = amqpUrl !== '' && apiUrl !== '';

(isThere ? describe : describe.skip)('RabbitMQ: retry queues with another delay', () => {
  const name = `admin-retries-${randomUUID()}`;
  const told = { deleteWithMessages: [] };
  const url = new URL(isThere ? amqpUrl : 'amqp://127.0.0.1');
  url.pathname = name;
  const admin = createHttpBrokerAdmin(url.href, isThere ? apiUrl : 'http://127.0.0.1', { countsMs: 6_000 });
  const wanted = wantedWith(1);
  const [other, retired] = ['payments.retry.800', 'payments.retry.300'] as const;
  const argumentsThere = async (queue: string) =>
    (await admin.readState()).queues.find((it) => it.name === queue)?.arguments;
  afterAll(async () => {
    const { call } = createHttpManagement(url.href, apiUrl);
    await call('DELETE', `vhosts/${name}`);
    for (const { username } of Object.values(wanted.credentials)) await call('DELETE', `users/${username}`);
  });

  test('are kept while what has expired in them has found no queue, which only looks as if they were empty', async () => {
    await reconcileTopology(admin, wanted, told);
    const args = declareTopology(wanted.consumers).queues.find((queue) => queue.name === other)?.arguments;
    await admin.apply({ kind: 'delete-queue', queue: other });
    for (const queue of [other, retired]) {
      await admin.apply({
        kind: 'declare-queue',
        queue: { name: queue, arguments: { ...args, 'x-message-ttl': 300 } },
      });
    }
    expect((await diffTopology(admin, wanted, told)).lines).toEqual([
      `+ binding retries --payments.800.*--> ${other}`,
      `- queue ${retired}: empty`,
      `~ queue ${other}: empty, declared anew`,
    ]);

    const model = await connect(url.href);
    const channel = await model.createConfirmChannel();
    for (const queue of [other, retired]) {
      // With its name for a routing key, which no queue takes when it is due.
      for (let n = 0; n < 5; n += 1) channel.publish('', queue, Buffer.from('{}'), { persistent: true });
    }
    await channel.waitForConfirms();
    await model.close();
    const counts = async () => Object.fromEntries(await admin.countAll([other, retired], 'now'));
    while ((await admin.readDepth(other))?.messages !== 0 || (await admin.readDepth(retired))?.messages !== 0);
    expect(await counts()).toEqual({ [other]: 5, [retired]: 5 });

    const { notes, drift } = await reconcileTopology(admin, wanted, told);
    expect(notes.toSorted()).toEqual([
      expect.stringMatching(/^queue 'payments.retry.300' is retired, and 5 messages are on their way from it/),
      expect.stringMatching(/^queue 'payments.retry.800' .*\(0 messages, 0 readers, and 5 messages are on their way/),
    ]);
    expect(drift).toBe(1);
    expect(await argumentsThere(retired)).toBeDefined();
  }, 60_000);

  test('go when they are empty', async () => {
    for (const queue of [other, retired]) await admin.apply({ kind: 'delete-queue', queue });
    for (const queue of [other, retired]) {
      await admin.apply({ kind: 'declare-queue', queue: { name: queue, arguments: { 'x-queue-type': 'quorum' } } });
    }
    expect((await reconcileTopology(admin, wanted, told)).drift).toBe(0);
    expect(await argumentsThere(retired)).toBeUndefined();
    expect(await diffTopology(admin, wanted, told)).toMatchObject({ lines: [], drift: 0 });
  }, 60_000);
});
