/** What hapi, on which serverless-offline stands, does otherwise than API Gateway, put right before it looks for a route. */
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { createHandler } from '../../../functions/http/refuseUnknownRoute/handler.ts';
import { parseRequest } from '../../../functions/http/refuseUnknownRoute/request.ts';
import { toRoutes } from '../../../functions/http/refuseUnknownRoute/routes.ts';
import { admit } from '../../../shared/http/admit.ts';
import openApi from '../../../shared/http/openapi.json' with { type: 'json' };
import { route } from '../../../shared/http/route.ts';
import { createLogger } from '../../../shared/observe/logger.ts';

/** As much of hapi as is used here. */
export interface Request {
  readonly method: string;
  readonly path: string;
  /** Of a name that comes twice, the first. */
  readonly headers: Record<string, string>;
  /** Names and values in turn, as they were sent; of these the function's event is made. */
  readonly raw: { readonly req: { readonly url: string; rawHeaders: readonly string[] } };
  setUrl(url: string, stripTrailingSlash: boolean): void;
}
interface Answer {
  code(status: number): Answer;
  header(name: string, value: string): Answer;
  takeover(): Answer;
}
export interface Toolkit {
  readonly continue: symbol;
  authenticated(found: { readonly credentials: object }): unknown;
  response(body: string): Answer;
}
export interface Server {
  ext(point: 'onRequest', extend: (request: Request, h: Toolkit) => unknown): void;
}

type Ask = (event: object, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** What `$default` answers. */
const refuse = route(
  createLogger('gateway', 'ERROR'),
  admit('refuseUnknownRoute'),
  parseRequest,
  createHandler(toRoutes(openApi.paths)),
) as unknown as Ask;

/** Answers a request in the place of its route. */
export function answerWith(
  { statusCode = 500, headers = {}, body = '' }: APIGatewayProxyStructuredResultV2,
  h: Toolkit,
) {
  const answer = h.response(body).code(statusCode);
  for (const [name, value] of Object.entries(headers)) answer.header(name, String(value));
  return answer.takeover();
}

/** With these hapi would make a 304 or a 206 out of an answer. */
const answeredByHapi = ['if-none-match', 'if-modified-since', 'range', 'if-range'];

/** hapi takes `HEAD` for `GET`, and answers an `OPTIONS` that is no preflight by itself; API Gateway has `$default` take both. */
const isForDefault = ({ method, headers }: Request): boolean =>
  method === 'head' || (method === 'options' && headers['access-control-request-method'] === undefined);

/** From now on the server takes requests as API Gateway does. */
export function serveAsDeployed(server: Server): void {
  server.ext('onRequest', async (request, h) => {
    const { headers, method, raw } = request;
    for (const name of answeredByHapi) delete headers[name];
    const [rawPath = ''] = raw.req.url.split('?');
    if (isForDefault(request)) {
      const http = { method: method.toUpperCase() };
      return answerWith(await refuse({ headers, rawPath, requestContext: { http } }, {} as Context), h);
    }
    // To API Gateway /orders/ is another path than /orders.
    if (rawPath === `${request.path}/`) request.setUrl(raw.req.url, false);
    return h.continue;
  });
}
