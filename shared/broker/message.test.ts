import { expect, test } from '@jest/globals';
import type { EventId } from '../kernel/ids.ts';
import { parseBody } from './message.ts';
import { toBody } from './toBody.ts';

const stream = 'order-0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';
const event = {
  id: '5f2d1a9e-7b0c-5c3e-8a41-1d2e3f4a5b6c' as EventId,
  type: 'OrderConfirmed',
  stream,
  revision: 9_007_199_254_740_991n,
  data: { orderId: 'x', note: 'grüße' },
  metadata: {
    correlationId: 'correlation-1',
    causationId: 'cause-1',
    schemaVersion: 1,
    occurredAt: '2026-11-23T10:00:00.000Z',
    actor: 'orders',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  },
};

test('an event survives the round trip, up to the largest revision there can be', () => {
  const message = { stream, revision: event.revision, event };
  expect(parseBody(toBody(message))).toEqual(message);
});

test('a hint has no event', () => {
  const hint = { stream, revision: 3n, attempt: 2, look: 1 };
  expect(parseBody(toBody(hint))).toEqual(hint);
});

test('the body as it stands on the broker', () => {
  expect(JSON.parse(toBody({ stream, revision: 3n, event: { ...event, revision: 3n } }).toString())).toEqual({
    stream,
    revision: '3',
    event: {
      id: '5f2d1a9e-7b0c-5c3e-8a41-1d2e3f4a5b6c',
      type: 'OrderConfirmed',
      data: { orderId: 'x', note: 'grüße' },
      metadata: {
        $correlationId: 'correlation-1',
        $causationId: 'cause-1',
        schemaVersion: 1,
        occurredAt: '2026-11-23T10:00:00.000Z',
        actor: 'orders',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
    },
  });
});

test.each([
  ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe])],
  ['no JSON', Buffer.from('{')],
  ['an array', Buffer.from('[]')],
  ['a system stream', Buffer.from('{"stream":"$all","revision":"0"}')],
  ['a negative revision', Buffer.from('{"stream":"order-1","revision":"-1"}')],
  [
    'a revision beyond what a table can tell from its neighbours',
    Buffer.from('{"stream":"order-1","revision":"9007199254740992"}'),
  ],
  ['a revision as a number', Buffer.from('{"stream":"order-1","revision":1}')],
])('%s is refused', (_, bytes) => {
  expect(() => parseBody(bytes)).toThrow(expect.objectContaining({ code: 'broker/malformed-message' }));
});

test('what is wrong is said in words', () => {
  expect(() => parseBody(Buffer.from('{"stream":"order-1","revision":1}'))).toThrow(
    /^revision: Invalid input: expected string, received number$/,
  );
  expect(() => parseBody(Buffer.from('{}'))).toThrow(/^stream: missing; revision: missing$/);
});
