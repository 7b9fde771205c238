/** The stack cannot start, or cannot go on. The message is one line for a person: what, where, and what to do. */
export class StackProblem extends Error {
  override readonly name = 'StackProblem';
}

/** The cause in one line: of an AggregateError (a refused connection to a name with several addresses) the first part. */
export function toReason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return toReason(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  // A failed fetch says why only in its cause.
  if (error.message === 'fetch failed' && error.cause) return toReason(error.cause);
  const [line] = error.message.split('\n');
  return line || error.name;
}
