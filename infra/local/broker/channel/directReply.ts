import { randomBytes } from 'node:crypto';
import type { Message } from '../queues/message.ts';
import { type MessageTarget, replyQueue } from '../vhost/directReply.ts';

/** A channel that waits for direct replies: an address of its own, and no queue behind it. */
export class DirectReply implements MessageTarget {
  readonly name = `${replyQueue}.${randomBytes(16).toString('base64url')}`;
  readonly consumerTag: string;
  readonly #deliver: (message: Message) => void;

  constructor(consumerTag: string, deliver: (message: Message) => void) {
    this.consumerTag = consumerTag;
    this.#deliver = deliver;
  }

  publish(message: Message): boolean {
    this.#deliver(message);
    return true;
  }
}
