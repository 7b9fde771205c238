/** JSON Schema as zod writes it, as far as it says what data is taken. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly [keyword: string]: unknown;
}

/** Keywords that take less the larger, or the smaller, they are. */
const lowerBounds = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'] as const;
const upperBounds = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'] as const;
/** Keywords that must stay as they are: whether another value takes less can't be told from it. */
const exact = ['type', 'format', 'pattern', 'const', 'multipleOf', 'additionalProperties'] as const;

const show = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

/**
 * What `before` takes or promises and `after` does not, each in a few words with its place: events that are stored might
 * not be read any more, or a field that readers count on is gone. Empty when `after` is as wide.
 */
export function findBreaks(before: Schema, after: Schema, at = 'data'): readonly string[] {
  const breaks: string[] = [];
  for (const [name, schema] of Object.entries(before.properties ?? {})) {
    const now = after.properties?.[name];
    if (now) breaks.push(...findBreaks(schema, now, `${at}.${name}`));
    else breaks.push(`${at}.${name} was removed`);
  }
  for (const name of after.required ?? []) {
    if (!before.required?.includes(name)) breaks.push(`${at}.${name} is required now`);
  }
  for (const name of before.required ?? []) {
    if (after.properties?.[name] && !after.required?.includes(name)) breaks.push(`${at}.${name} may be missing now`);
  }
  if (before.items && after.items) breaks.push(...findBreaks(before.items, after.items, `${at}[]`));
  for (const keyword of exact) {
    if (show(before[keyword]) !== show(after[keyword])) {
      breaks.push(`${at}: ${keyword} was ${show(before[keyword])} and is ${show(after[keyword])}`);
    }
  }
  const gone = (before.enum ?? []).filter((value) => !(after.enum ?? before.enum)?.includes(value));
  if (gone.length > 0) breaks.push(`${at} can not be ${gone.map(show).join(', ')} any more`);
  if (after.enum && !before.enum) breaks.push(`${at} can only be ${after.enum.map(show).join(', ')} now`);
  const isNarrower = (keyword: string, sign: 1 | -1): boolean => {
    const [was, is] = [before[keyword], after[keyword]];
    return typeof is === 'number' && (typeof was !== 'number' || (is - was) * sign > 0);
  };
  for (const keyword of [
    ...lowerBounds.filter((name) => isNarrower(name, 1)),
    ...upperBounds.filter((name) => isNarrower(name, -1)),
  ]) {
    breaks.push(`${at}: ${keyword} was ${show(before[keyword])} and is ${show(after[keyword])}`);
  }
  return breaks;
}
