import { expect, test } from '@jest/globals';
import type { RestartablePart } from './restartable.ts';
import type { Stack } from './startStack.ts';
import { toWelcome } from './welcome.ts';

const done = async (): Promise<void> => {};
const part: RestartablePart = { pid: 7, kill: done, stop: done, restart: done };
const servers = {
  eventStore: part,
  broker: part,
  dynamo: part,
  payments: part,
  shipping: part,
  mail: part,
  issuer: part,
};

function welcome(started: Stack['servers'], dataDirectory?: string): string {
  const addresses = {
    eventStore: 'esdb://127.0.0.1:1?tls=false',
    broker: 'amqp://guest:guest@127.0.0.1:2',
    dynamo: 'http://127.0.0.1:3',
    payments: 'http://127.0.0.1:4',
    shipping: 'http://127.0.0.1:5',
    mail: 'http://127.0.0.1:6',
    issuer: 'http://127.0.0.1:7',
  };
  const parts = { relay: part, eventSource: part, functions: part, servers: started };
  const stack = { url: 'http://127.0.0.1:3000', addresses, tablePrefix: 'x', dataDirectory, stop: done, ...parts };
  return toWelcome(stack, '.local/waybill.log', 1);
}

test('what is in memory is named where it is not all of it', () => {
  const { eventStore: _, ...others } = servers;
  expect(welcome(servers)).toContain(
    'data             in memory, gone when this ends; npm start -- --data DIR keeps it\n',
  );
  expect(welcome(others)).toContain(
    "data             in memory, gone when this ends (tables, the payment gateway's books, the carrier's books); npm start",
  );
  expect(welcome({})).toContain('data             with the servers that were given\n');
  expect(welcome(servers, '/data')).toContain('data             /data\n');
});

test('what our own providers were asked is shown at /log; those that were given may have no such thing', () => {
  expect(welcome(servers)).toContain('carrier          http://127.0.0.1:5/log   (process 7)\n');
  const text = welcome({});
  expect(text).toContain('carrier          http://127.0.0.1:5\n');
  expect(text).toContain('payment gateway  http://127.0.0.1:4\n');
});
