import type { Channel } from 'amqplib';

type Attempt = (channel: Channel, queue: string, exchange: string) => unknown;

/** What is tried, and the answer; `Q` and `X` stand for a queue and a topic exchange that are there. */
export const refusals: readonly (readonly [string, Attempt, string])[] = [
  ['checking a missing queue', (it) => it.checkQueue('nope'), "404 NOT_FOUND - no queue 'nope' in vhost '/'"],
  [
    'consuming from a missing queue',
    (it) => it.consume('nope', () => {}),
    "404 NOT_FOUND - no queue 'nope' in vhost '/'",
  ],
  ['getting from a missing queue', (it) => it.get('nope'), "404 NOT_FOUND - no queue 'nope' in vhost '/'"],
  ['purging a missing queue', (it) => it.purgeQueue('nope'), "404 NOT_FOUND - no queue 'nope' in vhost '/'"],
  ['checking a missing exchange', (it) => it.checkExchange('nope'), "404 NOT_FOUND - no exchange 'nope' in vhost '/'"],
  [
    'binding to a missing exchange',
    (it, q) => it.bindQueue(q, 'nope', ''),
    "404 NOT_FOUND - no exchange 'nope' in vhost '/'",
  ],
  [
    'binding a missing queue',
    (it) => it.bindQueue('nope', 'amq.topic', ''),
    "404 NOT_FOUND - no queue 'nope' in vhost '/'",
  ],
  [
    'publishing to a missing exchange',
    (it) => it.publish('nope', '', Buffer.alloc(0)),
    "404 NOT_FOUND - no exchange 'nope' in vhost '/'",
  ],
  [
    'binding to the default exchange',
    (it, q) => it.bindQueue(q, '', 'a'),
    '403 ACCESS_REFUSED - operation not permitted on the default exchange',
  ],
  [
    'declaring amq. queues',
    (it) => it.assertQueue('amq.mine'),
    "403 ACCESS_REFUSED - queue name 'amq.mine' contains reserved prefix 'amq.*'",
  ],
  [
    'declaring amq. exchanges',
    (it) => it.assertExchange('amq.mine', 'topic'),
    "403 ACCESS_REFUSED - exchange name 'amq.mine' contains reserved prefix 'amq.*'",
  ],
  [
    'deleting amq.topic',
    (it) => it.deleteExchange('amq.topic'),
    "403 ACCESS_REFUSED - deletion of system exchange 'amq.topic' in vhost '/' not allowed",
  ],
  [
    'an unknown exchange type',
    (it) => it.assertExchange('any', 'nope'),
    "503 COMMAND_INVALID - unknown exchange type 'nope'",
  ],
  [
    'another exchange type',
    (it, _q, x) => it.assertExchange(x, 'fanout'),
    "406 PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'X' in vhost '/': received 'fanout' but current is 'topic'",
  ],
  [
    'another durability of an exchange',
    (it, _q, x) => it.assertExchange(x, 'topic', { durable: false }),
    "406 PRECONDITION_FAILED - inequivalent arg 'durable' for exchange 'X' in vhost '/': received 'false' but current is 'true'",
  ],
  [
    'another alternate exchange',
    (it, _q, x) => it.assertExchange(x, 'topic', { alternateExchange: 'a' }),
    "406 PRECONDITION_FAILED - inequivalent arg 'alternate-exchange' for exchange 'X' in vhost '/': received the value 'a' of type 'longstr' but current is none",
  ],
  [
    'another durability of a queue',
    (it, q) => it.assertQueue(q, { durable: false }),
    "406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'Q' in vhost '/': received 'false' but current is 'true'",
  ],
  [
    'another time to live',
    (it, q) => it.assertQueue(q, { messageTtl: 5 }),
    "406 PRECONDITION_FAILED - inequivalent arg 'x-message-ttl' for queue 'Q' in vhost '/': received the value '5' of type 'byte' but current is none",
  ],
  [
    'another queue type',
    (it, q) => it.assertQueue(q, { arguments: { 'x-queue-type': 'quorum' } }),
    "406 PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue 'Q' in vhost '/': received the value 'quorum' of type 'longstr' but current is none",
  ],
  [
    'exclusive use of another queue',
    (it, q) => it.assertQueue(q, { exclusive: true }),
    "405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'Q' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.",
  ],
  [
    'a negative time to live',
    (it) => it.assertQueue('any', { messageTtl: -1 }),
    "406 PRECONDITION_FAILED - invalid arg 'x-message-ttl' for queue 'any' in vhost '/': {value_negative,-1}",
  ],
  [
    'a length that is no number',
    (it) => it.assertQueue('any', { arguments: { 'x-max-length': 'x' } }),
    "406 PRECONDITION_FAILED - invalid arg 'x-max-length' for queue 'any' in vhost '/': \"expected integer, got longstr\"",
  ],
  [
    'a dead-letter key without exchange',
    (it) => it.assertQueue('any', { deadLetterRoutingKey: 'k' }),
    "406 PRECONDITION_FAILED - invalid arg 'x-dead-letter-routing-key' for queue 'any' in vhost '/': routing_key_but_no_dlx_defined",
  ],
  [
    'an unknown overflow',
    (it) => it.assertQueue('any', { arguments: { 'x-overflow': 'x' } }),
    "406 PRECONDITION_FAILED - invalid arg 'x-overflow' for queue 'any' in vhost '/': invalid_overflow",
  ],
  [
    'a transient quorum queue',
    (it) => it.assertQueue('any', { durable: false, arguments: { 'x-queue-type': 'quorum' } }),
    "406 PRECONDITION_FAILED - invalid property 'non-durable' for queue 'any' in vhost '/'",
  ],
  [
    'a quorum queue with priorities',
    (it) => it.assertQueue('any', { maxPriority: 3, arguments: { 'x-queue-type': 'quorum' } }),
    "406 PRECONDITION_FAILED - invalid arg 'x-max-priority' for queue 'any' in vhost '/' of queue type rabbit_quorum_queue",
  ],
  [
    'an unknown delivery tag',
    (it) => it.ack({ fields: { deliveryTag: 5 } } as never),
    '406 PRECONDITION_FAILED - unknown delivery tag 5',
  ],
  [
    'an expiration that is no number',
    (it, q) => it.sendToQueue(q, Buffer.alloc(0), { expiration: 'soon' }),
    "406 PRECONDITION_FAILED - invalid expiration 'soon': no_integer",
  ],
  [
    "another user's id",
    (it, q) => it.sendToQueue(q, Buffer.alloc(0), { userId: 'bob' }),
    "406 PRECONDITION_FAILED - user_id property set to 'bob' but authenticated user was 'guest'",
  ],
  [
    'replies without a consumer for them',
    (it, q) => it.sendToQueue(q, Buffer.alloc(0), { replyTo: 'amq.rabbitmq.reply-to' }),
    '406 PRECONDITION_FAILED - fast reply consumer does not exist',
  ],
  [
    'an unknown x-match',
    (it, q) => it.bindQueue(q, 'amq.headers', '', { 'x-match': 'x' }),
    '406 PRECONDITION_FAILED - Invalid x-match field value <<"x">>; expected all, any, all-with-x, or any-with-x',
  ],
  [
    'a tag used twice',
    (it, q) => Promise.all(['a', 'a'].map((consumerTag) => it.consume(q, () => {}, { consumerTag }))),
    "530 NOT_ALLOWED - attempt to reuse consumer tag 'a'",
  ],
  ['a purge of nothing declared', (it) => it.purgeQueue(''), '404 NOT_FOUND - no previously declared queue'],
];
