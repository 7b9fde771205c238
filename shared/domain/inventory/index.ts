export type { ReceiveStock, StockCommand } from './commands.ts';
export { stockDecider } from './decide.ts';
export { type StockEvent, stockEvents } from './events.ts';
export { type Receipts, receiptDecider } from './receipts.ts';
export type { StockRejection } from './rejections.ts';
export { receiptSnapshot, stockSnapshot } from './snapshots.ts';
export type { Stock } from './state.ts';
export { stockCategory, stockStream } from './stream.ts';
