import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import type { OutgoingMessage, Publisher } from './publisher.ts';

/** What every publisher promises, on a broker at `url()`; names are new for each run and taken away after it. */
export function describePublisher(name: string, url: () => string, makePublisher: () => Publisher): void {
  describe(`publisher: ${name}`, () => {
    const run = randomUUID();
    const queue = `publisher-contract-${run}`;
    let model: ChannelModel;
    let channel: Channel;
    let publisher: Publisher;

    beforeAll(async () => {
      model = await connect(url());
      channel = await model.createChannel();
      await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
      publisher = makePublisher();
    });
    afterAll(async () => {
      await publisher.close();
      await channel.deleteQueue(queue);
      await model.close();
    });

    const newMessage = (overrides: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
      exchange: '',
      routingKey: queue,
      messageId: randomUUID(),
      type: 'ThingHappened',
      correlationId: 'correlation-1',
      timestamp: new Date('2026-11-23T10:00:00.000Z'),
      headers: { stream: 'thing-1', revision: '3', schemaVersion: 2 },
      body: Buffer.from('{"n":1}'),
      ...overrides,
    });
    const take = async () => {
      const message = await channel.get(queue, { noAck: true });
      if (!message) throw new Error('the queue is empty');
      return message;
    };

    test('what it answers for is in the queue, persistent and whole', async () => {
      const message = newMessage();
      await publisher.publish(message);
      const { content, properties } = await take();
      expect(content.toString()).toBe('{"n":1}');
      expect(properties).toMatchObject({
        messageId: message.messageId,
        type: 'ThingHappened',
        correlationId: 'correlation-1',
        timestamp: Date.parse('2026-11-23T10:00:00.000Z') / 1_000,
        contentType: 'application/json',
        contentEncoding: 'utf-8',
        deliveryMode: 2,
        headers: { stream: 'thing-1', revision: '3', schemaVersion: 2 },
      });
    });

    test('messages arrive in the order of the calls, many under way at a time', async () => {
      const messages = Array.from({ length: 200 }, (_, n) => newMessage({ body: Buffer.from(String(n)) }));
      await Promise.all(messages.map((message) => publisher.publish(message)));
      for (let n = 0; n < 200; n += 1) expect((await take()).content.toString()).toBe(String(n));
    });

    test('a message that no queue takes is a fault, and its neighbours are not', async () => {
      const lost = newMessage({ routingKey: `nobody-${run}` });
      const results = await Promise.allSettled([newMessage(), lost, newMessage()].map((m) => publisher.publish(m)));
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(results[1]).toMatchObject({ reason: { code: 'broker/unroutable' } });
      await take();
      await take();
    });

    test('one message, under way several times, is a fault each time when no queue takes it', async () => {
      const lost = newMessage({ routingKey: `nobody-${run}` });
      const results = await Promise.allSettled([lost, lost, lost, newMessage()].map((m) => publisher.publish(m)));
      expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
      await take();
    });

    test('an exchange that does not exist fails what is under way, and the next message goes through', async () => {
      const wrong = newMessage({ exchange: `missing-${run}` });
      const results = await Promise.allSettled([publisher.publish(wrong), publisher.publish(newMessage())]);
      expect(results[0]).toMatchObject({ reason: { code: 'broker/unroutable', isOutage: true } });
      // Confirmed before the channel ended, or known not to be: either is true of it, but not that its own exchange is missing.
      if (results[1]?.status === 'rejected') expect(results[1].reason).toMatchObject({ code: 'broker/unavailable' });
      else await take();
      await publisher.publish(newMessage());
      await take();
    });

    test('an exchange that it may not write to is told as such', async () => {
      const internal = `internal-${run}`;
      await channel.assertExchange(internal, 'topic', { internal: true });
      const refused = publisher.publish(newMessage({ exchange: internal }));
      await expect(refused).rejects.toMatchObject({ code: 'broker/forbidden', isOutage: true });
      await channel.deleteExchange(internal);
    });

    test('tells how deep a queue is, and that one is missing', async () => {
      await Promise.all([1, 2, 3].map(() => publisher.publish(newMessage())));
      expect(await publisher.readDepth(queue)).toBe(3);
      for (let n = 0; n < 3; n += 1) await take();
      expect(await publisher.readDepth(queue)).toBe(0);
      await expect(publisher.readDepth(`missing-${run}`)).rejects.toMatchObject({ code: 'broker/unroutable' });
      await publisher.publish(newMessage());
      await take();
    });

    test('after it was closed, the next message connects again', async () => {
      await publisher.publish(newMessage());
      await publisher.close();
      await publisher.publish(newMessage());
      await take();
      await take();
    });
  });
}
