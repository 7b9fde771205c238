export type { RemedyCommand } from './commands.ts';
export { remedyDecider } from './decide.ts';
export { type RemedyEvent, remedyEvents } from './events.ts';
export type { RemedyRejection } from './rejections.ts';
export type { Remedy } from './state.ts';
export { remedyStream } from './stream.ts';
