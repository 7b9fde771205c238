export type { PaymentCommand } from './commands.ts';
export { paymentDecider } from './decide.ts';
export { type PaymentEvent, paymentEvents } from './events.ts';
export type { PaymentRejection } from './rejections.ts';
export type { Payment } from './state.ts';
export { paymentCategory, paymentStream } from './stream.ts';
