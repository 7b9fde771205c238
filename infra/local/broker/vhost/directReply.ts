import type { Message } from '../queues/message.ts';

/** The queue that is none: consuming from it makes the channel itself reachable. Source: rabbitmq.com/docs/direct-reply-to. */
export const replyQueue = 'amq.rabbitmq.reply-to';

/** Whatever a message may end in. */
export interface MessageTarget {
  readonly name: string;
  /** False if it is full and refuses. */
  publish(message: Message): boolean;
}
