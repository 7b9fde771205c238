import { describe, expect, test } from '@jest/globals';
import { drain, eventually, inbox, present } from './observe.ts';
import { type BrokerUnderTest, publishAll, useRig } from './rig.ts';

export function describeDeliveries(broker: BrokerUnderTest): void {
  describe('deliveries', () => {
    const rig = useRig(broker);

    test('messages come in order, tagged from 1, first not redelivered', async () => {
      const queue = await rig.queue('q');
      await publishAll(rig, queue, ['1', '2', '3']);
      const messages = await inbox(rig.channel, queue, { consumerTag: 'mine' });
      const fields = [];
      for (const _ of [1, 2, 3]) fields.push(present(await messages.next()).fields);
      expect(fields).toEqual(
        [1, 2, 3].map((deliveryTag) => ({
          consumerTag: 'mine',
          deliveryTag,
          redelivered: false,
          exchange: '',
          routingKey: queue,
        })),
      );
    });

    test('prefetch bounds what a consumer holds, and each ack lets one more through', async () => {
      const queue = await rig.queue('q');
      await publishAll(rig, queue, ['1', '2', '3', '4']);
      await rig.channel.prefetch(2);
      const messages = await inbox(rig.channel, queue);
      const first = present(await messages.next());
      await messages.next();
      expect(await rig.channel.checkQueue(queue)).toMatchObject({ messageCount: 2 });
      rig.channel.ack(first);
      expect(await messages.nextText()).toBe('3');
      expect(await rig.channel.checkQueue(queue)).toMatchObject({ messageCount: 1 });
      expect(messages.waiting).toBe(0);
    });

    test('a prefetch holds for consumers to come, not for those there are', async () => {
      const queue = await rig.queue('q');
      const messages = await inbox(rig.channel, queue);
      await rig.channel.prefetch(1);
      await publishAll(rig, queue, ['1', '2']);
      expect([await messages.nextText(), await messages.nextText()]).toEqual(['1', '2']);
    });

    test('a global prefetch is shared by the consumers of a channel', async () => {
      const [one, two] = [await rig.queue('one'), await rig.queue('two')];
      await publishAll(rig, one, ['1', '2']);
      await publishAll(rig, two, ['3', '4']);
      await rig.channel.prefetch(3, true);
      await inbox(rig.channel, one);
      await inbox(rig.channel, two);
      const left = async (): Promise<number> =>
        (await rig.channel.checkQueue(one)).messageCount + (await rig.channel.checkQueue(two)).messageCount;
      expect(await eventually(async () => (await left()) === 1)).toBe(true);
      rig.channel.ackAll();
      expect(await eventually(async () => (await left()) === 0)).toBe(true);
    });

    test('several acks in one settle everything up to the tag', async () => {
      const queue = await rig.queue('q');
      await publishAll(rig, queue, ['1', '2', '3']);
      const messages = await inbox(rig.channel, queue);
      await messages.next();
      rig.channel.ack(present(await messages.next()), true);
      await messages.next();
      await rig.channel.close();
      const other = await rig.stranger();
      expect(await eventually(async () => (await other.checkQueue(queue)).messageCount === 1)).toBe(true);
      expect(await drain(other, queue)).toEqual(['3']);
    });

    test('what is requeued takes its old place, and is marked', async () => {
      const queue = await rig.queue('q');
      await publishAll(rig, queue, ['1', '2', '3', '4']);
      const [first, , third] = [
        present(await rig.channel.get(queue)),
        present(await rig.channel.get(queue)),
        present(await rig.channel.get(queue)),
      ];
      rig.channel.nack(third, false, true);
      rig.channel.reject(first, true);
      const seen = [];
      for (const _ of [1, 2, 3]) {
        const message = present(await rig.channel.get(queue, { noAck: true }));
        seen.push([message.content.toString(), message.fields.redelivered]);
      }
      expect(seen).toEqual([
        ['1', true],
        ['3', true],
        ['4', false],
      ]);
    });

    test('a quorum queue with a delivery limit hands out first what came back, in the order it came', async () => {
      const queue = await rig.queue('q', { arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 9 } });
      await publishAll(rig, queue, ['1', '2', '3', '4']);
      const other = await rig.stranger();
      const held = [await other.get(queue), await other.get(queue), await other.get(queue)].map(present);
      for (const index of [2, 0]) other.nack(present(held[index] ?? null), false, true);
      await other.checkQueue(queue);
      expect(await drain(rig.channel, queue)).toEqual(['3', '1', '4']);
    });

    test('a connection that ends gives back what it held, in order', async () => {
      const queue = await rig.queue('q', { arguments: { 'x-queue-type': 'quorum' } });
      await publishAll(rig, queue, ['1', '2', '3']);
      const connection = await rig.connect();
      const held = await inbox(await connection.createChannel(), queue);
      for (const _ of [1, 2, 3]) await held.next();
      const messages = await inbox(rig.channel, queue);
      await connection.close();
      const seen = [];
      for (const _ of [1, 2, 3]) {
        const message = present(await messages.next());
        seen.push([message.content.toString(), message.fields.redelivered]);
      }
      expect(seen).toEqual([
        ['1', true],
        ['2', true],
        ['3', true],
      ]);
    });

    test('recover hands the same messages out again', async () => {
      const queue = await rig.queue('q');
      await publishAll(rig, queue, ['1', '2']);
      const messages = await inbox(rig.channel, queue);
      await messages.next();
      await messages.next();
      await rig.channel.recover();
      expect([await messages.nextText(), await messages.nextText()]).toEqual(['1', '2']);
    });

    test('a priority queue gives out the highest first', async () => {
      const queue = await rig.queue('q', { maxPriority: 5 });
      const priorities = [undefined, 1, 5, 9, 0, 5];
      for (const [index, priority] of priorities.entries()) {
        await rig.publish('', queue, String(index), priority === undefined ? {} : { priority });
      }
      expect(await drain(rig.channel, queue)).toEqual(['2', '3', '5', '1', '0', '4']);
    });

    test('a get tells how many are left, or that there is none', async () => {
      const queue = await rig.queue('q');
      await publishAll(rig, queue, ['1', '2']);
      expect(present(await rig.channel.get(queue)).fields).toMatchObject({ messageCount: 1, routingKey: queue });
      await rig.channel.get(queue, { noAck: true });
      expect(await rig.channel.get(queue)).toBe(false);
    });
  });
}
