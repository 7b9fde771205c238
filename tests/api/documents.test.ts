import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { toPage } from '../../functions/http/getApiPage/toPage.ts';
import { makeAsyncApi } from '../../infra/api/makeAsyncApi.ts';
import { makeOpenApi } from '../../infra/api/makeOpenApi.ts';
import { routes } from '../../infra/api/routes.ts';
import { deployedRoutes, isLastResort } from '../access/deployedRoutes.ts';
import { allEvents } from '../events/definitions.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const readJson = (path: string): unknown => JSON.parse(read(path));
type Paths = Readonly<
  Record<
    string,
    Readonly<
      Record<
        string,
        {
          readonly parameters?: unknown;
          readonly requestBody?: unknown;
          readonly responses: Readonly<
            Record<string, { readonly description: string; readonly headers: Readonly<Record<string, unknown>> }>
          >;
        }
      >
    >
  >
>;
const advice = 'run npm run api';

describe('openapi.json', () => {
  test('is what the schemas make', () => {
    expect([advice, readJson('shared/http/openapi.json')]).toEqual([advice, makeOpenApi()]);
  });

  test('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(structuredClone(makeOpenApi()))).toEqual({ valid: true });
  });

  test('has every route of serverless.yml but the last resort under its function, and no other', () => {
    const documented = deployedRoutes().filter((route) => !isLastResort(route));
    const deployed = documented.map(({ name, method, path }) => `${name}: ${method} ${path}`);
    expect(routes.map(({ name, route }) => `${name}: ${route}`).toSorted()).toEqual(deployed.toSorted());
  });

  const { paths } = makeOpenApi() as unknown as { readonly paths: Paths };
  const operations = routes.map(({ name, route }) => {
    const [method = '', path = ''] = route.split(' ');
    return [name, paths[path]?.[method.toLowerCase()]] as const;
  });

  test.each(operations)('%s: describes the headers that are sent', (_, operation) => {
    for (const [status, { headers }] of Object.entries(operation?.responses ?? {})) {
      const own = status === '503' ? ['Retry-After'] : ['401', '403'].includes(status) ? ['WWW-Authenticate'] : [];
      expect([status, Object.keys(headers)]).toEqual([status, expect.arrayContaining(['X-Correlation-Id', ...own])]);
    }
  });

  test.each(operations)('%s: says that JSON can be malformed where there is any', (_, operation) => {
    const refusals = operation?.responses['400']?.description.split(', ');
    expect(refusals).toEqual(['http/invalid', ...(operation?.requestBody ? ['http/malformed-json'] : [])]);
  });

  test('says of every route that names a customer that it can be refused, and what naming one means there', () => {
    const named = operations.filter(([, operation]) => /customer-refused/.test(JSON.stringify(operation?.responses)));
    expect(named.map(([name]) => name)).toEqual(['placeOrder', 'listOrders', 'eraseCustomer']);
    const erase = JSON.stringify(paths['/customers/{customerId}/data']?.['delete']?.parameters);
    expect(erase).toContain('The caller; another one needs the scope `ops`.');
  });

  test('names the parameters of every path, and no others', () => {
    for (const { route, path } of routes) {
      const named = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect([route, Object.keys(path?.shape ?? {})]).toEqual([route, named]);
    }
  });
});

describe('asyncapi.json', () => {
  test('is what the events make', () => {
    expect([advice, readJson('shared/http/asyncapi.json')]).toEqual([advice, makeAsyncApi()]);
  });

  test('is valid AsyncAPI 3.0', () => {
    // The schema brings JSON Schema itself along.
    const ajv = new Ajv({ meta: false, strict: false, validateSchema: false, validateFormats: false });
    const validate = ajv.compile(readJson('node_modules/@asyncapi/specs/schemas/3.0.0.json') as object);
    validate(makeAsyncApi());
    expect(validate.errors ?? []).toEqual([]);
  });

  test('has every event type', () => {
    const { channels } = makeAsyncApi() as { channels: Record<string, { messages: object }> };
    const types = Object.values(channels).flatMap(({ messages }) => Object.keys(messages));
    expect(types.toSorted()).toEqual(Object.keys(allEvents).toSorted());
  });
});

describe('the page', () => {
  const page = toPage(makeOpenApi() as never, makeAsyncApi() as never);

  test('shows every route and every event', () => {
    for (const { route, name } of routes)
      expect([page.includes(`id="${name}"`), page.includes(route)]).toEqual([true, true]);
    for (const type of Object.keys(allEvents))
      expect([type, page.includes(`<summary>${type}</summary>`)]).toEqual([type, true]);
  });

  test('loads nothing from elsewhere and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|src=|https?:\/\/(?!json-schema)[^"]*\.js/);
  });

  test('shows what a document says as text', () => {
    const hostile = { info: { title: '<b>', description: '"&' }, paths: {}, components: { schemas: {} } };
    expect(toPage(hostile, { info: hostile.info, channels: {} })).toContain('<title>&lt;b&gt;</title>');
  });
});
