/** What a handler answers; the route turns it into API Gateway's form. */
export interface Reply {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON; bigints in it become numbers. */
  readonly body: unknown;
}

export const reply = (statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  statusCode,
  headers,
  body,
});
