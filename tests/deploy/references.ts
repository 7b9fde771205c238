import { hasAttribute } from './schema.ts';
import { isObject, referencesIn, type Template, toIntrinsic, walk } from './template.ts';

const toList = (value: string | readonly string[] = []): readonly string[] =>
  typeof value === 'string' ? [value] : value;

/** Whatever names something that is not there, or that is there only sometimes, and circles. */
export function checkReferences({
  Resources,
  Parameters = {},
  Conditions = {},
  Outputs = {},
}: Template): readonly string[] {
  const problems: string[] = [];
  const edges = new Map<string, readonly string[]>();

  const checkPart = (name: string, part: object, condition: string | undefined): readonly string[] => {
    const references = [...referencesIn(part, name)].filter(({ to }) => !to.startsWith('AWS::'));
    for (const { to, attribute, within } of references) {
      const target = Resources[to];
      if (!target) {
        if (!Object.hasOwn(Parameters, to) || attribute !== undefined) problems.push(`${name}: there is no ${to}`);
        continue;
      }
      if (attribute !== undefined && !hasAttribute(target.Type, attribute)) {
        problems.push(`${name}: ${to} (${target.Type}) has no attribute ${attribute}`);
      }
      const isThere = target.Condition === undefined || [condition, ...within].includes(target.Condition);
      if (!isThere) problems.push(`${name}: ${to} is there only if ${target.Condition}`);
    }
    return references.map(({ to }) => to).filter((to) => Resources[to]);
  };

  for (const [name, resource] of Object.entries(Resources)) {
    const dependsOn = toList(resource.DependsOn);
    for (const to of dependsOn) if (!Resources[to]) problems.push(`${name}: depends on ${to}, which is not there`);
    edges.set(name, [...dependsOn, ...checkPart(name, resource.Properties ?? {}, resource.Condition)]);
  }
  for (const [name, output] of Object.entries(Outputs))
    checkPart(`output ${name}`, { it: output.Value }, output.Condition);

  const conditionsUsed = [
    ...Object.values(Resources).flatMap(({ Condition }) => Condition ?? []),
    ...Object.values(Outputs).flatMap(({ Condition }) => Condition ?? []),
    ...[...walk({ Resources, Outputs })].flatMap(([, value]) => {
      const [name, argument] = toIntrinsic(value) ?? [];
      return name === 'Fn::If' && Array.isArray(argument) ? [String(argument[0])] : [];
    }),
  ];
  for (const used of new Set(conditionsUsed))
    if (!isObject(Conditions[used])) problems.push(`there is no condition ${used}`);
  return [...problems, ...findCircle(edges)];
}

function findCircle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const visit = (name: string, above: readonly string[]): readonly string[] => {
    if (above.includes(name)) return [`circle: ${[...above.slice(above.indexOf(name)), name].join(' -> ')}`];
    if (done.has(name)) return [];
    done.add(name);
    return (edges.get(name) ?? []).flatMap((next) => visit(next, [...above, name]));
  };
  return [...edges.keys()].flatMap((name) => visit(name, []));
}
