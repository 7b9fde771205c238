import { describe, expect, test } from '@jest/globals';
import { drain, eventually, inbox, refusal } from './observe.ts';
import { type BrokerUnderTest, useRig } from './rig.ts';

export function describeQueues(broker: BrokerUnderTest): void {
  describe('queues', () => {
    const rig = useRig(broker);

    test('a declaration tells how many wait and how many consume', async () => {
      const queue = await rig.queue('q');
      await rig.publish('', queue, '1');
      expect(await rig.channel.assertQueue(queue)).toEqual({ queue, messageCount: 1, consumerCount: 0 });
      await inbox(rig.channel, queue);
      expect(await rig.channel.checkQueue(queue)).toEqual({ queue, messageCount: 0, consumerCount: 1 });
    });

    test('a nameless queue gets a name, and is meant by an empty one from then on', async () => {
      const { queue } = await rig.channel.assertQueue('', { exclusive: true });
      expect(queue).toMatch(/^amq\.gen-[\w-]{22}$/);
      const { consumerTag } = await rig.channel.consume('', () => {}, { noAck: true });
      expect(consumerTag).toMatch(/^amq\.ctag-[\w-]{22}$/);
      expect(await rig.channel.checkQueue(queue)).toMatchObject({ consumerCount: 1 });
    });

    test('an exclusive queue goes with its connection', async () => {
      const name = rig.name('exclusive');
      const connection = await rig.connect();
      await (await connection.createChannel()).assertQueue(name, { exclusive: true });
      await connection.close();
      const isGone = async (): Promise<boolean> =>
        (await refusal(rig, (channel) => channel.checkQueue(name))).startsWith('404');
      expect(await eventually(isGone)).toBe(true);
    });

    test('an auto-delete queue goes with its last consumer, not before its first', async () => {
      const queue = await rig.queue('q', { autoDelete: true });
      await rig.channel.checkQueue(queue);
      const [one, two] = [await inbox(rig.channel, queue), await inbox(rig.channel, queue)];
      await rig.channel.cancel(one.tag);
      await rig.channel.checkQueue(queue);
      await rig.channel.cancel(two.tag);
      expect(await refusal(rig, (channel) => channel.checkQueue(queue))).toMatch(/^404/);
    });

    test('a queue that nobody uses for its x-expires goes', async () => {
      const queue = await rig.queue('q', { expires: 30 });
      const isGone = async (): Promise<boolean> => {
        const text = await refusal(rig, (channel) => channel.bindQueue(queue, 'amq.topic', rig.name('none')));
        return text.startsWith('404 NOT_FOUND - no queue');
      };
      expect(await eventually(isGone)).toBe(true);
    });

    test('a message with no time to live goes only to whoever waits for it', async () => {
      const queue = await rig.queue('q', { messageTtl: 0 });
      await rig.publish('', queue, 'nobody waits');
      expect(await drain(rig.channel, queue)).toEqual([]);
      const messages = await inbox(rig.channel, queue, { noAck: true });
      await rig.publish('', queue, 'somebody waits');
      expect(await messages.nextText()).toBe('somebody waits');
    });

    test('deleting tells how many went; what is not there is deleted already', async () => {
      const queue = await rig.queue('q');
      await rig.publish('', queue, '1');
      expect(await rig.channel.deleteQueue(queue)).toEqual({ messageCount: 1 });
      expect(await rig.channel.deleteQueue(queue)).toEqual({ messageCount: 0 });
      await rig.channel.deleteExchange(rig.name('missing'));
      await rig.channel.unbindQueue(queue, 'amq.topic', 'a');
    });

    test('a channel error ends the channel alone, and gives back what it held', async () => {
      const queue = await rig.queue('q');
      await rig.publish('', queue, '1');
      const connection = await rig.connect();
      const [failing, other] = [await connection.createChannel(), await connection.createChannel()];
      const { promise: failed, resolve } = Promise.withResolvers<Error>();
      failing.on('error', resolve);
      await failing.get(queue);
      failing.ack({ fields: { deliveryTag: 99 } } as never);
      expect((await failed).message).toContain('unknown delivery tag 99');
      expect(await eventually(async () => (await other.checkQueue(queue)).messageCount === 1)).toBe(true);
    });
  });
}
