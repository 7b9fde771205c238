import { reply } from '../../../shared/http/reply.ts';
import type { Answer } from '../../../shared/http/route.ts';
import { erased } from '../../../shared/kernel/erased.ts';
import type { PersonalData } from '../../../shared/personal/personalData.ts';
import type { OrderListQuery, ReadOrderList } from '../../../shared/readModels/orderList.ts';
import { toCursor } from './request.ts';

interface Deps {
  readonly readOrders: ReadOrderList;
  readonly personal: Pick<PersonalData, 'openAll'>;
}

/** `GET /orders[?customerId=...][&status=...][&limit=N][&cursor=...]`: newest first; `next` leads to the following page. */
export const createHandler =
  ({ readOrders, personal }: Deps) =>
  async (query: OrderListQuery): Promise<Answer> => {
    const { orders, next } = await readOrders(query);
    const sealed = orders.map(({ view }) => view.recipient ?? erased);
    const recipients = await personal.openAll(query.customerId, sealed);
    return reply(200, {
      orders: orders.map(({ view, revision }, n) => ({ ...view, recipient: recipients[n], revision })),
      ...(next && { next: toCursor(next) }),
    });
  };
