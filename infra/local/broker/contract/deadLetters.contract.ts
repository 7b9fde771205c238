import { describe, expect, test } from '@jest/globals';
import { arrival, drain, eventually, inbox, present, textOf } from './observe.ts';
import { type BrokerUnderTest, useRig } from './rig.ts';

const types = ['classic', 'quorum'] as const;

export function describeDeadLetters(broker: BrokerUnderTest): void {
  describe('dead letters', () => {
    const rig = useRig(broker);

    test.each(types)('a message that outlives a %s queue tells its story in x-death', async (type) => {
      const exchange = await rig.exchange('x', 'topic');
      const dead = await rig.queue('dead');
      const waiting = await rig.queue('waiting', {
        messageTtl: 20,
        deadLetterExchange: '',
        deadLetterRoutingKey: dead,
        arguments: { 'x-queue-type': type },
      });
      await rig.channel.bindQueue(waiting, exchange, 'a.#');
      const before = Math.floor(Date.now() / 1000);
      await rig.publish(exchange, 'a.b', 'late', { headers: { kept: 'yes' }, persistent: true });
      const message = await arrival(rig.channel, dead);
      const { headers } = message.properties;
      expect(message.fields).toMatchObject({ exchange: '', routingKey: dead, redelivered: false });
      expect(headers).toMatchObject({
        kept: 'yes',
        'x-first-death-reason': 'expired',
        'x-first-death-queue': waiting,
        'x-first-death-exchange': exchange,
        'x-death': [{ count: 1, reason: 'expired', queue: waiting, exchange, 'routing-keys': ['a.b'] }],
      });
      expect(headers?.['x-death']?.[0]?.time.value).toBeGreaterThanOrEqual(before);
      if (broker.majorVersion >= 4) expect(headers).toMatchObject({ 'x-last-death-reason': 'expired' });
    });

    test('its own expiration moves into x-death, so that it does not expire again', async () => {
      const dead = await rig.queue('dead');
      const waiting = await rig.queue('waiting', { deadLetterExchange: '', deadLetterRoutingKey: dead });
      await rig.publish('', waiting, 'late', { expiration: '15' });
      const { properties } = await arrival(rig.channel, dead);
      expect(properties.expiration).toBeUndefined();
      expect(properties.headers?.['x-death']).toMatchObject([{ 'original-expiration': '15' }]);
    });

    test('without a routing key of the queue, a dead letter keeps its own', async () => {
      const dead = await rig.queue('dead');
      const exchange = await rig.exchange('dlx', 'direct');
      const waiting = await rig.queue('waiting', { deadLetterExchange: exchange });
      await rig.channel.bindQueue(dead, exchange, waiting);
      await rig.publish('', waiting, 'rejected');
      rig.channel.reject(present(await rig.channel.get(waiting)), false);
      const { fields, properties } = await arrival(rig.channel, dead);
      expect(fields).toMatchObject({ exchange, routingKey: waiting });
      expect(properties.headers?.['x-death']).toMatchObject([{ reason: 'rejected', count: 1, exchange: '' }]);
    });

    test('a delayed retry comes back through a queue that holds it, and each round counts', async () => {
      const [work, retry] = [rig.name('work'), rig.name('retry')];
      const quorum = { 'x-queue-type': 'quorum' };
      const back = { deadLetterExchange: '', deadLetterRoutingKey: work };
      await rig.queue('work', { arguments: quorum, deadLetterExchange: '', deadLetterRoutingKey: retry });
      await rig.queue('retry', { arguments: quorum, messageTtl: 25, ...back });
      const messages = await inbox(rig.channel, work);
      const startedAt = Date.now();
      await rig.publish('', work, 'try me');
      for (const round of [1, 2, 3]) {
        rig.channel.nack(present(await messages.next()), false, false);
        const again = present(await messages.next());
        const deaths = again.properties.headers?.['x-death'];
        expect(deaths).toMatchObject([
          { queue: retry, reason: 'expired', count: round },
          { queue: work, reason: 'rejected', count: round },
        ]);
        rig.channel.nack(again, false, true);
      }
      expect(Date.now() - startedAt).toBeGreaterThanOrEqual(3 * 25);
      expect(textOf(await messages.next())).toBe('try me');
    });

    test('a quorum queue gives a message up at its delivery limit', async () => {
      const dead = await rig.queue('dead');
      const queue = await rig.queue('q', {
        deadLetterExchange: '',
        deadLetterRoutingKey: dead,
        arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 2 },
      });
      const messages = await inbox(rig.channel, queue);
      await rig.publish('', queue, 'poison');
      const seen: unknown[] = [];
      for (const _ of [1, 2, 3]) {
        const message = present(await messages.next());
        seen.push([message.fields.redelivered, message.properties.headers?.['x-delivery-count']]);
        rig.channel.nack(message, false, true);
      }
      expect(seen).toEqual([
        [false, undefined],
        [true, 1],
        [true, 2],
      ]);
      const { properties } = await arrival(rig.channel, dead);
      expect(properties.headers?.['x-death']).toMatchObject([{ reason: 'delivery_limit', queue, count: 1 }]);
    });

    test('a full queue drops its oldest, as dead letters', async () => {
      const dead = await rig.queue('dead');
      const queue = await rig.queue('q', { maxLength: 2, deadLetterExchange: '', deadLetterRoutingKey: dead });
      for (const text of ['1', '2', '3']) await rig.publish('', queue, text);
      const message = await arrival(rig.channel, dead);
      expect(textOf(message)).toBe('1');
      expect(message.properties.headers?.['x-death']).toMatchObject([{ reason: 'maxlen' }]);
      expect(await drain(rig.channel, queue)).toEqual(['2', '3']);
    });

    test('a limit in bytes counts bodies', async () => {
      const queue = await rig.queue('q', { arguments: { 'x-max-length-bytes': 10 } });
      for (const text of ['aaaa', 'bbbb', 'cccc']) await rig.publish('', queue, text);
      expect(await drain(rig.channel, queue)).toEqual(['bbbb', 'cccc']);
    });

    test('a full queue that rejects publishes nacks them', async () => {
      const queue = await rig.queue('q', { maxLength: 2, arguments: { 'x-overflow': 'reject-publish' } });
      await rig.publish('', queue, '1');
      await rig.publish('', queue, '2');
      await expect(rig.publish('', queue, '3')).rejects.toThrow('message nacked');
      expect(await drain(rig.channel, queue)).toEqual(['1', '2']);
      await rig.publish('', queue, '4');
    });

    test('what a full queue rejects can become a dead letter', async () => {
      const dead = await rig.queue('dead');
      const queue = await rig.queue('q', {
        maxLength: 1,
        deadLetterExchange: '',
        deadLetterRoutingKey: dead,
        arguments: { 'x-overflow': 'reject-publish-dlx' },
      });
      await rig.publish('', queue, '1');
      await expect(rig.publish('', queue, '2')).rejects.toThrow('message nacked');
      expect(textOf(await arrival(rig.channel, dead))).toBe('2');
    });

    test('a circle of queues in which nobody rejects ends after one round', async () => {
      const [one, two] = [rig.name('one'), rig.name('two')];
      await rig.queue('one', { messageTtl: 10, deadLetterExchange: '', deadLetterRoutingKey: two });
      await rig.queue('two', { messageTtl: 10, deadLetterExchange: '', deadLetterRoutingKey: one });
      await rig.publish('', one, 'round');
      const isEmpty = async (): Promise<boolean> => {
        const counts = [await rig.channel.checkQueue(one), await rig.channel.checkQueue(two)];
        return counts.every(({ messageCount }) => messageCount === 0);
      };
      expect(await eventually(isEmpty)).toBe(true);
    });

    test('a message that can go nowhere when it dies is gone', async () => {
      const queue = await rig.queue('q', { deadLetterExchange: rig.name('missing') });
      await rig.publish('', queue, 'lost');
      rig.channel.nack(present(await rig.channel.get(queue)), false, false);
      expect(await rig.channel.checkQueue(queue)).toMatchObject({ messageCount: 0 });
    });

    test('what is purged or deleted with its queue is no dead letter', async () => {
      const dead = await rig.queue('dead');
      const queue = await rig.queue('q', { deadLetterExchange: '', deadLetterRoutingKey: dead });
      await rig.publish('', queue, '1');
      await rig.publish('', queue, '2');
      expect(await rig.channel.purgeQueue(queue)).toEqual({ messageCount: 2 });
      await rig.publish('', queue, '3');
      expect(await rig.channel.deleteQueue(queue)).toEqual({ messageCount: 1 });
      expect(await rig.channel.checkQueue(dead)).toMatchObject({ messageCount: 0 });
    });

    test('a message behind one that lives longer waits for it', async () => {
      const dead = await rig.queue('dead');
      const queue = await rig.queue('q', { deadLetterExchange: '', deadLetterRoutingKey: dead });
      await rig.publish('', queue, 'long', { expiration: '60' });
      await rig.publish('', queue, 'short', { expiration: '1' });
      expect([textOf(await arrival(rig.channel, dead)), textOf(await arrival(rig.channel, dead))]).toEqual([
        'long',
        'short',
      ]);
    });
  });
}
