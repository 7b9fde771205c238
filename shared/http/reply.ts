import type { LogFields } from '../observe/logger.ts';

/** What a handler answers; the route turns it into API Gateway's form. */
export interface Reply {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON; bigints in it become numbers. A text is sent as it stands, under the content type that `headers` name. */
  readonly body: unknown;
  /** For the request's log line alone. */
  readonly log?: LogFields;
}

/** Of an answer that is the same for everybody, and changes with a deployment alone. */
export const cacheable = { 'cache-control': 'public, max-age=300' } as const;

export const reply = (statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  statusCode,
  headers,
  body,
});
