import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { PropertyType, SpecDatabase, TypeDefinition } from '@aws-cdk/service-spec-types';
import { isObject, type Resource, toIntrinsic } from './template.ts';

/** CloudFormation's own database of resource types. */
const database: SpecDatabase = loadAwsServiceSpecSync();

const lookup = (type: string) => database.lookup('resource', 'cloudFormationType', 'equals', type)[0];

/** A custom resource is what its function makes of it; two properties are CloudFormation's. */
const isCustom = (type: string): boolean => type.startsWith('Custom::');

type Properties = TypeDefinition['properties'];

function checkProperties(value: unknown, properties: Properties, at: string): readonly string[] {
  if (!isObject(value)) return [`${at} is no object`];
  const unknown = Object.keys(value).filter((name) => properties[name] === undefined);
  const missing = Object.entries(properties).filter(([name, { required }]) => required && value[name] === undefined);
  return [
    ...unknown.map((name) => `${at}: there is no property ${name}`),
    ...missing.map(([name]) => `${at}: ${name} is required`),
    ...Object.entries(value).flatMap(([name, inner]) => {
      const property = properties[name];
      return property ? checkType(inner, property.type, `${at}.${name}`) : [];
    }),
  ];
}

/** What CloudFormation takes for a number or a boolean may be written as text. */
function checkType(value: unknown, type: PropertyType, at: string): readonly string[] {
  if (toIntrinsic(value)) return [];
  const expect = (isRight: boolean): readonly string[] =>
    isRight ? [] : [`${at} is ${JSON.stringify(value)?.slice(0, 80)}, expected ${type.type}`];
  switch (type.type) {
    case 'string':
      return expect(typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean');
    case 'date-time':
      return expect(typeof value === 'string');
    case 'number':
      return expect(typeof value !== 'boolean' && value !== '' && Number.isFinite(Number(value)));
    case 'integer':
      return expect(typeof value !== 'boolean' && value !== '' && Number.isInteger(Number(value)));
    case 'boolean':
      return expect(value === true || value === false || value === 'true' || value === 'false');
    case 'json':
    case 'null':
    case 'tag':
      return [];
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((item, index) => checkType(item, type.element, `${at}[${index}]`))
        : expect(false);
    case 'map':
      return isObject(value)
        ? Object.entries(value).flatMap(([key, item]) => checkType(item, type.element, `${at}.${key}`))
        : expect(false);
    case 'ref':
      return checkProperties(value, database.get('typeDefinition', type.reference.$ref).properties, at);
    case 'union': {
      const found = type.types.map((one) => checkType(value, one, at));
      // The shortest list is that of the alternative that was meant.
      return found.reduce((least, problems) => (problems.length < least.length ? problems : least));
    }
  }
}

/** What of a resource is not as CloudFormation's database has it: its type, its properties, what is required. */
export function checkResource(name: string, { Type, Properties = {} }: Resource): readonly string[] {
  if (isCustom(Type)) return 'ServiceToken' in Properties ? [] : [`${name}: ServiceToken is required`];
  const resource = lookup(Type);
  return resource ? checkProperties(Properties, resource.properties, name) : [`${name}: there is no type ${Type}`];
}

/** Whether GetAtt gives this of that type. */
export function hasAttribute(type: string, attribute: string): boolean {
  if (isCustom(type)) return true;
  return lookup(type)?.attributes[attribute] !== undefined;
}
