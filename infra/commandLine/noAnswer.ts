/**
 * Says of a `fetch` that failed which address did not answer, and why, in one line.
 *
 * @param error what `fetch` threw: its cause says more, and of a name with several addresses that one has a code alone
 */
export function noAnswer(origin: string, error: unknown): Error {
  const { cause = error } = error as { readonly cause?: unknown };
  const { code, message } = cause as { readonly code?: unknown; readonly message?: unknown };
  return new Error(
    `${origin} does not answer (${message || code || String(cause)}): is it running, and is --url right?`,
  );
}
