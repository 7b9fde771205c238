import * as z from 'zod/mini';
import { access } from '../../shared/http/access.ts';
import { problem } from './replies.ts';
import { type RouteDescription, routes } from './routes.ts';

type Json = Readonly<Record<string, unknown>>;

const token: Json = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description:
    'An access token of the issuer that this deployment trusts (locally the `realm` of a 401 names it). `sub` is the customer. Scopes: `orders` for one’s own orders, `stock` for products and stock, `ops` for the orders of all.',
};

/** Schemas that have a name are written once, and referred to. */
function toSchema(schema: z.ZodMiniType, io: 'input' | 'output', named: Map<string, Json>): Json {
  const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, { io, reused: 'inline' });
  const relink = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/'));
  for (const [name, definition] of Object.entries($defs)) named.set(name, withoutId(relink(definition) as Json));
  if (typeof rest['id'] !== 'string') return relink(rest) as Json;
  named.set(rest['id'], withoutId(relink(rest) as Json));
  return { $ref: `#/components/schemas/${rest['id']}` };
}

const withoutId = ({ id: _, ...schema }: Json): Json => schema;

function toParameters(where: 'path' | 'query' | 'header', parameters: z.ZodMiniObject | undefined): readonly Json[] {
  if (!parameters) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(parameters, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: where,
    required: required.includes(name),
    schema,
  }));
}

const sent = (description: string): Json => ({ description, schema: { type: 'string' } });

/** Headers of more answers than one. */
const shared = {
  'X-Correlation-Id': sent('As the request had it, or new: names the request in every log line.'),
  'WWW-Authenticate': sent('What is wrong with the token, or which scope it lacks (RFC 6750).'),
  'Retry-After': sent('Seconds to wait before the same request is sent again.'),
};
const refer = (...names: readonly (keyof typeof shared)[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
const common = refer('X-Correlation-Id');
const challenge = refer('X-Correlation-Id', 'WWW-Authenticate');
const comeBack = refer('X-Correlation-Id', 'Retry-After');

function toOperation(
  { name, summary, path, query, headers, body, reply, problems = {} }: RouteDescription,
  named: Map<string, Json>,
): Json {
  const problemContent = { 'application/problem+json': { schema: toSchema(problem, 'output', named) } };
  const toProblem = (description: string, headers: Json = common): Json => ({
    description,
    headers,
    content: problemContent,
  });
  const parameters = [
    ...toParameters('path', path),
    ...toParameters('query', query),
    ...toParameters('header', headers),
  ];
  const replyHeaders = Object.entries(reply.headers ?? {}).map(([header, description]) => [header, sent(description)]);
  const rejections = Object.entries(problems).filter(([status]) => status !== '503');
  const needs = access[name];
  const takesCustomer = [path, query, body].some(
    (part) => part instanceof z.ZodMiniObject && 'customerId' in part.shape,
  );
  const schema = reply.contentType ? { type: 'string' } : toSchema(reply.schema, 'output', named);
  return {
    operationId: name,
    summary,
    // Any of them will do.
    security: needs === 'open' ? [] : needs.map((scope) => ({ token: [scope] })),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: toSchema(body, 'input', named) } } },
    }),
    responses: {
      [reply.status]: {
        description: reply.description,
        headers: { ...common, ...Object.fromEntries(replyHeaders) },
        ...(reply.status !== 204 && { content: { [reply.contentType ?? 'application/json']: { schema } } }),
      },
      // Of every route, since none takes a parameter that it does not know.
      400: toProblem(`http/invalid${body ? ', http/malformed-json' : ''}`),
      ...(needs !== 'open' && {
        401: toProblem('http/no-token, http/invalid-token', challenge),
        403: toProblem(`http/missing-scope${takesCustomer ? ', http/customer-refused' : ''}`, challenge),
      }),
      500: toProblem('http/defect, or a fault that lasts'),
      503: toProblem(
        problems[503] ?? 'A part of the system does not answer; the same request may be sent again.',
        comeBack,
      ),
      ...Object.fromEntries(rejections.map(([status, codes]) => [status, toProblem(codes)])),
    },
  };
}

/** The API's document, OpenAPI 3.1: requests as they are parsed, answers as a test has seen them. */
export function makeOpenApi(): Json {
  const named = new Map<string, Json>();
  const paths: Record<string, Record<string, Json>> = {};
  for (const description of routes) {
    const [method = '', path = ''] = description.route.split(' ');
    paths[path] = { ...paths[path], [method.toLowerCase()]: toOperation(description, named) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Waybill',
      version: '1',
      description:
        'Orders, stock and products. Commands are answered with 202 when they are in; every command may be sent again.',
    },
    paths,
    components: {
      securitySchemes: { token },
      headers: shared,
      schemas: Object.fromEntries([...named].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}
