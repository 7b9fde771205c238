import { AmqpError } from '../wire/amqpError.ts';
import { isSameField, typeName, valueText } from '../wire/fieldNames.ts';
import { type Field, type FieldTable, integerOf, textOf } from '../wire/fieldTable.ts';
import type { QueueType } from './queueSettings.ts';

/** Why a value is refused, as RabbitMQ (3.10, checked) words it; undefined where it is good. */
type Check = (field: Field, args: FieldTable) => string | undefined;

interface ArgumentRule {
  readonly check: Check;
  /** The types of queue that know it; all by default. */
  readonly only?: QueueType;
}

const maxTimerMs = 0xffff_ffff;

const isCount: Check = (field) => {
  const value = integerOf(field);
  if (value === undefined) return `"expected integer, got ${typeName(field)}"`;
  return value < 0 ? `{value_negative,${value}}` : undefined;
};

const isDuration: Check = (field, args) => {
  const value = integerOf(field) ?? 0;
  return isCount(field, args) ?? (value > maxTimerMs ? `{value_too_large,${value}}` : undefined);
};

const isLastingDuration: Check = (field, args) =>
  isDuration(field, args) ?? (integerOf(field) === 0 ? '{value_zero,0}' : undefined);

const isPriority: Check = (field, args) => {
  const value = integerOf(field) ?? 0;
  return isCount(field, args) ?? (value > 255 ? `{max_value_exceeded,${value}}` : undefined);
};

const isBoolean: Check = (field) => (field.tag === 't' ? undefined : `{unacceptable_type,${typeName(field)}}`);

const isRoutingKey: Check = (field, args) => {
  if (field.tag !== 'S') return `{unacceptable_type,${typeName(field)}}`;
  return args.has('x-dead-letter-exchange') ? undefined : 'routing_key_but_no_dlx_defined';
};

function isOneOf(values: readonly string[], refusal: (text: string) => string): Check {
  return (field) => {
    const text = textOf(field);
    if (text === undefined) return `{unacceptable_type,${typeName(field)}}`;
    return values.includes(text) ? undefined : refusal(text);
  };
}

const isAnything: Check = () => undefined;

const rules = new Map<string, ArgumentRule>([
  ['x-expires', { check: isLastingDuration }],
  ['x-message-ttl', { check: isDuration }],
  ['x-dead-letter-exchange', { check: isAnything }],
  ['x-dead-letter-routing-key', { check: isRoutingKey }],
  ['x-max-length', { check: isCount }],
  ['x-max-length-bytes', { check: isCount }],
  ['x-max-priority', { check: isPriority, only: 'classic' }],
  ['x-overflow', { check: isOneOf(['drop-head', 'reject-publish', 'reject-publish-dlx'], () => 'invalid_overflow') }],
  [
    'x-queue-mode',
    { check: isOneOf(['default', 'lazy'], (it) => `"unsupported queue mode '${it}'"`), only: 'classic' },
  ],
  ['x-queue-version', { check: isAnything, only: 'classic' }],
  ['x-single-active-consumer', { check: isBoolean }],
  ['x-queue-type', { check: isOneOf(['classic', 'quorum'], (it) => `"unsupported queue type '${it}'"`) }],
  ['x-delivery-limit', { check: isAnything, only: 'quorum' }],
  ['x-quorum-initial-group-size', { check: isAnything, only: 'quorum' }],
  [
    'x-dead-letter-strategy',
    { check: isOneOf(['at-most-once', 'at-least-once'], () => 'invalid_dlx_strategy'), only: 'quorum' },
  ],
  ['x-max-in-memory-length', { check: isAnything, only: 'quorum' }],
  ['x-max-in-memory-bytes', { check: isAnything, only: 'quorum' }],
]);

/** Refuses with 406 what RabbitMQ refuses. Arguments it doesn't know pass. `queue` reads `queue 'q' in vhost '/'`. */
export function checkQueueArguments(args: FieldTable, queue: string): void {
  const deadLetterExchange = args.get('x-dead-letter-exchange');
  if (deadLetterExchange !== undefined && deadLetterExchange.tag !== 'S') {
    const type = typeName(deadLetterExchange);
    throw new AmqpError('PRECONDITION_FAILED', `invalid type '${type}' for arg 'x-dead-letter-exchange' in ${queue}`);
  }
  for (const [name, field] of args) {
    const refusal = rules.get(name)?.check(field, args);
    if (refusal !== undefined)
      throw new AmqpError('PRECONDITION_FAILED', `invalid arg '${name}' for ${queue}: ${refusal}`);
  }
  const type = textOf(args.get('x-queue-type')) ?? 'classic';
  for (const name of args.keys()) {
    const only = rules.get(name)?.only;
    if (only !== undefined && only !== type) {
      throw new AmqpError(
        'PRECONDITION_FAILED',
        `invalid arg '${name}' for ${queue} of queue type rabbit_${type}_queue`,
      );
    }
  }
}

/** Refuses a second declaration whose arguments differ, whole numbers compared by value. */
export function checkSameQueueArguments(received: FieldTable, current: FieldTable, queue: string): void {
  for (const name of rules.keys()) checkSameArgument(name, received.get(name), current.get(name), queue);
}

export function checkSameArgument(
  name: string,
  received: Field | undefined,
  current: Field | undefined,
  what: string,
): void {
  if (name === 'x-queue-type' && isClassic(received) && isClassic(current)) return;
  if (received === undefined && current === undefined) return;
  if (received !== undefined && current !== undefined && isSameField(received, current)) return;
  throw new AmqpError(
    'PRECONDITION_FAILED',
    `inequivalent arg '${name}' for ${what}: ${difference(received, current)}`,
  );
}

function isClassic(type: Field | undefined): boolean {
  return type === undefined || textOf(type) === 'classic';
}

function difference(received: Field | undefined, current: Field | undefined): string {
  if (received && current) return `received '${valueText(received)}' but current is '${valueText(current)}'`;
  return `received ${described(received)} but current is ${described(current)}`;
}

function described(field: Field | undefined): string {
  return field ? `the value '${valueText(field)}' of type '${typeName(field)}'` : 'none';
}
