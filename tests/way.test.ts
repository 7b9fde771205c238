import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createHandler as createPlaceOrder } from '../functions/http/placeOrder/handler.ts';
import { parseRequest } from '../functions/http/placeOrder/request.ts';
import { createHandler as createReceiveStock } from '../functions/http/receiveStock/handler.ts';
import { createHandler as createAdvance } from '../functions/react/advanceFulfilmentOnProgress/handler.ts';
import { createHandler as createMoveStock } from '../functions/react/moveStockOnRequest/handler.ts';
import type { Product } from '../shared/domain/catalogue/index.ts';
import { silentLogger } from '../shared/observe/logger.ts';
import { projectOrder } from '../shared/readModels/orderView.ts';
import { toMessage } from '../shared/relay/toMessage.ts';
import type { StoredEvent } from '../shared/store/eventStore.ts';
import { createInMemoryEventStore } from '../shared/store/inMemoryEventStore.ts';
import { createInMemorySnapshots } from '../shared/store/inMemorySnapshots.ts';
import { toStoredMetadata } from '../shared/store/metadata.ts';
import { stoppedClock } from '../shared/testing/builders.ts';
import { customer } from '../shared/testing/callers.ts';
import { toHttpEvent } from '../shared/testing/lambdaEvents.ts';
import { makePersonal } from '../shared/testing/personal.ts';

const document = readFileSync(new URL('../docs/way.md', import.meta.url), 'utf8');

/** The block ```json <name> of docs/way.md. */
const blockOf = (name: string): unknown => {
  const [, text] = new RegExp(`\`\`\`json ${name}\n([^]*?)\n\`\`\``).exec(document) ?? [];
  return JSON.parse(text ?? 'null');
};

describe('docs/way.md shows what the code makes', () => {
  const store = createInMemoryEventStore();
  const deps = {
    store,
    clock: stoppedClock,
    personal: makePersonal(),
    snapshots: createInMemorySnapshots(),
    logger: silentLogger,
  };
  const context = { correlationId: '01a20992-8a25-7127-bdeb-93dd44477bbd' };
  const orderId = 'e0685afd-0fc2-5d1d-87d8-ef0ea77f6418';
  const seen: Record<string, unknown> = {};

  const only = (events: readonly StoredEvent[]) => events.map(({ type, data }) => ({ type, data }));
  const read = (stream: string, from = 0n) => Array.fromAsync(store.read(stream, { from }));

  beforeAll(async () => {
    await createReceiveStock(deps)(
      { callerId: 'dock', sku: 'mug', quantity: 100, idempotencyKey: 'delivery' },
      context,
    );
    const catalogue = new Map<string, Product>([
      ['mug', { sku: 'mug', name: 'Mug', priceMinor: 1250, currency: 'EUR' }],
    ]);
    const placeOrder = createPlaceOrder({ ...deps, products: { find: async () => catalogue } });
    const event = toHttpEvent({ body: blockOf('request'), headers: { 'Idempotency-Key': 'first' } });
    const answer = await placeOrder(parseRequest(event, customer('c-1')), context);
    seen['answer'] = 'body' in answer ? answer.body : answer;

    const [created] = await read(`order-${orderId}`);
    if (!created) throw new Error('no order');
    const { stream, revision, position: _, metadata, ...rest } = created;
    seen['stored'] = { ...rest, metadata: toStoredMetadata(metadata) };
    const { body, ...properties } = toMessage(created, { commit: 1234n, prepare: 1234n });
    seen['body'] = JSON.parse(Buffer.from(body).toString());
    seen['properties'] = { ...properties, timestamp: properties.timestamp.toISOString() };
    seen['view'] = projectOrder(undefined, created);

    await createAdvance(deps)(undefined, created);
    const fulfilment = await read(`fulfilment-${orderId}`);
    seen['fulfilment'] = only(fulfilment);
    const request = fulfilment.at(-1);
    if (request) await createMoveStock(deps)(undefined, request);
    seen['answered'] = only(await read(`fulfilment-${orderId}`, 2n));
  });

  test.each(['answer', 'stored', 'body', 'properties', 'view', 'fulfilment', 'answered'])('%s', (name) => {
    expect(seen[name]).toEqual(blockOf(name));
  });
});
