import { describe, expect, test } from '@jest/globals';
import { drain, inbox, present } from './observe.ts';
import { type BrokerUnderTest, useRig } from './rig.ts';

/** Binding key, and the routing keys that it fits and doesn't. */
const topics = [
  ['a.b', ['a.b'], ['a', 'a.b.c', 'b.a', '']],
  ['a.*', ['a.b', 'a.'], ['a', 'a.b.c', 'b.a']],
  ['*.a', ['b.a', '.a'], ['a', 'a.b']],
  ['a.#', ['a', 'a.b', 'a.b.c'], ['', 'b', 'b.a']],
  ['#.a', ['a', 'b.a', 'c.b.a'], ['a.b', '']],
  ['#', ['', 'a', 'a.b.c'], []],
  ['*', ['a'], ['', 'a.b']],
  ['a.#.z', ['a.z', 'a.b.z', 'a.b.c.z'], ['a', 'z', 'a.b']],
  ['#.b.#', ['b', 'a.b', 'b.c', 'a.b.c', 'b.b'], ['', 'a']],
  ['*.#.*', ['a.b', 'a.b.c'], ['', 'a']],
  ['a..b', ['a..b'], ['a.b', 'a.c.b']],
  ['', [''], ['a']],
] as const;

export function describeRouting(broker: BrokerUnderTest): void {
  describe('routing', () => {
    const rig = useRig(broker);

    test('the default exchange reaches a queue by its name', async () => {
      const queue = await rig.queue('q');
      await rig.publish('', queue, 'hello');
      expect(await drain(rig.channel, queue)).toEqual(['hello']);
    });

    test.each(topics)('the topic %j fits %j and not %j', async (bindingKey, fitting, other) => {
      const exchange = await rig.exchange('x', 'topic');
      const queue = await rig.queue('q');
      await rig.channel.bindQueue(queue, exchange, bindingKey);
      for (const key of [...fitting, ...other]) await rig.publish(exchange, key, key);
      expect(await drain(rig.channel, queue)).toEqual([...fitting]);
    });

    test('a queue with two fitting bindings gets a message once', async () => {
      const exchange = await rig.exchange('x', 'topic');
      const queue = await rig.queue('q');
      await rig.channel.bindQueue(queue, exchange, 'a.*');
      await rig.channel.bindQueue(queue, exchange, '#');
      await rig.publish(exchange, 'a.b', 'once');
      expect(await drain(rig.channel, queue)).toEqual(['once']);
    });

    test('direct compares the whole key, and an unbound queue gets no more', async () => {
      const exchange = await rig.exchange('x', 'direct');
      const queue = await rig.queue('q');
      await rig.channel.bindQueue(queue, exchange, 'a');
      await rig.channel.bindQueue(queue, exchange, 'b');
      for (const key of ['a', 'b', 'c', 'a.b']) await rig.publish(exchange, key, key);
      await rig.channel.unbindQueue(queue, exchange, 'a');
      await rig.publish(exchange, 'a', 'late');
      expect(await drain(rig.channel, queue)).toEqual(['a', 'b']);
    });

    test('fanout reaches every bound queue', async () => {
      const exchange = await rig.exchange('x', 'fanout');
      const [one, two] = [await rig.queue('one'), await rig.queue('two')];
      for (const queue of [one, two]) await rig.channel.bindQueue(queue, exchange, 'ignored');
      await rig.publish(exchange, 'any', 'to all');
      expect([await drain(rig.channel, one), await drain(rig.channel, two)]).toEqual([['to all'], ['to all']]);
    });

    test.each([
      [{ 'x-match': 'all', a: 1, b: 'x' }, ['both']],
      [{ a: 1, b: 'x' }, ['both']],
      [{ 'x-match': 'any', a: 1, b: 'x' }, ['both', 'one']],
      [{ 'x-match': 'any', a: 2 }, []],
      [{ 'x-match': 'all', 'x-other': 1, a: 1 }, ['both', 'one']],
      [{ 'x-match': 'all-with-x', 'x-other': 1, a: 1 }, []],
    ])('headers %j fit %j', async (args, expected) => {
      const exchange = await rig.exchange('x', 'headers');
      const queue = await rig.queue('q');
      await rig.channel.bindQueue(queue, exchange, '', args);
      await rig.publish(exchange, '', 'both', { headers: { a: 1, b: 'x', c: true } });
      await rig.publish(exchange, '', 'one', { headers: { a: 1 } });
      await rig.publish(exchange, '', 'none', { headers: {} });
      expect(await drain(rig.channel, queue)).toEqual(expected);
    });

    test('what fits nothing goes to the alternate exchange, and only that', async () => {
      const alternate = await rig.exchange('ae', 'fanout');
      const exchange = await rig.exchange('x', 'topic', { alternateExchange: alternate });
      const [bound, caught] = [await rig.queue('bound'), await rig.queue('caught')];
      await rig.channel.bindQueue(bound, exchange, 'known.*');
      await rig.channel.bindQueue(caught, alternate, '');
      await rig.publish(exchange, 'known.a', 'known');
      await rig.publish(exchange, 'unknown', 'unknown');
      expect(await drain(rig.channel, bound)).toEqual(['known']);
      expect(await drain(rig.channel, caught)).toEqual(['unknown']);
    });

    test('alternate exchanges in a circle end where they began', async () => {
      const [one, two] = [rig.name('one'), rig.name('two')];
      await rig.exchange('one', 'direct', { alternateExchange: two });
      await rig.exchange('two', 'direct', { alternateExchange: one });
      const queue = await rig.queue('q');
      await rig.channel.bindQueue(queue, two, 'a');
      await rig.publish(one, 'a', 'found');
      await rig.publish(one, 'b', 'lost');
      expect(await drain(rig.channel, queue)).toEqual(['found']);
    });

    test('exchanges bound to each other pass messages on, each queue once, even in a circle', async () => {
      const [from, to] = [await rig.exchange('from', 'topic'), await rig.exchange('to', 'fanout')];
      const queue = await rig.queue('q');
      await rig.channel.bindExchange(to, from, 'a.#');
      await rig.channel.bindExchange(from, to, '');
      await rig.channel.bindQueue(queue, to, '');
      await rig.channel.bindQueue(queue, from, '#');
      await rig.publish(from, 'a', 'passed');
      await rig.channel.unbindExchange(to, from, 'a.#');
      await rig.publish(from, 'a', 'direct');
      expect(await drain(rig.channel, queue)).toEqual(['passed', 'direct']);
    });

    test('CC and BCC add routing keys, and only CC can be seen', async () => {
      const [to, cc, bcc] = [await rig.queue('to'), await rig.queue('cc'), await rig.queue('bcc')];
      await rig.publish('', to, 'copied', { CC: [cc], BCC: [bcc], headers: { kept: 1 } });
      for (const queue of [to, cc, bcc]) {
        const message = await rig.channel.get(queue, { noAck: true });
        expect(present(message).properties.headers).toEqual({ kept: 1, CC: [cc] });
      }
    });

    test('an auto-delete exchange goes with its last binding', async () => {
      const exchange = await rig.exchange('x', 'direct', { autoDelete: true });
      const queue = await rig.queue('q');
      await rig.channel.bindQueue(queue, exchange, 'a');
      await rig.channel.deleteQueue(queue);
      const stranger = await rig.stranger();
      await expect(stranger.checkExchange(exchange)).rejects.toThrow('404');
    });

    test('the exchanges every broker has are there', async () => {
      const names = ['amq.direct', 'amq.fanout', 'amq.topic', 'amq.headers', 'amq.match'];
      for (const name of names) await rig.channel.checkExchange(name);
      const queue = await rig.queue('q');
      await rig.channel.bindQueue(queue, 'amq.topic', rig.name('#'));
      const messages = await inbox(rig.channel, queue, { noAck: true });
      await rig.publish('amq.topic', rig.name('a'), 'through amq.topic');
      expect(await messages.nextText()).toBe('through amq.topic');
    });
  });
}
