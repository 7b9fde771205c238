import { consumers } from '../../../shared/broker/topology.ts';
import { projectStock, type StockView } from '../../../shared/readModels/stockView.ts';
import { wireConsumer } from '../../wiring/consumer.ts';

export const handler = wireConsumer<StockView>(
  { topology: consumers.stockView, service: 'projectStock' },
  async (view, event) => projectStock(view, event),
);
