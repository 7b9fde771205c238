import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { EventMessage } from '../broker/message.ts';
import { toBody } from '../broker/toBody.ts';

interface Delivery {
  readonly message?: EventMessage;
  readonly body?: string;
  readonly redelivered?: boolean;
  /** As Lambda hands them over: text as bytes. */
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** A batch as Lambda hands it to a consumer. */
export const toRmqEvent = (...deliveries: readonly Delivery[]): unknown => toRmqEventOf('queue.0', ...deliveries);

/** The same from a queue that matters. */
export const toRmqEventOf = (queue: string, ...deliveries: readonly Delivery[]): unknown => ({
  eventSource: 'aws:rmq',
  eventSourceArn: 'arn:aws:mq:eu-west-1:111122223333:broker:waybill:b-1',
  rmqMessagesByQueue: {
    [`${queue}::/`]: deliveries.map(
      ({ message, body, redelivered = false, headers = { stream: { bytes: [111] } } }) => ({
        basicProperties: { messageId: 'm-1', correlationId: null, headers, bodySize: 1 },
        redelivered,
        data: (message ? toBody(message) : Buffer.from(body ?? '')).toString('base64'),
      }),
    ),
  },
});

interface HttpRequest {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly rawPath?: string;
  /** Of the token that the gateway has verified. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A request as API Gateway's HTTP API hands it to a function, payload 2.0. A text body is sent as it stands. */
export function toHttpEvent(request: HttpRequest = {}): APIGatewayProxyEventV2 {
  const { body, headers = {}, path, query, method = 'POST', rawPath = '/', claims } = request;
  const authorizer = claims && { authorizer: { jwt: { claims, scopes: null } } };
  const http = { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' };
  return {
    version: '2.0',
    routeKey: 'TEST /',
    rawPath,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', 'x-correlation-id': 'correlation-1', ...headers },
    requestContext: {
      accountId: '1',
      apiId: 'api',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http,
      requestId: 'request-1',
      routeKey: 'TEST /',
      stage: '$default',
      time: '',
      timeEpoch: 0,
      ...authorizer,
    },
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(path ? { pathParameters: path } : {}),
    ...(query ? { queryStringParameters: query } : {}),
  };
}
