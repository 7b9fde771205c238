import { describe, expect, test } from '@jest/globals';
import { drain, inbox, present, refusal } from './observe.ts';
import { type BrokerUnderTest, publishAll, useRig } from './rig.ts';

export function describeConsumers(broker: BrokerUnderTest): void {
  describe('consumers', () => {
    const rig = useRig(broker);

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

    test('nobody gets from a quorum queue with a single active consumer but that one', async () => {
      const args = { 'x-queue-type': 'quorum', 'x-single-active-consumer': true };
      const queue = await rig.queue('q', { arguments: args });
      expect(await refusal(rig, (it) => it.get(queue))).toBe(
        `405 RESOURCE_LOCKED - cannot obtain access to locked queue '${queue}' in vhost '/'. basic.get operations are not supported by quorum queues with single active consumer`,
      );
    });
  });
}
