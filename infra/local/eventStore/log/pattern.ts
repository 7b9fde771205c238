import { RE2JS } from 're2js';
import { InvalidRequest } from '../wire/shared.ts';

/** Says of a name whether it matches, in time proportional to its length, whatever the expression. */
export interface Pattern {
  test(name: string): boolean;
}

const LONGEST_EXPRESSION = 4096;
/** With this many states and the longest name a stream can have, one name costs some tens of milliseconds at worst. */
const LARGEST_PROGRAM = 2000;

/**
 * A .NET regular expression for an engine that never backtracks, so that no expression can stop the server: what needs
 * backtracking (lookaround, references to groups, atomic groups) is refused. `\Z` and `\u....` are translated.
 * Throws {@link InvalidRequest} with the reason.
 */
export function toPattern(expression: string): Pattern {
  if (expression.length > LONGEST_EXPRESSION) {
    throw new InvalidRequest(
      `A regular expression must not be longer than ${LONGEST_EXPRESSION} characters, but is ${expression.length}.`,
    );
  }
  const pattern = compile(expression);
  if (pattern.programSize() > LARGEST_PROGRAM) {
    throw new InvalidRequest(`'${expression}' is too large: write fewer or smaller repetitions.`);
  }
  return pattern;
}

function compile(expression: string): RE2JS {
  const source = expression.replace(/\\(?:u([\dA-Fa-f]{4})|(.))/gs, (escaped, code?: string, letter?: string) =>
    code !== undefined ? `\\x{${code}}` : letter === 'Z' ? '\\n?\\z' : escaped,
  );
  try {
    return RE2JS.compile(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidRequest(
      `'${expression}' can't be used as a regular expression: ${reason}. Lookaround and references to groups are not supported: only what can be matched without backtracking is.`,
    );
  }
}
