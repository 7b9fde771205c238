import { type $ZodError, type $ZodErrorMap, toDotPath } from 'zod/v4/core';
import en from 'zod/v4/locales/en.js';

const { localeError } = en();

/**
 * For a schema's `parse` and `safeParse`, wherever somebody reads what is wrong: zod's own words for it, but for what is not there
 * at all. zod/mini has none by itself and would say "Invalid input" to everything.
 */
export const english: { readonly error: $ZodErrorMap } = {
  error: (issue) => (issue.input === undefined ? 'missing' : localeError(issue)),
};

/** Everything that is wrong, in one line: for a log, or the reason of a dead letter. */
export const toSentence = (error: $ZodError): string =>
  error.issues.map(({ path, message }) => (path.length === 0 ? message : `${toDotPath(path)}: ${message}`)).join('; ');
