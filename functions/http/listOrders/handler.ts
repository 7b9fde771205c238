import { reply } from '../../../shared/http/reply.ts';
import type { Answer } from '../../../shared/http/route.ts';
import type { OrderListQuery, ReadOrderList } from '../../../shared/readModels/orderList.ts';
import { toCursor } from './request.ts';

/** `GET /orders[?customerId=...][&status=...][&limit=N][&cursor=...]`: newest first; `next` leads to the following page. */
export const createHandler =
  ({ readOrders }: { readonly readOrders: ReadOrderList }) =>
  async (query: OrderListQuery): Promise<Answer> => {
    const { orders, next } = await readOrders(query);
    return reply(200, {
      orders: orders.map(({ view, revision }) => ({ ...view, revision })),
      ...(next && { next: toCursor(next) }),
    });
  };
