import type { OrderView } from './orderView.ts';
import type { ViewRow } from './readView.ts';

/** Where a page ended; the next begins after it. */
export interface OrderListPlace {
  readonly orderId: string;
  readonly placedAt: string;
}

export interface OrderPage {
  readonly orders: readonly ViewRow<OrderView>[];
  /** Missing on the last page. */
  readonly next?: OrderListPlace;
}

export interface OrderListQuery {
  readonly customerId: string;
  readonly status?: OrderView['status'] | undefined;
  /** 1 to 100. */
  readonly limit: number;
  readonly after?: OrderListPlace | undefined;
}

/**
 * A page of one customer's orders, newest first. It may be shorter than `limit` and still have a next one, where a status
 * leaves out many. Soon rather than at once: an order is in the list when its view has been written, and its index a
 * moment later.
 *
 * @throws Fault table/unavailable
 */
export type ReadOrderList = (query: OrderListQuery) => Promise<OrderPage>;

/** What the list is ordered by; the id tells apart what was placed in the same millisecond. */
export const toOrderListKeys = ({ customerId, createdAt, orderId }: OrderView) => ({
  customerId,
  placedAt: `${createdAt}/${orderId}`,
});
