import { expect, test } from '@jest/globals';
import type { Product } from '../../../shared/domain/catalogue/index.ts';
import { route } from '../../../shared/http/route.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { admitting, operator } from '../../../shared/testing/callers.ts';
import { callRoute } from '../../../shared/testing/callRoute.ts';
import { toHttpEvent } from '../../../shared/testing/lambdaEvents.ts';
import { createHandler as createListProducts } from '../listProducts/handler.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

const mug = { name: 'Mug', priceMinor: 1250, currency: 'EUR' };

function makeRoutes() {
  const stored: Product[] = [];
  const products = { put: async (product: Product) => void stored.push(product), list: async () => stored };
  const put = route(silentLogger, admitting(operator), parseRequest, createHandler({ products }));
  const list = route(silentLogger, admitting(operator), () => undefined, createListProducts({ products }));
  return {
    put: (body: unknown, sku = 'mug') => callRoute(put, toHttpEvent({ body, path: { sku } })),
    list: () => callRoute(list, toHttpEvent()),
  };
}

test('what was put is listed', async () => {
  const { put, list } = makeRoutes();
  expect(await put(mug)).toMatchObject({ status: 200, body: { sku: 'mug', ...mug } });
  expect(await list()).toMatchObject({ status: 200, body: { products: [{ sku: 'mug', ...mug }] } });
});

test.each([
  ['a price with cents', { ...mug, priceMinor: 12.5 }, '/priceMinor'],
  ['a negative price', { ...mug, priceMinor: -1 }, '/priceMinor'],
  ['a currency in words', { ...mug, currency: 'euro' }, '/currency'],
  ['a currency that there is not', { ...mug, currency: 'XYZ' }, '/currency'],
  ['no name', { ...mug, name: '' }, '/name'],
  ['a name of blanks', { ...mug, name: ' ' }, '/name'],
  ['a name of two lines', { ...mug, name: 'Mug\nBcc: b@c' }, '/name'],
  ['a name with half a character', { ...mug, name: 'Mug\ud800' }, '/name'],
  ['a name of 201 letters', { ...mug, name: 'a'.repeat(201) }, '/name'],
  ['a SKU in the body', { ...mug, sku: 'cup' }, '/sku'],
])('refuses %s, naming the field', async (_, body, field) => {
  expect(await makeRoutes().put(body)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
});
