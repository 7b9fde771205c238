import { BatchGetCommand, type DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { toTableFault } from '../config/dynamoFault.ts';
import type { Product } from '../domain/catalogue/index.ts';
import type { Products } from './products.ts';

type Row = Omit<Product, 'sku'> & { readonly pk: string };

const toProduct = ({ pk, name, priceMinor, currency }: Row): Product => ({ sku: pk, name, priceMinor, currency });

/** The catalogue in a DynamoDB table with the string key `pk`. */
export function createDynamoProducts(client: DynamoDBDocumentClient, table: string): Products {
  const doing = async <Answer>(what: string, work: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await work();
    } catch (error) {
      throw toTableFault(error, `${what} ${table}`);
    }
  };

  return {
    put: ({ sku, ...rest }) =>
      doing('write', async () => {
        await client.send(new PutCommand({ TableName: table, Item: { pk: sku, ...rest } satisfies Row }));
      }),

    list: () =>
      doing('read', async () => {
        const products: Product[] = [];
        for await (const page of paginateScan({ client }, { TableName: table })) {
          products.push(...((page.Items ?? []) as Row[]).map(toProduct));
        }
        return products.sort((a, b) => (a.sku < b.sku ? -1 : 1));
      }),

    // An order has at most 100 lines, and so many keys one request takes.
    find: (skus) =>
      doing('read', async () => {
        const keys = [...new Set(skus)].map((pk) => ({ pk }));
        const request = { RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } };
        const { Responses, UnprocessedKeys } = await client.send(new BatchGetCommand(request));
        if (UnprocessedKeys?.[table]) throw new Error('throttled');
        const products = ((Responses?.[table] ?? []) as Row[]).map(toProduct);
        return new Map(products.map((product) => [product.sku, product]));
      }),
  };
}
