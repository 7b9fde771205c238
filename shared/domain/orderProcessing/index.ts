export type { FulfilmentCommand } from './commands.ts';
export { fulfilmentDecider } from './decide.ts';
export { type FulfilmentEvent, type FulfilmentFact, type FulfilmentRequest, fulfilmentEvents } from './events.ts';
export type { Fulfilment } from './state.ts';
export { fulfilmentCategory, fulfilmentStream } from './stream.ts';
export { toFact } from './toFact.ts';
