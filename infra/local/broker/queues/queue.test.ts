import { expect, test } from '@jest/globals';
import { Alarm, MemoryWatch } from '../alarm.ts';
import { FakeClock } from '../testing/fakeClock.ts';
import { type Field, longText, tableOf } from '../wire/fieldTable.ts';
import { encodeProperties } from '../wire/properties.ts';
import type { Consumer } from './consumer.ts';
import { Message } from './message.ts';
import { Queue } from './queue.ts';
import type { QueuedMessage } from './queuedMessage.ts';

interface Bench {
  readonly clock: FakeClock;
  readonly queue: Queue;
  readonly dead: string[];
  readonly removed: Queue[];
  publish(text: string, expiration?: string): boolean;
}

function bench(args: Readonly<Record<string, Field>> = {}, isAutoDelete = false): Bench {
  const clock = new FakeClock();
  const dead: string[] = [];
  const removed: Queue[] = [];
  const host = {
    clock,
    memory: new MemoryWatch(Number.POSITIVE_INFINITY, new Alarm()),
    deadLetter: (_queue: Queue, message: Message, reason: string) => dead.push(`${message.body} ${reason}`),
    removeQueue: (queue: Queue) => removed.push(queue),
  };
  const declaration = { name: 'q', isDurable: true, isAutoDelete, owner: undefined, args: tableOf(args) };
  const queue = new Queue(host, declaration, "queue 'q' in vhost '/'");
  const publish = (text: string, expiration?: string): boolean => {
    const properties = encodeProperties(expiration === undefined ? {} : { expiration });
    return queue.publish(new Message({ exchange: '', routingKey: 'q' }, { properties, body: Buffer.from(text) }));
  };
  return { clock, queue, dead, removed, publish };
}

class FakeConsumer implements Consumer {
  readonly tag: string;
  readonly isExclusive = false;
  readonly priority: number;
  readonly given: QueuedMessage[] = [];
  room: number;

  constructor(tag: string, room = Number.POSITIVE_INFINITY, priority = 0) {
    this.tag = tag;
    this.room = room;
    this.priority = priority;
  }

  get texts(): string[] {
    return this.given.map(({ message }) => message.body.toString());
  }

  hasRoom(): boolean {
    return this.given.length < this.room;
  }

  deliver(queued: QueuedMessage): void {
    this.given.push(queued);
  }

  cancelledByBroker(): void {}
}

const ms = (value: number): Field => ({ tag: 'I', value });

test('messages expire the moment they are due, with nobody touching the queue', () => {
  const { clock, queue, dead, publish } = bench({ 'x-message-ttl': ms(100) });
  publish('1');
  clock.advance(60);
  publish('2');
  clock.advance(39);
  expect([dead, queue.messageCount]).toEqual([[], 2]);
  clock.advance(1);
  expect(dead).toEqual(['1 expired']);
  clock.advance(60);
  expect(dead).toEqual(['1 expired', '2 expired']);
});

test('ten thousand messages with a time to live set one timer', () => {
  const { clock, dead, publish } = bench({ 'x-message-ttl': ms(100) });
  for (let i = 0; i < 10_000; i += 1) publish(String(i));
  expect(clock.timersSet).toBe(1);
  clock.advance(100);
  expect(dead).toHaveLength(10_000);
});

test('a new head with a sooner end is noticed', () => {
  const { clock, queue, dead, publish } = bench();
  publish('long', '1000');
  publish('short', '10');
  queue.get();
  clock.advance(10);
  expect(dead).toEqual(['short expired']);
});

test('a consumer without room costs nothing until it has some again', () => {
  const { queue, publish } = bench();
  const [slow, quick] = [new FakeConsumer('slow', 1), new FakeConsumer('quick')];
  queue.subscribe(slow);
  queue.subscribe(quick);
  for (const text of ['1', '2', '3', '4']) publish(text);
  expect([slow.texts, quick.texts]).toEqual([['1'], ['2', '3', '4']]);
  slow.room = 2;
  queue.wake(slow);
  for (const text of ['5', '6']) publish(text);
  expect([slow.texts.length, quick.texts.length]).toEqual([2, 4]);
});

test('what comes back goes first, to whoever has room', () => {
  const { queue, publish } = bench();
  const one = new FakeConsumer('one', 2);
  queue.subscribe(one);
  for (const text of ['1', '2', '3']) publish(text);
  const other = new FakeConsumer('other');
  queue.unsubscribe(one);
  queue.putBack([...one.given].reverse(), 'lost');
  queue.subscribe(other);
  queue.deliver();
  expect(other.texts).toEqual(['1', '2', '3']);
  expect(other.given.map(({ isRedelivered }) => isRedelivered)).toEqual([true, true, false]);
});

test('a quorum queue without limit sends what is requeued to the end, and what is lost to the front', () => {
  const { queue, publish } = bench({ 'x-queue-type': longText('quorum'), 'x-delivery-limit': ms(-1) });
  for (const text of ['1', '2', '3']) publish(text);
  const take = (): QueuedMessage[] => [queue.get(), queue.get()].flatMap((it) => it ?? []);
  queue.putBack(take(), 'requeued');
  const order = take();
  expect(order.map(({ message }) => message.body.toString())).toEqual(['3', '1']);
  queue.putBack(order, 'lost');
  expect(take().map(({ message }) => message.body.toString())).toEqual(['3', '1']);
});

test('a single active consumer is followed by the next, by priority', () => {
  const { queue, publish } = bench({ 'x-single-active-consumer': { tag: 't', value: true } });
  const [first, low, high] = [new FakeConsumer('first'), new FakeConsumer('low'), new FakeConsumer('high', 9, 5)];
  for (const consumer of [first, low, high]) queue.subscribe(consumer);
  publish('1');
  queue.unsubscribe(first);
  publish('2');
  expect([first.texts, low.texts, high.texts]).toEqual([['1'], [], ['2']]);
});

test('an unused queue with x-expires asks to go, one in use does not', () => {
  const { clock, queue, removed } = bench({ 'x-expires': ms(100) });
  const consumer = new FakeConsumer('c');
  clock.advance(90);
  queue.subscribe(consumer);
  clock.advance(500);
  expect(removed).toEqual([]);
  queue.unsubscribe(consumer);
  clock.advance(99);
  expect(removed).toEqual([]);
  clock.advance(1);
  expect(removed).toEqual([queue]);
});

test('an auto-delete queue asks to go with its last consumer', () => {
  const { queue, removed } = bench({}, true);
  const [one, two] = [new FakeConsumer('one'), new FakeConsumer('two')];
  queue.subscribe(one);
  queue.subscribe(two);
  queue.unsubscribe(one);
  expect(removed).toEqual([]);
  queue.unsubscribe(two);
  expect(removed).toEqual([queue]);
});

test('a full queue drops its oldest, or refuses the newest', () => {
  const dropping = bench({ 'x-max-length': ms(2) });
  expect(['1', '2', '3'].map((text) => dropping.publish(text))).toEqual([true, true, true]);
  expect(dropping.dead).toEqual(['1 maxlen']);
  const refusing = bench({ 'x-max-length': ms(2), 'x-overflow': longText('reject-publish') });
  expect(['1', '2', '3'].map((text) => refusing.publish(text))).toEqual([true, true, false]);
  expect(refusing.dead).toEqual([]);
});
