/** Every route of the API for its document: the schemas that requests are parsed with, and what is answered. */
import * as z from 'zod/mini';
import * as eraseCustomer from '../../functions/http/eraseCustomer/request.ts';
import * as getOrder from '../../functions/http/getOrder/request.ts';
import * as getStock from '../../functions/http/getStock/request.ts';
import * as listOrders from '../../functions/http/listOrders/request.ts';
import * as placeOrder from '../../functions/http/placeOrder/request.ts';
import * as putProduct from '../../functions/http/putProduct/request.ts';
import * as receiveStock from '../../functions/http/receiveStock/request.ts';
import * as listDeadLetters from '../../functions/operate/listDeadLetters/request.ts';
import * as rewindRelay from '../../functions/operate/rewindRelay/request.ts';
import { sku } from '../../shared/domain/catalogue/index.ts';
import type { RouteName } from '../../shared/http/access.ts';
import { discardBody, redriveBody } from '../../shared/http/deadLetters.ts';
import { ifMatch } from '../../shared/http/preconditions.ts';
import { idempotencyKey } from '../../shared/http/request.ts';
import * as replies from './replies.ts';

export interface RouteDescription {
  /** As serverless.yml has it: `POST /orders`. */
  readonly route: string;
  /** The function's name. */
  readonly name: RouteName;
  readonly summary: string;
  readonly path?: z.ZodMiniObject;
  readonly query?: z.ZodMiniObject;
  readonly headers?: z.ZodMiniObject;
  readonly body?: z.ZodMiniType;
  readonly reply: {
    /** 204: without a body. */
    readonly status: 200 | 202 | 204;
    readonly description: string;
    readonly schema: z.ZodMiniType;
    /** Other than JSON: then the schema is not sent. */
    readonly contentType?: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** Problems beside 400 for a request that does not fit, 401 and 403 for who may not, 500 and 503; docs/errors.md has each code. */
  readonly problems?: Readonly<Record<number, string>>;
}

const orderPath = z.object({ orderId: z.uuid() });
const skuPath = z.object({ sku });
const prefer = z
  .optional(z.string())
  .check(z.meta({ description: '`wait=N`: answered when the view has it, at most N seconds (5) later.' }));
const none = z.unknown();

const notFound = { 404: 'order/not-found' } as const;

export const routes: readonly RouteDescription[] = [
  {
    route: 'POST /orders',
    name: 'placeOrder',
    summary: 'Places an order. The same key again is the same order and gets the same answer.',
    headers: z.extend(placeOrder.headers, { Prefer: prefer }),
    body: placeOrder.body,
    reply: {
      status: 202,
      description: 'The order is in.',
      schema: replies.accepted,
      headers: { Location: 'Where it can be read.', 'Preference-Applied': 'It is in the view already.' },
    },
    problems: {
      413: 'http/too-large',
      415: 'http/not-json',
      422: 'order/key-reused, catalogue/unknown-sku, catalogue/mixed-currencies, catalogue/total-too-large',
    },
  },
  {
    route: 'POST /orders/{orderId}/cancel',
    name: 'cancelOrder',
    summary: 'Cancels an order, until shipping has it.',
    path: orderPath,
    headers: z.object({ 'If-Match': z.optional(ifMatch), Prefer: prefer }),
    reply: {
      status: 202,
      description: 'It is cancelled.',
      schema: replies.accepted,
      headers: { Location: 'Where it can be read.', 'Preference-Applied': 'It is in the view already.' },
    },
    problems: { ...notFound, 409: 'order/too-late-to-cancel', 412: 'order/changed' },
  },
  {
    route: 'GET /orders',
    name: 'listOrders',
    summary: 'A customer’s orders, newest first, page by page.',
    query: listOrders.query,
    reply: { status: 200, description: 'One page.', schema: replies.orderPage },
  },
  {
    route: 'GET /orders/{orderId}',
    name: 'getOrder',
    summary: 'An order, never older than `minRevision`.',
    path: orderPath,
    query: getOrder.query,
    reply: {
      status: 200,
      description: 'The order.',
      schema: replies.order,
      headers: { ETag: 'Its revision, for If-Match.' },
    },
    problems: { ...notFound, 409: 'order/revision-not-reached' },
  },
  {
    route: 'GET /orders/{orderId}/events',
    name: 'getOrderEvents',
    summary: 'What happened to an order, oldest first.',
    path: orderPath,
    reply: { status: 200, description: 'Its events.', schema: replies.orderEvents },
    problems: notFound,
  },
  {
    route: 'DELETE /customers/{customerId}/data',
    name: 'eraseCustomer',
    summary:
      'Erases a customer’s personal data for ever, in all of their orders so far. The orders stay, and show `erased`.',
    path: eraseCustomer.path,
    reply: { status: 204, description: 'Nobody can read it any more.', schema: none },
  },
  {
    route: 'PUT /products/{sku}',
    name: 'putProduct',
    summary: 'What a product is called and costs from now on.',
    path: skuPath,
    body: putProduct.body,
    reply: { status: 200, description: 'As it is now.', schema: replies.product },
    problems: { 413: 'http/too-large', 415: 'http/not-json' },
  },
  {
    route: 'GET /products',
    name: 'listProducts',
    summary: 'The whole catalogue, by SKU.',
    reply: { status: 200, description: 'The catalogue.', schema: replies.products },
  },
  {
    route: 'POST /stock/{sku}/receipts',
    name: 'receiveStock',
    summary: 'Counts a delivery; with a key, once per caller and key.',
    path: skuPath,
    headers: z.object({ 'Idempotency-Key': z.optional(idempotencyKey), Prefer: prefer }),
    body: receiveStock.body,
    reply: {
      status: 202,
      description: 'It is counted.',
      schema: replies.receipt,
      headers: { Location: 'Where the stock can be read.', 'Preference-Applied': 'It is in the view already.' },
    },
    problems: { 413: 'http/too-large', 415: 'http/not-json', 422: 'stock/key-reused' },
  },
  {
    route: 'GET /stock',
    name: 'listStock',
    summary: 'Every SKU’s stock, by SKU.',
    reply: { status: 200, description: 'The stocks.', schema: replies.stocks },
  },
  {
    route: 'GET /stock/{sku}',
    name: 'getStock',
    summary: 'One SKU’s stock, never older than `minRevision`.',
    path: skuPath,
    query: getStock.query,
    reply: { status: 200, description: 'The stock.', schema: replies.stock },
    problems: { 404: 'stock/not-found', 409: 'stock/revision-not-reached' },
  },
  {
    route: 'GET /health',
    name: 'getHealth',
    summary: 'Whether every part that commands need answers; 503 names those that do not.',
    reply: { status: 200, description: 'All of them do.', schema: replies.health },
    problems: { 503: 'http/unhealthy; `checks` says of each part whether it is `ok` or `down`' },
  },
  {
    route: 'GET /ops/dead-letters',
    name: 'listDeadLetters',
    summary: 'What has failed for good: how many of each cause, and the oldest of them.',
    query: listDeadLetters.query,
    reply: { status: 200, description: 'Dead letters.', schema: replies.deadLetters },
  },
  {
    route: 'POST /ops/dead-letters/redrive',
    name: 'redriveDeadLetters',
    summary: 'Blocked streams go on where they stopped, in order; messages go back to their queue. Twice is once.',
    body: redriveBody,
    reply: { status: 200, description: 'What has become of each.', schema: replies.remedied },
    problems: { 413: 'http/too-large', 415: 'http/not-json' },
  },
  {
    route: 'POST /ops/dead-letters/discard',
    name: 'discardDeadLetters',
    summary: 'The event that failed counts as applied, for a reason that is kept; its stream goes on after it.',
    body: discardBody,
    reply: { status: 200, description: 'What has become of each.', schema: replies.remedied },
    problems: { 413: 'http/too-large', 415: 'http/not-json' },
  },
  {
    route: 'GET /ops/relay',
    name: 'getRelay',
    summary: 'How the relay is doing.',
    reply: { status: 200, description: 'In good health or in bad.', schema: replies.relay },
  },
  {
    route: 'POST /ops/relay/rewind',
    name: 'rewindRelay',
    summary: 'Has the relay publish again what it published since; consumers skip what they have applied.',
    body: rewindRelay.body,
    reply: { status: 200, description: 'It begins again there.', schema: replies.rewound },
    problems: {
      409: 'relay/no-checkpoint, relay/changed-hands',
      413: 'http/too-large',
      415: 'http/not-json',
      422: 'relay/not-behind, relay/no-such-position',
    },
  },
  {
    route: 'GET /openapi.json',
    name: 'getOpenApi',
    summary: 'This document.',
    reply: { status: 200, description: 'OpenAPI 3.1.', schema: none },
  },
  {
    route: 'GET /asyncapi.json',
    name: 'getAsyncApi',
    summary: 'The events, as messages on the broker.',
    reply: { status: 200, description: 'AsyncAPI 3.0.', schema: none },
  },
  {
    route: 'GET /docs',
    name: 'getApiPage',
    summary: 'Both documents as a page.',
    reply: { status: 200, description: 'A page.', schema: none, contentType: 'text/html; charset=utf-8' },
  },
];
