import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { toTableFault } from '../config/dynamoFault.ts';
import { orderStream } from '../domain/orders/index.ts';
import type { OrderListPlace, OrderListQuery, OrderPage, ReadOrderList } from './orderList.ts';
import type { OrderView } from './orderView.ts';
import type { ViewRow } from './readView.ts';

/** Questions that one page may take: a rare status among many orders is not looked for at any price. */
const maxQueries = 5;

interface Item {
  readonly view: OrderView;
  readonly revision: number;
}

/** Orders in the view's table, through its index `by-customer`. */
export function createDynamoOrderList(client: DynamoDBDocumentClient, table: string): ReadOrderList {
  const query = async (
    { customerId, status }: OrderListQuery,
    limit: number,
    after: OrderListPlace | undefined,
  ): Promise<OrderPage> => {
    const command = new QueryCommand({
      TableName: table,
      IndexName: 'by-customer',
      KeyConditionExpression: 'customerId = :customerId',
      ExpressionAttributeValues: { ':customerId': customerId, ...(status && { ':status': status }) },
      ...(status && {
        FilterExpression: '#view.#status = :status',
        ExpressionAttributeNames: { '#view': 'view', '#status': 'status' },
      }),
      ScanIndexForward: false,
      Limit: limit,
      ...(after && {
        ExclusiveStartKey: { pk: orderStream(after.orderId), customerId, placedAt: after.placedAt },
      }),
    });
    const { Items = [], LastEvaluatedKey: last } = await client.send(command).catch((error: unknown) => {
      throw toTableFault(error, `read by-customer of ${table}`);
    });
    const orders = (Items as Item[]).map(({ view, revision }) => ({ view, revision: BigInt(revision) }));
    if (!last) return { orders };
    const next = { orderId: String(last['pk']).slice(orderStream('').length), placedAt: String(last['placedAt']) };
    return { orders, next };
  };

  return async (wanted) => {
    const orders: ViewRow<OrderView>[] = [];
    let { after } = wanted;
    for (let asked = 0; asked < maxQueries; asked += 1) {
      // What is read beyond the page would have to be thrown away, and the place of its end is not known.
      const page = await query(wanted, wanted.limit - orders.length, after);
      orders.push(...page.orders);
      after = page.next;
      if (!after) return { orders };
      if (orders.length === wanted.limit) break;
    }
    return after ? { orders, next: after } : { orders };
  };
}
