import { expect, test } from '@jest/globals';
import { toMapping } from './mapping.ts';

test("takes Lambda's own defaults where serverless.yml says nothing", () => {
  expect(toMapping('waybill-local-projectOrder', { queue: 'order-view.0' })).toEqual({
    functionName: 'waybill-local-projectOrder',
    queue: 'order-view.0',
    batchSize: 100,
    windowMs: 500,
  });
});

test('takes what serverless.yml says, the window in seconds', () => {
  const event = { queue: 'q', virtualHost: 'app', batchSize: 10, maximumBatchingWindow: 2 };

  expect(toMapping('f', event)).toEqual({
    functionName: 'f',
    queue: 'q',
    virtualHost: 'app',
    batchSize: 10,
    windowMs: 2_000,
  });
});

test('a window of 0 is not passed on by the framework, so it is the default here too', () => {
  expect(toMapping('f', { queue: 'q', maximumBatchingWindow: 0 })?.windowMs).toBe(500);
});

test('an event that is switched off maps nothing', () => {
  expect(toMapping('f', { queue: 'q', enabled: false })).toBeUndefined();
});
