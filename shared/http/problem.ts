/** Problem details for HTTP APIs (RFC 9457). */
export interface FieldError {
  /** JSON Pointer into the body (RFC 6901), or the name of a header, path or query parameter. */
  readonly field: string;
  readonly message: string;
}

/** A request that is refused before anything was decided: its form is wrong. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
  readonly statusCode: 400 | 413 | 415;
  readonly code: string;
  readonly errors: readonly FieldError[];

  constructor(statusCode: 400 | 413 | 415, code: string, message: string, errors: readonly FieldError[] = []) {
    super(message);
    this.statusCode = statusCode;
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
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** The body of a problem; `type` is a relative reference to its entry in docs/errors.md. */
export const toProblemBody = ({ status, code, detail, facts }: Problem, correlationId: string) => ({
  // First, so that no fact can pass for a member that RFC 9457 defines.
  ...facts,
  type: `/errors#${code}`,
  title: titles[status] ?? 'Error',
  status,
  code,
  detail,
  correlationId,
});
