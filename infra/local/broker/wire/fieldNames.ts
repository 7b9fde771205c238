import type { Field } from './fieldTable.ts';

/** What RabbitMQ calls the types of a field table in its error texts. */
const typeNames: Readonly<Record<Field['tag'], string>> = {
  t: 'bool',
  b: 'byte',
  B: 'unsignedbyte',
  s: 'short',
  u: 'unsignedshort',
  I: 'signedint',
  i: 'unsignedint',
  f: 'float',
  d: 'double',
  l: 'long',
  L: 'long',
  T: 'timestamp',
  D: 'decimal',
  S: 'longstr',
  x: 'binary',
  F: 'table',
  A: 'array',
  V: 'void',
};

export function typeName(field: Field): string {
  return typeNames[field.tag];
}

/** The value as RabbitMQ prints it between quotes. */
export function valueText(field: Field): string {
  if (field.tag === 'V') return 'undefined';
  return String(field.value);
}

const sameClass: Readonly<Partial<Record<Field['tag'], string>>> = {
  b: 'int',
  B: 'int',
  s: 'int',
  u: 'int',
  I: 'int',
  i: 'int',
  l: 'int',
  L: 'int',
  f: 'float',
  d: 'float',
};

/** Whether two values are equal where whole numbers of every width compare as numbers, as in RabbitMQ. */
export function isSameField(left: Field, right: Field): boolean {
  if ((sameClass[left.tag] ?? left.tag) !== (sameClass[right.tag] ?? right.tag)) return false;
  return JSON.stringify(left, comparable) === JSON.stringify(right, comparable);
}

function comparable(key: string, value: unknown): unknown {
  if (key === 'tag') return undefined;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Map) return [...value];
  return value;
}
