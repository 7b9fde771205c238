import { afterEach, expect, test } from '@jest/globals';
import EventSourcePlugin from './plugin.ts';

const send = process.send;
afterEach(() => {
  if (send) process.send = send;
  else delete process.send;
  delete process.env['FUNCTIONS_LOCATION'];
});

const events: Record<string, readonly { rabbitmq?: { queue: string; enabled?: boolean } }[]> = {
  placeOrder: [{}],
  projectOrder: [{ rabbitmq: { queue: 'order-view.0' } }, { rabbitmq: { queue: 'order-view.1' } }],
  projectStock: [{ rabbitmq: { queue: 'stock-view.0', enabled: false } }],
};
const serverless = {
  service: {
    getAllFunctions: () => Object.keys(events),
    getFunction: (key: string) => ({ name: `waybill-local-${key}` }),
    getAllEventsInFunction: (key: string) => events[key] ?? [],
  },
};

test('tells the parent process every queue and the function it feeds', () => {
  const sent: unknown[] = [];
  process.send = (message: unknown) => sent.push(message) > 0;

  new EventSourcePlugin(serverless).hooks['after:offline:start:init']?.();

  expect(sent).toEqual([
    {
      mappings: [
        { functionName: 'waybill-local-projectOrder', queue: 'order-view.0', batchSize: 100, windowMs: 500 },
        { functionName: 'waybill-local-projectOrder', queue: 'order-view.1', batchSize: 100, windowMs: 500 },
      ],
    },
  ]);
});

test('serves the bundles that the parent process has made, and has none made', () => {
  const offline: { location?: string } = {};
  const placeOrder: { name: string; skipEsbuild?: boolean } = { name: 'waybill-local-placeOrder' };
  const service = {
    custom: { 'serverless-offline': offline },
    getAllFunctions: () => ['placeOrder'],
    getFunction: () => placeOrder,
    getAllEventsInFunction: () => [],
  };
  process.env['FUNCTIONS_LOCATION'] = '.local/functions/1';

  new EventSourcePlugin({ service }).hooks['before:offline:start:init']?.();

  expect(offline.location).toBe('.local/functions/1');
  expect(placeOrder.skipEsbuild).toBe(true);
});
