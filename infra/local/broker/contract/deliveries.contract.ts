import { describe, expect, test } from '@jest/globals';
import { drain, eventually, inbox, present } from './observe.ts';
import { type BrokerUnderTest, type Rig, useRig } from './rig.ts';

async function publishAll(rig: Rig, queue: string, texts: readonly string[]): Promise<void> {
  for (const text of texts) await rig.publish('', queue, text);
}

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

    test('consumers take turns', async () => {
      const queue = await rig.queue('q');
      const one = await inbox(rig.channel, queue, { noAck: true });
      const two = await inbox(rig.channel, queue, { noAck: true });
      await publishAll(rig, queue, ['1', '2', '3', '4']);
      const seen = [
        [await one.nextText(), await one.nextText()],
        [await two.nextText(), await two.nextText()],
      ];
      expect(seen.flat().sort()).toEqual(['1', '2', '3', '4']);
      expect(seen.map((texts) => texts.map(Number)).every(([a = 0, b = 0]) => b - a === 2)).toBe(true);
    });

    test('a consumer of higher priority is served first', async () => {
      const queue = await rig.queue('q');
      await rig.channel.prefetch(1);
      const low = await inbox(rig.channel, queue);
      const high = await inbox(rig.channel, queue, { priority: 10 });
      await publishAll(rig, queue, ['1', '2']);
      expect([await high.nextText(), await low.nextText()]).toEqual(['1', '2']);
    });

    test('a cancelled consumer gets no more, and what it held can still be settled', async () => {
      const queue = await rig.queue('q');
      await publishAll(rig, queue, ['1', '2']);
      await rig.channel.prefetch(1);
      const messages = await inbox(rig.channel, queue);
      const held = present(await messages.next());
      await rig.channel.cancel(messages.tag);
      rig.channel.ack(held);
      expect(await drain(rig.channel, queue)).toEqual(['2']);
      expect(messages.waiting).toBe(0);
    });

    test('consumers are told when their queue is deleted', async () => {
      const queue = await rig.queue('q');
      const messages = await inbox(rig.channel, queue);
      await (await rig.stranger()).deleteQueue(queue);
      expect(await messages.next()).toBeNull();
    });

    test.each(['classic', 'quorum'])('of a %s queue with a single active consumer, one is served', async (type) => {
      const args = { 'x-queue-type': type, 'x-single-active-consumer': true };
      const queue = await rig.queue('q', { arguments: args });
      const active = await inbox(rig.channel, queue);
      const other = await rig.stranger();
      const standby = await inbox(other, queue);
      await publishAll(rig, queue, ['1', '2']);
      const held = [present(await active.next()), present(await active.next())];
      expect(standby.waiting).toBe(0);
      for (const message of held) rig.channel.ack(message);
      await rig.channel.cancel(active.tag);
      await publishAll(rig, queue, ['3']);
      expect(await standby.nextText()).toBe('3');
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
