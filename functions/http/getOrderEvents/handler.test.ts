import { expect, test } from '@jest/globals';
import { route } from '../../../shared/http/route.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { orderAggregate } from '../../../shared/store/aggregates.ts';
import { handleCommand } from '../../../shared/store/handleCommand.ts';
import { createInMemoryEventStore } from '../../../shared/store/inMemoryEventStore.ts';
import { stoppedClock as clock } from '../../../shared/testing/builders.ts';
import { admitting, customer } from '../../../shared/testing/callers.ts';
import { callRoute } from '../../../shared/testing/callRoute.ts';
import { toHttpEvent } from '../../../shared/testing/lambdaEvents.ts';
import { makePersonal, recipient } from '../../../shared/testing/personal.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';

test('the audit trail: oldest first, each event with where it comes from', async () => {
  const store = createInMemoryEventStore();
  const personal = makePersonal();
  const lines = [{ sku: 'mug', name: 'Mug', quantity: 2, unitPriceMinor: 1250 }];
  const commands = [
    {
      type: 'CreateOrder',
      orderId,
      customerId: 'c-1',
      recipient: await personal.seal('c-1', recipient),
      lines,
      totalMinor: 2500,
      currency: 'EUR',
    },
    { type: 'CancelOrder' },
  ] as const;
  for (const [n, command] of commands.entries()) {
    const cause = { id: `command-${n}`, correlationId: `correlation-${n}`, actor: 'test' };
    await handleCommand({ store, clock }, orderAggregate, `order-${orderId}`, command, cause);
  }
  const routeOf = (customerId: string) =>
    route(silentLogger, admitting(customer(customerId)), parseRequest, createHandler({ store, personal }));
  const handler = routeOf('c-1');
  const { status, body } = await callRoute(handler, toHttpEvent({ path: { orderId } }));
  const { events } = body as { events: readonly Record<string, unknown>[] };
  expect(status).toBe(200);
  expect(events.map(({ type, revision }) => [type, revision])).toEqual([
    ['OrderCreated', 0],
    ['OrderCancelled', 1],
  ]);
  expect(events[0]?.['data']).toMatchObject({ customerId: 'c-1', recipient });
  expect(events[1]).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    type: 'OrderCancelled',
    revision: 1,
    data: { orderId },
    occurredAt: '2026-11-23T10:00:00.000Z',
    correlationId: 'correlation-1',
    causationId: 'command-1',
    actor: 'test',
  });

  await personal.erase('c-1');
  const after = await callRoute(handler, toHttpEvent({ path: { orderId } }));
  expect(after).toMatchObject({ status: 200, body: { events: [{ data: { recipient: 'erased' } }, {}] } });

  const unknown = await callRoute(handler, toHttpEvent({ path: { orderId: orderId.replace('0b', '1b') } }));
  expect(unknown).toMatchObject({ status: 404, body: { code: 'order/not-found' } });
  expect(await callRoute(routeOf('c-2'), toHttpEvent({ path: { orderId } }))).toEqual(unknown);
});
