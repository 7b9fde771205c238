import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** The part of API Gateway's event (payload 2.0) that requests are made from. */
export interface HttpEvent
  extends Pick<
    APIGatewayProxyEventV2,
    'body' | 'headers' | 'isBase64Encoded' | 'pathParameters' | 'queryStringParameters' | 'rawPath'
  > {
  readonly requestContext: APIGatewayProxyEventV2['requestContext'] & {
    /** Where a JWT authorizer has let the request in: the claims of the token that it has verified. */
    readonly authorizer?: { readonly jwt?: { readonly claims: unknown } };
  };
}

/** API Gateway lower-cases header names, local servers may not. */
export function headerOf(event: HttpEvent, name: string): string | undefined {
  const found = Object.entries(event.headers).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found?.[1]?.trim();
}
