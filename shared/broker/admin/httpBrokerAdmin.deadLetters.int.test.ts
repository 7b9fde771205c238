import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import { wantedWith } from '../../testing/appliedBroker.ts';
import { createHttpBrokerAdmin } from './httpBrokerAdmin.ts';
import { createHttpManagement } from './httpManagement.ts';
import { diffTopology, reconcileTopology } from './reconcileTopology.ts';

/** A RabbitMQ whose management interface is on, both with an administrator's rights. */
const [amqpUrl = '', apiUrl = ''] = [process.env['RABBITMQ_TEST_URL'], process.env['RABBITMQ_API_TEST_URL']];
const isThere = amqpUrl !== '' && apiUrl !== '';

(isThere ? describe : describe.skip)('RabbitMQ: a dead-letter queue with other arguments', () => {
  const name = `admin-dead-${randomUUID()}`;
  const told = { deleteWithMessages: [] };
  const url = new URL(isThere ? amqpUrl : 'amqp://127.0.0.1');
  url.pathname = name;
  afterAll(async () => {
    const { call } = createHttpManagement(url.href, apiUrl);
    await call('DELETE', `vhosts/${name}`);
    for (const { username } of Object.values(wantedWith(1).credentials)) await call('DELETE', `users/${username}`);
  });

  test('is declared anew when it is empty, and not while somebody has its messages in his hands', async () => {
    const admin = createHttpBrokerAdmin(url.href, apiUrl);
    const queue = 'order-view-dlq';
    const other = { kind: 'declare-queue', queue: { name: queue, arguments: { 'x-queue-type': 'quorum' } } } as const;
    await reconcileTopology(admin, wantedWith(1), told);
    await admin.apply({ kind: 'delete-queue', queue });
    await admin.apply(other);

    const model = await connect(url.href);
    const channel = await model.createConfirmChannel();
    channel.sendToQueue(queue, Buffer.from('{}'), { persistent: true });
    await channel.waitForConfirms();
    const held = await channel.get(queue);
    expect(await admin.readDepth(queue)).toEqual({ messages: 0, consumers: 1 });
    const { notes, drift } = await reconcileTopology(admin, wantedWith(1), told);
    expect(notes).toContainEqual(
      expect.stringMatching(/^queue 'order-view-dlq' has other arguments.*\(0 messages, 1 readers\)/),
    );
    expect(drift).toBe(1);

    if (held) channel.ack(held);
    await channel.close();
    await model.close();
    expect((await reconcileTopology(admin, wantedWith(1), told)).drift).toBe(0);
    expect(await diffTopology(admin, wantedWith(1), told)).toMatchObject({ lines: [], drift: 0 });
  }, 30_000);
});
