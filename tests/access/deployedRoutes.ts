import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod/mini';

const object = z.object({
  method: z.string(),
  path: z.string(),
  authorizer: z.optional(z.strictObject({ name: z.string(), scopes: z.array(z.string()).check(z.minLength(1)) })),
});
/** What no route takes. */
const lastResort = '*';
const text = z.pipe(
  z.string(),
  z.transform((route) => {
    const [method = '', path = ''] = route === lastResort ? [lastResort, lastResort] : route.split(' ');
    return { method, path, authorizer: undefined };
  }),
);
/** A text stands for events that are made elsewhere; none of them is a route. */
const events = z.union([z.string(), z.array(z.object({ httpApi: z.optional(z.union([text, object])) }))]);
const service = z.object({ functions: z.record(z.string(), z.object({ events: z._default(events, []) })) });

export interface DeployedRoute {
  /** The function's. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Missing: API Gateway lets everybody in. */
  readonly authorizer?: { readonly name: string; readonly scopes: readonly string[] } | undefined;
}

/** Whether it is where everything ends up that no other route takes: of every method and path. */
export const isLastResort = ({ path }: DeployedRoute): boolean => path === lastResort;

/** Every route of serverless.yml. */
export function deployedRoutes(): readonly DeployedRoute[] {
  const yaml = readFileSync(new URL('../../serverless.yml', import.meta.url), 'utf8');
  const { functions } = service.parse(parse(yaml, { merge: true }));
  return Object.entries(functions).flatMap(([name, { events: all }]) =>
    typeof all === 'string' ? [] : all.flatMap(({ httpApi }) => (httpApi ? [{ name, ...httpApi }] : [])),
  );
}
