import { readFileSync } from 'node:fs';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { parse } from 'yaml';

const tablesFile = new URL('../../aws/tables.yml', import.meta.url);

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: CreateTableCommandInput }>>;
}

/** Every table of the deployed system, out of the same file, under this prefix; without what only an account has. */
export function declareTables(prefix: string): readonly CreateTableCommandInput[] {
  const text = readFileSync(tablesFile, 'utf8').replaceAll(`\${self:service}-\${sls:stage}`, prefix);
  const { Resources }: Template = parse(text, { merge: true });
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::DynamoDB::Table')
    .map(({ Properties: { TableName, BillingMode, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } }) => ({
      TableName,
      BillingMode,
      AttributeDefinitions,
      KeySchema,
      ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
    }));
}
