import { copyKeys } from '../queues/deadLetter.ts';
import { Message } from '../queues/message.ts';
import { replyQueue } from '../vhost/directReply.ts';
import { AmqpError } from '../wire/amqpError.ts';
import { typeName } from '../wire/fieldNames.ts';
import type { Content } from '../wire/frames.ts';
import { scanProperties } from '../wire/properties.ts';

const maxTimerMs = 0xffff_ffffn;

/** What of its publisher a message is checked against. */
export interface Publisher {
  readonly user: string;
  /** Where direct replies reach it; undefined while it awaits none. */
  readonly replyAddress: string | undefined;
}

/**
 * The message a publish makes: routing keys from CC and BCC added, BCC removed, the address of direct replies filled
 * in. Refuses with 406 what RabbitMQ refuses.
 */
export function toMessage(exchange: string, routingKey: string, content: Content, publisher: Publisher): Message {
  const message = new Message({ exchange, routingKey }, content);
  const { expiration, userId, replyTo, hasHeaders } = scanProperties(content.properties);
  if (userId !== undefined && userId !== publisher.user) {
    const text = `user_id property set to '${userId}' but authenticated user was '${publisher.user}'`;
    throw new AmqpError('PRECONDITION_FAILED', text);
  }
  if (expiration !== undefined) checkExpiration(expiration);
  const addressed = replyTo === replyQueue ? withReplyAddress(message, publisher) : message;
  // The letters may be elsewhere in the properties; that they are nowhere is the rule, and cheap to see.
  return hasHeaders && content.properties.includes('CC') ? withCopies(addressed) : addressed;
}

function withReplyAddress(message: Message, { replyAddress: replyTo }: Publisher): Message {
  if (replyTo === undefined) throw new AmqpError('PRECONDITION_FAILED', 'fast reply consumer does not exist');
  return message.withProperties({ ...message.decoded, replyTo });
}

function withCopies(message: Message): Message {
  const { headers } = message;
  if (!headers.has('CC') && !headers.has('BCC')) return message;
  for (const name of ['CC', 'BCC']) {
    const copies = headers.get(name);
    if (copies && copies.tag !== 'A') {
      const text = `invalid message: {unacceptable_type_in_header,"${name}",${typeName(copies)}}`;
      throw new AmqpError('PRECONDITION_FAILED', text);
    }
  }
  const copies = [...copyKeys(headers), ...copyKeys(headers, 'BCC')];
  const visible = new Map(headers);
  visible.delete('BCC');
  const { exchange, routingKey } = message;
  return message.withProperties({ ...message.decoded, headers: visible }, { exchange, routingKey, copies });
}

function checkExpiration(expiration: string): void {
  const refusal = expirationRefusal(expiration);
  if (refusal) throw new AmqpError('PRECONDITION_FAILED', `invalid expiration '${expiration}': ${refusal}`);
}

/** Why RabbitMQ would not take it, in its words. */
function expirationRefusal(expiration: string): string | undefined {
  const [, digits = '', rest = ''] = /^([+-]?\d*)(.*)$/s.exec(expiration) ?? [];
  if (!/\d/.test(digits)) return 'no_integer';
  if (rest !== '') return `{leftover_string,"${rest}"}`;
  const value = BigInt(digits.replace('+', ''));
  if (value < 0n) return `{value_negative,${value}}`;
  return value > maxTimerMs ? `{value_too_large,${value}}` : undefined;
}
