/** A CloudFormation template, as much of it as the checks look at. */
export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Condition?: string }>>;
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A function's name and its argument, where the value is one: `{ Ref: 'X' }`, `{ 'Fn::GetAtt': ['X', 'Arn'] }`. */
export function toIntrinsic(value: unknown): readonly [name: string, argument: unknown] | undefined {
  if (!isObject(value)) return undefined;
  const [entry, ...others] = Object.entries(value);
  return entry && others.length === 0 && /^(Ref|Condition|Fn::\w+)$/.test(entry[0]) ? entry : undefined;
}

export const resourcesOf = (template: Template, type: string): readonly (readonly [string, Resource])[] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

/** Every value inside of a value, itself included, with the way to it. */
export function* walk(value: unknown, path = ''): Generator<readonly [path: string, value: unknown]> {
  yield [path, value];
  const inner = Array.isArray(value) ? [...value.entries()] : isObject(value) ? Object.entries(value) : [];
  for (const [key, part] of inner) yield* walk(part, `${path}/${key}`);
}

export interface Reference {
  readonly from: string;
  /** A resource or a parameter. */
  readonly to: string;
  /** Of a GetAtt. */
  readonly attribute?: string;
  /** Conditions under which it is looked at at all: those of the Fn::If around it. */
  readonly within: readonly string[];
}

/** Everything that a value refers to, in Ref, GetAtt and Sub. */
export function* referencesIn(value: unknown, from: string, within: readonly string[] = []): Generator<Reference> {
  const intrinsic = toIntrinsic(value);
  if (intrinsic) {
    const [name, argument] = intrinsic;
    if (name === 'Ref') yield { from, to: String(argument), within };
    if (name === 'Fn::GetAtt') {
      const [to = '', ...attribute] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
      yield { from, to, attribute: attribute.join('.'), within };
      return;
    }
    if (name === 'Fn::Sub') {
      const [text, given] = Array.isArray(argument) ? argument : [argument, {}];
      for (const [, variable = ''] of String(text).matchAll(/\$\{([^!}][^}]*)\}/g)) {
        if (Object.hasOwn(given as object, variable)) continue;
        const [to = '', ...attribute] = variable.split('.');
        yield { from, to, within, ...(attribute.length > 0 && { attribute: attribute.join('.') }) };
      }
    }
    if (name === 'Fn::If' && Array.isArray(argument)) {
      yield* referencesIn(argument[1], from, [...within, String(argument[0])]);
      yield* referencesIn(argument[2], from, within);
      return;
    }
  }
  const inner = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  for (const part of inner) yield* referencesIn(part, from, within);
}
