/** API Gateway's JWT authorizer, for serverless-offline: `customAuthenticationProvider` in serverless.yml. */
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Scope } from '../../../shared/http/access.ts';
import { reply } from '../../../shared/http/reply.ts';
import { route } from '../../../shared/http/route.ts';
import { lazy } from '../../../shared/kernel/lazy.ts';
import { createLogger } from '../../../shared/observe/logger.ts';
import { answerWith, type Request, type Server, serveAsDeployed, type Toolkit } from './asDeployed.ts';
import { createGate } from './gate.ts';
import { createJoseTokens } from './joseTokens.ts';

/** As much of a route as is used here; without an authorizer it is open to all. */
interface Endpoint {
  readonly authorizer?: { readonly scopes: readonly Scope[] };
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

/** Names with which a caller could say who they are. */
const telling = ['authorization', 'sls-offline-authorizer-override'];

/**
 * Leaves of all headers that tell of a caller the one token that was verified: serverless-offline takes the claims that it
 * hands on from any of them, unseen.
 */
function toVerified({ headers, raw: { req } }: Request): readonly string[] {
  const others = req.rawHeaders.flatMap((name, n, all) =>
    n % 2 === 0 && !telling.includes(name.toLowerCase()) ? [name, all[n + 1] ?? ''] : [],
  );
  const token = headers['authorization']?.trim().split(' ').at(-1);
  return [...others, 'authorization', `Bearer ${token}`];
}

/**
 * Has the body handed on as the text that came, as API Gateway does: serverless-offline parses what is called JSON, and
 * `"x"` would arrive as `x`. The function is told of the content type by the raw headers.
 */
function handOnAsText({ headers }: Request): void {
  headers['content-type'] = 'text/plain';
}

/** The path of the one route that there is but once: with it the server as a whole is seen to. */
const lastResort = '$default';

function toScheme({ authorizer }: Endpoint, path: string) {
  const door = authorizer && createDoor(authorizer.scopes);
  const authenticate = async (request: Request, h: Toolkit): Promise<unknown> => {
    handOnAsText(request);
    if (!door) return h.authenticated({ credentials: {} });
    const result = await door({ headers: request.headers }, {} as Context);
    if (result.statusCode !== 204) return answerWith(result, h);
    request.raw.req.rawHeaders = toVerified(request);
    return h.authenticated({ credentials: {} });
  };
  return (server: Server) => {
    if (path === lastResort) serveAsDeployed(server);
    return { authenticate };
  };
}

const provide = (endpoint: Endpoint, name: string, method: string, path: string) => ({
  name: `${name} ${method} ${path}`,
  scheme: `${name} ${method} ${path}`,
  getAuthenticateFunction: toScheme(endpoint, path),
});

// It is loaded with require(), which gives what is exported under this name.
export { provide as 'module.exports' };
