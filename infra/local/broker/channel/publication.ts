import type { Message } from '../queues/message.ts';
import type { Exchange } from '../routing/exchange.ts';
import { AmqpError } from '../wire/amqpError.ts';
import type { Content } from '../wire/frames.ts';
import type { MethodOf } from '../wire/methods.ts';
import type { ChannelLink } from './channelLink.ts';
import { toMessage } from './toMessage.ts';

/** A publish that has passed every check and waits only to be routed. */
export interface Publish {
  readonly exchange: Exchange;
  readonly message: Message;
  readonly isMandatory: boolean;
}

/** What became of it: queues took it, there was none, or one of them was full and rejects. */
export type PublishOutcome = 'taken' | 'unroutable' | 'rejected';

/** Checks a publish: 540 for `immediate`, 404 without the exchange, 403 for an internal one, 406 for what it carries. */
export function checkPublish(
  link: ChannelLink,
  method: MethodOf<'basic.publish'>,
  content: Content,
  replyAddress: string | undefined,
): Publish {
  if (method.immediate) throw new AmqpError('NOT_IMPLEMENTED', 'immediate=true');
  const exchange = link.vhost.exchange(method.exchange);
  if (exchange.declaration.isInternal) {
    const title = link.vhost.title('exchange', exchange.name);
    throw new AmqpError('ACCESS_REFUSED', `cannot publish to internal ${title}`);
  }
  const message = toMessage(exchange.name, method.routingKey, content, { user: link.user, replyAddress });
  return { exchange, message, isMandatory: method.mandatory };
}

/** Puts the message into every queue it reaches. */
export function route(link: ChannelLink, { exchange, message }: Publish): PublishOutcome {
  let outcome: PublishOutcome = 'unroutable';
  for (const queue of link.vhost.route(exchange, message)) {
    const isTaken = queue.publish(message);
    if (!isTaken) outcome = 'rejected';
    else if (outcome === 'unroutable') outcome = 'taken';
  }
  return outcome;
}
