export type { CreateOrder, OrderCommand } from './commands.ts';
export { orderDecider } from './decide.ts';
export { type OrderEvent, type OrderLine, orderEvents } from './events.ts';
export type { OrderRejection } from './rejections.ts';
export type { Order } from './state.ts';
export { orderCategory, orderStream } from './stream.ts';
