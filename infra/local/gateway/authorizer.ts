/** API Gateway's JWT authorizer, for serverless-offline: `customAuthenticationProvider` in serverless.yml. */
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Scope } from '../../../shared/http/access.ts';
import { reply } from '../../../shared/http/reply.ts';
import { route } from '../../../shared/http/route.ts';
import { lazy } from '../../../shared/kernel/lazy.ts';
import { createLogger } from '../../../shared/observe/logger.ts';
import { createGate } from './gate.ts';
import { createJoseTokens } from './joseTokens.ts';

/** As much of a route as is used here; without an authorizer it is open to all. */
interface Endpoint {
  readonly authorizer?: { readonly scopes: readonly Scope[] };
}

/** As much of hapi, on which serverless-offline stands. */
interface Request {
  readonly headers: Readonly<Record<string, string>>;
}
interface Answer {
  code(status: number): Answer;
  header(name: string, value: string): Answer;
  takeover(): Answer;
}
interface Toolkit {
  authenticated(found: { readonly credentials: object }): unknown;
  response(body: string): Answer;
}

const settings = lazy(() => {
  const { JWT_ISSUER: issuer = '', JWT_AUDIENCE: audience = '' } = process.env;
  return { issuer, verify: createJoseTokens({ issuer, audience }) };
});

type Ask = (event: object, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** A route that does nothing: what it answers whom it does not admit is what every route would. */
const createDoor = (needs: readonly Scope[]): Ask =>
  route(
    createLogger('gateway', 'ERROR'),
    (event) => createGate(settings(), needs)(event),
    () => undefined,
    async () => reply(204, ''),
  ) as unknown as Ask;

function toScheme({ authorizer }: Endpoint) {
  const door = authorizer && createDoor(authorizer.scopes);
  return () => ({
    // serverless-offline reads the claims off the token itself, once it is let in.
    authenticate: async ({ headers }: Request, h: Toolkit): Promise<unknown> => {
      const result = await door?.({ headers }, {} as Context);
      if (!result || result.statusCode === 204) return h.authenticated({ credentials: {} });
      const answer = h.response(result.body ?? '').code(result.statusCode ?? 500);
      for (const [name, value] of Object.entries(result.headers ?? {})) answer.header(name, String(value));
      return answer.takeover();
    },
  });
}

const provide = (endpoint: Endpoint, name: string, method: string, path: string) => ({
  name: `${name} ${method} ${path}`,
  scheme: `${name} ${method} ${path}`,
  getAuthenticateFunction: toScheme(endpoint),
});

// It is loaded with require(), which gives what is exported under this name.
export { provide as 'module.exports' };
