import { copyKeys } from '../queues/deadLetter.ts';
import { Message } from '../queues/message.ts';
import { AmqpError } from '../wire/amqpError.ts';
import { typeName } from '../wire/fieldNames.ts';
import type { FieldTable } from '../wire/fieldTable.ts';
import type { Content } from '../wire/frames.ts';

const maxTimerMs = 0xffff_ffffn;

/** The message a publish makes: routing keys from CC and BCC added, BCC removed. Refuses with 406 what RabbitMQ refuses. */
export function toMessage(exchange: string, routingKey: string, content: Content, user: string): Message {
  const message = new Message(exchange, [routingKey], content.properties, content.body);
  const { expiration, userId, headers } = message.relevant;
  if (userId !== undefined && userId !== user) {
    const text = `user_id property set to '${userId}' but authenticated user was '${user}'`;
    throw new AmqpError('PRECONDITION_FAILED', text);
  }
  if (expiration !== undefined) checkExpiration(expiration);
  if (headers === undefined || !(headers.has('CC') || headers.has('BCC'))) return message;
  return withCopies(message, headers);
}

function withCopies(message: Message, headers: FieldTable): Message {
  for (const name of ['CC', 'BCC']) {
    const copies = headers.get(name);
    if (copies && copies.tag !== 'A') {
      const text = `invalid message: {unacceptable_type_in_header,"${name}",${typeName(copies)}}`;
      throw new AmqpError('PRECONDITION_FAILED', text);
    }
  }
  const routingKeys = [...message.routingKeys, ...copyKeys(headers), ...copyKeys(headers, 'BCC')];
  const visible = new Map(headers);
  visible.delete('BCC');
  return message.withProperties({ ...message.decoded, headers: visible }, message.exchange, routingKeys);
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
