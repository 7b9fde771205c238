import type { ViewRow } from './readView.ts';
import type { StockView } from './stockView.ts';

/** The stock of every SKU of which anything was ever received, by SKU. @throws Fault table/unavailable */
export type ReadStockList = () => Promise<readonly ViewRow<StockView>[]>;
