import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Alarm, MemoryWatch } from '../alarm.ts';
import { Deque } from './deque.ts';
import { Message } from './message.ts';
import type { QueuedMessage } from './queuedMessage.ts';
import { ReadyMessages } from './readyMessages.ts';

const memory = new MemoryWatch(Number.POSITIVE_INFINITY, new Alarm());

function queued(place: number, priority = 0): QueuedMessage {
  const message = new Message(
    { exchange: '', routingKey: 'q' },
    { properties: Buffer.alloc(2), body: Buffer.alloc(10) },
  );
  return { message, place, priority, expiresAt: Number.POSITIVE_INFINITY, deliveryCount: 0, isRedelivered: false };
}

test('what comes back takes its old place, whatever was taken and returned in between', () => {
  const step = fc.oneof(fc.constant('arrive'), fc.constant('take'), fc.nat(20));
  const property = fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
    const ready = new ReadyMessages(memory, 0);
    const model: number[] = [];
    const held: QueuedMessage[] = [];
    let place = 0;
    for (const each of steps) {
      if (each === 'arrive') {
        place += 1;
        ready.arrive(queued(place));
        model.push(place);
      } else if (each === 'take') {
        const taken = ready.take();
        expect(taken?.place).toBe(model.shift());
        if (taken) held.push(taken);
      } else if (held.length > 0) {
        const [back] = held.splice(Number(each) % held.length, 1);
        if (!back) continue;
        ready.putBack(back);
        model.push(back.place);
        model.sort((left, right) => left - right);
      }
      expect(ready.count).toBe(model.length);
      expect(ready.bodyBytes).toBe(model.length * 10);
    }
  });
  fc.assert(property, { seed: 11, numRuns: 200 });
});

test('a higher priority goes first, and one above the highest counts as the highest', () => {
  const ready = new ReadyMessages(memory, 5);
  for (const [place, priority] of [0, 5, 9, 1].entries()) ready.arrive(queued(place, priority));
  expect([ready.take(), ready.take(), ready.take(), ready.take()].map((it) => it?.place)).toEqual([1, 2, 3, 0]);
});

test('a deque keeps its order while it grows and shrinks by far', () => {
  const deque = new Deque<number>();
  for (let i = 0; i < 10_000; i += 1) deque.push(i);
  for (let i = 0; i < 9_990; i += 1) expect(deque.shift()).toBe(i);
  for (let i = 10_000; i < 10_100; i += 1) deque.push(i);
  expect(deque.length).toBe(110);
  for (let i = 9_990; i < 10_100; i += 1) expect(deque.shift()).toBe(i);
  expect(deque.shift()).toBeUndefined();
});
