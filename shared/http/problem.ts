/** Problem details for HTTP APIs (RFC 9457). */
export interface FieldError {
  /** JSON Pointer into the body (RFC 6901; empty for the body as a whole), or the name of a header, path or query parameter. */
  readonly field: string;
  readonly message: string;
}

/** What a request can be refused for before anything is decided, with its status. docs/errors.md lists them. */
export const requestCodes = {
  'http/invalid': 400,
  'http/malformed-json': 400,
  'http/no-token': 401,
  'http/invalid-token': 401,
  'http/missing-scope': 403,
  'http/customer-refused': 403,
  'http/no-such-route': 404,
  'http/method-not-allowed': 405,
  'http/too-large': 413,
  'http/not-json': 415,
} as const;

export type RequestCode = keyof typeof requestCodes;

/** What is told of a defect of ours. */
export const defectCode = 'http/defect';

/** What `GET /health` says when a part does not answer. */
export const unhealthyCode = 'http/unhealthy';

/** A request that is refused before anything was decided: its form is wrong, or its caller may not. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
  readonly statusCode: number;
  readonly code: RequestCode;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: RequestCode,
    message: string,
    errors: readonly FieldError[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.headers = headers;
    this.statusCode = requestCodes[code];
    this.code = code;
    this.errors = errors;
  }
}

export interface Problem {
  readonly status: number;
  /** `room/condition`, listed in docs/errors.md. */
  readonly code: string;
  readonly detail: string;
  /** More members, as the code's entry in docs/errors.md names them. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Besides those that every problem has. */
  readonly headers?: Readonly<Record<string, string>>;
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** The body of a problem; `type` names its entry in docs/errors.md. */
export const toProblemBody = ({ status, code, detail, facts }: Problem, correlationId: string) => ({
  // First, so that no fact can pass for a member that RFC 9457 defines.
  ...facts,
  type: `urn:waybill:problem:${code}`,
  title: titles[status] ?? 'Error',
  status,
  code,
  detail,
  correlationId,
});
