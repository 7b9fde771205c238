import { consumers } from '../../../shared/broker/topology.ts';
import { toOrderListKeys } from '../../../shared/readModels/orderList.ts';
import { type OrderView, projectOrder } from '../../../shared/readModels/orderView.ts';
import { wireConsumer } from '../../wiring/consumer.ts';

export const handler = wireConsumer<OrderView>(
  { topology: consumers.orderView, service: 'projectOrder', toKeys: toOrderListKeys },
  async (view, event) => projectOrder(view, event),
);
