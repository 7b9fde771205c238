import { inStage } from './inStage.ts';
import { rights } from './rights.ts';

const touched = new Set(Object.values(rights).flatMap(({ tables = {} }) => Object.keys(tables)));

/** Every table that some function touches, by its short name. */
export const tableNames: readonly string[] = [...new Set([...touched].map((it) => it.replace(/\/.*/, '')))];

/** The dimensions under which DynamoDB tells of a table and, apart from it, of each of its indexes. */
export const tableDimensions = (table: string): readonly Readonly<Record<string, string>>[] => {
  const TableName = inStage(table);
  const indexes = [...touched].flatMap((it) => (it.startsWith(`${table}/index/`) ? [it.split('/')[2] ?? ''] : []));
  return [{ TableName }, ...indexes.map((GlobalSecondaryIndexName) => ({ TableName, GlobalSecondaryIndexName }))];
};
