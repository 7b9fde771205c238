/** The stack cannot start, or cannot go on. The message is one line for a person: what, where, and what to do. */
export class StackProblem extends Error {
  override readonly name = 'StackProblem';
}

/** A part did not come up; all that it wrote is in the log. */
export class PartProblem extends StackProblem {}

/** As much of an error as is read here. By shape: an error of Node itself is no `Error` of a test's own realm. */
interface ErrorLike {
  readonly message: string;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

const isErrorLike = (error: unknown): error is ErrorLike =>
  typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';

export const hasCode = (error: unknown, code: string | number): boolean => isErrorLike(error) && error.code === code;

/** The cause in one line; of several (a refused connection to a name with several addresses) the first. */
export function toReason(error: unknown): string {
  if (!isErrorLike(error)) return String(error);
  if (error.errors && error.errors.length > 0) return toReason(error.errors[0]);
  // A failed fetch says why only in its cause.
  if (error.message === 'fetch failed' && error.cause) return toReason(error.cause);
  return error.message.split('\n')[0] || String(error);
}
