import { describe, expect, test } from '@jest/globals';
import { orderStream } from '../../../shared/domain/orders/index.ts';
import type { Caller } from '../../../shared/http/caller.ts';
import { route } from '../../../shared/http/route.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { orderAggregate } from '../../../shared/store/aggregates.ts';
import { handleCommand } from '../../../shared/store/handleCommand.ts';
import { createInMemoryEventStore } from '../../../shared/store/inMemoryEventStore.ts';
import { stoppedClock as clock } from '../../../shared/testing/builders.ts';
import { admitting, customer, operator } from '../../../shared/testing/callers.ts';
import { callRoute } from '../../../shared/testing/callRoute.ts';
import { toHttpEvent } from '../../../shared/testing/lambdaEvents.ts';
import { createOrder as create, orderId } from '../../../shared/testing/orders.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

function makeRoute(caller: Caller = operator) {
  const store = createInMemoryEventStore();
  const handler = route(silentLogger, admitting(caller), parseRequest, createHandler({ store, clock }));
  let causes = 0;
  return {
    cancel: (id: string, ifMatch?: string) => {
      const headers: Record<string, string> = ifMatch === undefined ? {} : { 'If-Match': ifMatch };
      return callRoute(handler, toHttpEvent({ path: { orderId: id }, headers }));
    },
    read: async () => (await Array.fromAsync(store.read(orderStream(orderId)))).map(({ type }) => type),
    do: (command: Parameters<typeof orderAggregate.decider.decide>[0]) => {
      causes += 1;
      const cause = { id: `command-${causes}`, correlationId: 'c', actor: 'test' };
      return handleCommand({ store, clock }, orderAggregate, orderStream(orderId), command, cause);
    },
  };
}

describe('POST /orders/{orderId}/cancel', () => {
  test('accepts it, and again when it is sent again', async () => {
    const { cancel, do: carryOut } = makeRoute();
    await carryOut(create);
    const accepted = { status: 202, body: { orderId, revision: 1 } };
    expect(await cancel(orderId)).toMatchObject(accepted);
    expect(await cancel(orderId)).toMatchObject(accepted);
  });

  test('refuses it when shipping has the order', async () => {
    const { cancel, do: carryOut } = makeRoute();
    await carryOut(create);
    await carryOut({ type: 'ConfirmOrder' });
    await carryOut({ type: 'ReleaseOrder' });
    expect(await cancel(orderId)).toMatchObject({
      status: 409,
      body: { status: 409, code: 'order/too-late-to-cancel', orderStatus: 'released' },
    });
  });

  test('a customer cancels their own; another’s is one that is not there, whatever the revision, and stays', async () => {
    const { cancel, do: carryOut, read } = makeRoute(customer('c-2'));
    const missing = await cancel(orderId);
    await carryOut(create);
    for (const ifMatch of [undefined, '"0"', '"7"']) expect(await cancel(orderId, ifMatch)).toEqual(missing);
    expect(await read()).toEqual(['OrderCreated']);
    const own = makeRoute(customer('c-1'));
    await own.do(create);
    expect(await own.cancel(orderId)).toMatchObject({ status: 202 });
  });

  test.each([orderId, 'not-an-id', '$all'])('an order that is not there: %s', async (id) => {
    expect(await makeRoute().cancel(id)).toMatchObject({ status: 404, body: { code: 'order/not-found' } });
  });
});

describe('with If-Match', () => {
  test.each(['"0"', '*', '"7", "0"'])('%s takes an order that is at revision 0', async (ifMatch) => {
    const { cancel, do: carryOut } = makeRoute();
    await carryOut(create);
    expect(await cancel(orderId, ifMatch)).toMatchObject({ status: 202, body: { revision: 1 } });
  });

  test.each(['"1"', 'W/"0"', '"00"', '"7", "8"'])('%s does not, and says at which it is', async (ifMatch) => {
    const { cancel, do: carryOut } = makeRoute();
    await carryOut(create);
    expect(await cancel(orderId, ifMatch)).toMatchObject({ status: 412, body: { code: 'order/changed', revision: 0 } });
    expect(await cancel(orderId)).toMatchObject({ status: 202, body: { revision: 1 } });
  });

  test('the same request again is answered as before, though the order has changed by it', async () => {
    const { cancel, do: carryOut } = makeRoute();
    await carryOut(create);
    const first = await cancel(orderId, '"0"');
    expect(await cancel(orderId, '"0"')).toEqual(first);
  });

  test('what changed in between is not cancelled unseen', async () => {
    const { cancel, do: carryOut } = makeRoute();
    await carryOut(create);
    await carryOut({ type: 'ConfirmOrder' });
    expect(await cancel(orderId, '"0"')).toMatchObject({ status: 412, body: { revision: 1 } });
  });

  test.each(['0', '"0', 'W/', ''])('%p is refused', async (ifMatch) => {
    const { cancel, do: carryOut } = makeRoute();
    await carryOut(create);
    expect(await cancel(orderId, ifMatch)).toMatchObject({ status: 400, body: { errors: [{ field: 'If-Match' }] } });
  });
});
