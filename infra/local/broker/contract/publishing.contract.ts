import { describe, expect, test } from '@jest/globals';
import { present } from './observe.ts';
import { type BrokerUnderTest, useRig } from './rig.ts';

/** A header of every type that amqplib can write. */
const headers = {
  text: 'ü€',
  empty: '',
  yes: true,
  no: false,
  byte: -5,
  short: 30_000,
  int: -2_000_000_000,
  long: { '!': 'long', value: 5_000_000_000 },
  double: 0.1,
  float: { '!': 'float', value: 0.5 },
  nothing: null,
  bytes: Buffer.from([0, 255, 1]),
  time: { '!': 'timestamp', value: 1_700_000_000 },
  decimal: { '!': 'decimal', value: { digits: 12_345, places: 2 } },
  list: ['a', 1, [true, { deep: [] }]],
  table: { a: { b: { c: 'd' } } },
};

const properties = {
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  deliveryMode: 2,
  priority: 4,
  correlationId: 'correlation',
  replyTo: 'somewhere',
  expiration: '60000',
  messageId: 'm-1',
  timestamp: 1_700_000_000,
  type: 'OrderPlaced',
  userId: 'guest',
  appId: 'waybill',
};

export function describePublishing(broker: BrokerUnderTest): void {
  describe('publishing', () => {
    const rig = useRig(broker);

    test('every property and header type comes out as it went in', async () => {
      const queue = await rig.queue('q');
      await rig.publish('', queue, 'all', { ...properties, headers });
      const message = present(await rig.channel.get(queue, { noAck: true }));
      const { long, float, ...plain } = headers;
      expect(message.properties).toMatchObject(properties);
      expect(message.properties.headers).toEqual({ ...plain, long: long.value, float: float.value });
    });

    test('a message without properties has none', async () => {
      const queue = await rig.queue('q');
      await rig.publish('', queue, 'bare');
      const message = present(await rig.channel.get(queue, { noAck: true }));
      expect(Object.values({ ...message.properties, headers: undefined }).every((it) => it === undefined)).toBe(true);
    });

    test.each([0, 1, 4096, 131_063, 131_064, 131_065, 1_000_000])(
      'a body of %i bytes comes out whole',
      async (size) => {
        const queue = await rig.queue('q');
        const body = Buffer.alloc(size, 'waybill');
        await new Promise((resolve) => rig.channel.sendToQueue(queue, body, {}, resolve));
        const message = present(await rig.channel.get(queue, { noAck: true }));
        expect(message.content.equals(body)).toBe(true);
      },
    );

    test('every publish of a window is confirmed', async () => {
      const queue = await rig.queue('q');
      const window = Array.from({ length: 500 }, (_, index) => rig.publish('', queue, String(index)));
      await Promise.all(window);
      expect(await rig.channel.checkQueue(queue)).toMatchObject({ messageCount: 500 });
    });

    test('what is mandatory and reaches no queue comes back before it is confirmed', async () => {
      const exchange = await rig.exchange('x', 'topic');
      const seen: unknown[] = [];
      rig.channel.on('return', ({ fields, content, properties }) => {
        const { replyCode, replyText, routingKey } = fields as unknown as Record<string, unknown>;
        seen.push([replyCode, replyText, fields.exchange, routingKey, content.toString(), properties.messageId]);
      });
      await rig.publish(exchange, 'nobody', 'back', { mandatory: true, messageId: 'm-1' });
      seen.push('confirmed');
      await rig.publish(exchange, 'nobody', 'dropped');
      expect(seen).toEqual([[312, 'NO_ROUTE', exchange, 'nobody', 'back', 'm-1'], 'confirmed']);
    });

    test('an alternate exchange without queues does not save a mandatory message, one with a queue does', async () => {
      const alternate = await rig.exchange('ae', 'fanout');
      const exchange = await rig.exchange('x', 'topic', { alternateExchange: alternate });
      const returned: string[] = [];
      rig.channel.on('return', ({ content }) => returned.push(content.toString()));
      await rig.publish(exchange, 'a', 'lost', { mandatory: true });
      await rig.channel.bindQueue(await rig.queue('q'), alternate, '');
      await rig.publish(exchange, 'a', 'caught', { mandatory: true });
      expect(returned).toEqual(['lost']);
    });

    test('publishes before a missing exchange are taken, those after it are not', async () => {
      const queue = await rig.queue('q');
      const other = await rig.stranger();
      const { promise, resolve } = Promise.withResolvers<Error>();
      other.on('error', resolve);
      other.sendToQueue(queue, Buffer.from('before'));
      other.publish(rig.name('missing'), '', Buffer.from('x'));
      other.sendToQueue(queue, Buffer.from('after'));
      expect((await promise).message).toContain(`NOT_FOUND - no exchange '${rig.name('missing')}' in vhost '/'`);
      expect(await rig.channel.checkQueue(queue)).toMatchObject({ messageCount: 1 });
    });

    test('a reply reaches the channel that asked, with no queue between', async () => {
      const queue = await rig.queue('q');
      const asker = await rig.stranger();
      const { promise: reply, resolve } = Promise.withResolvers<string>();
      const replyTo = 'amq.rabbitmq.reply-to';
      await asker.consume(replyTo, (message) => resolve(present(message).content.toString()), { noAck: true });
      asker.sendToQueue(queue, Buffer.from('question'), { replyTo });
      const question = await new Promise<string>((asked) => {
        void rig.channel.consume(queue, (message) => asked(present(message).properties.replyTo), { noAck: true });
      });
      expect(question).toMatch(/^amq\.rabbitmq\.reply-to\../);
      await rig.publish('', question, 'answer');
      expect(await reply).toBe('answer');
    });
  });
}
