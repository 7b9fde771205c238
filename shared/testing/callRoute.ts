import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';

type Route = (event: never, context: Context) => Promise<unknown>;

/** What a caller gets from a route: status, headers, and the body as it reads it. */
export async function callRoute(route: Route, event: APIGatewayProxyEventV2) {
  const result = (await route(event as never, {} as Context)) as APIGatewayProxyStructuredResultV2;
  const { statusCode, headers = {}, body = '' } = result;
  return { status: statusCode, headers, body: (body === '' ? undefined : JSON.parse(body)) as unknown };
}
