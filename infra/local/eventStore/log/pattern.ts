import { InvalidRequest } from '../wire/shared.ts';

/**
 * A .NET regular expression as JavaScript's: a leading `(?i)` becomes the flag, `\A`, `\z` and `\Z` the anchors.
 * Throws {@link InvalidRequest} for what JavaScript has no equal of.
 */
export function toPattern(expression: string): RegExp {
  const ignoresCase = expression.startsWith('(?i)');
  const source = (ignoresCase ? expression.slice(4) : expression).replace(/\\(.)/gs, (escaped, letter: string) =>
    letter === 'A' ? '^' : letter === 'z' || letter === 'Z' ? '$' : escaped,
  );
  try {
    return new RegExp(source, ignoresCase ? 'i' : '');
  } catch (error) {
    throw new InvalidRequest(`'${expression}' is not a valid regular expression: ${String(error)}`);
  }
}
