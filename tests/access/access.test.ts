import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { makeOpenApi } from '../../infra/api/makeOpenApi.ts';
import { type Access, access } from '../../shared/http/access.ts';
import { deployedRoutes, isLastResort } from './deployedRoutes.ts';

const root = new URL('../../', import.meta.url);
const table: Readonly<Record<string, Access>> = access;
const routes = deployedRoutes();

test('every route of serverless.yml has its place in the table, and the table has no other', () => {
  expect(routes.map(({ name }) => name).toSorted()).toEqual(Object.keys(table).toSorted());
});

test.each(routes.map((route) => [route.name, route] as const))(
  '%s: API Gateway asks for the scopes of the table',
  (name, { authorizer }) => {
    const needs = table[name];
    expect(authorizer).toEqual(needs === 'open' ? undefined : { name: 'callers', scopes: needs });
  },
);

test.each(routes.filter((route) => !isLastResort(route)).map((route) => [route.name, route] as const))(
  '%s: the document asks for the scopes of the table',
  (name, { method, path }) => {
    const { paths } = makeOpenApi() as {
      paths: Record<string, Record<string, { security: unknown; responses: object }>>;
    };
    const { security, responses = {} } = paths[path]?.[method.toLowerCase()] ?? {};
    const needs = table[name];
    expect(security).toEqual(needs === 'open' ? [] : needs?.map((scope) => ({ token: [scope] })));
    expect('401' in responses && '403' in responses).toBe(needs !== 'open');
  },
);

test('what is open to all is what says nothing of anybody', () => {
  const open = routes.filter(({ authorizer }) => !authorizer).map(({ method, path }) => `${method} ${path}`);
  expect(open.toSorted()).toEqual(['* *', 'GET /asyncapi.json', 'GET /docs', 'GET /health', 'GET /openapi.json']);
});

test.each(routes.map(({ name }) => [name]))('%s admits under its own name', (name) => {
  const [file = ''] = globSync(`functions/{http,operate}/${name}/index.ts`, { cwd: root.pathname });
  const source = readFileSync(new URL(file, root), 'utf8');
  expect([...source.matchAll(/admit\('(\w+)'\)/g)].map(([, named]) => named)).toEqual([name]);
});

test('the issuer and the audience are the deployment’s', () => {
  const yaml = readFileSync(new URL('serverless.yml', root), 'utf8');
  expect(yaml.match(/issuerUrl: \$\{param:jwtIssuer\}/g)).toHaveLength(1);
  expect(yaml.match(/audience: \["\$\{param:jwtAudience\}"\]/g)).toHaveLength(1);
});
