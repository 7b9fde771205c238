import { emptyTable, type Field, type FieldTable, longText, textOf } from '../wire/fieldTable.ts';
import type { Message } from './message.ts';

export type DeathReason = 'rejected' | 'expired' | 'maxlen' | 'delivery_limit';

export interface Death {
  readonly reason: DeathReason;
  readonly queue: string;
  readonly exchange: string;
  /** Undefined: the message keeps its routing keys. */
  readonly routingKey: string | undefined;
  readonly atMs: number;
}

/**
 * The message as it is published to the dead-letter exchange: `x-death` tells each queue and reason it died for, newest
 * first, with a count; `x-first-death-*` and `x-last-death-*` name the ends of that story. Its own expiration moves
 * into `x-death`, or it would expire again at once. Source: rabbitmq.com/docs/dlx.
 */
export function toDeadLetter(message: Message, death: Death): Message {
  const { expiration, headers: before = emptyTable, ...properties } = message.decoded;
  const headers = new Map(before);
  const deaths = deathsOf(headers);
  const same = deaths.find(
    (it) => textOf(it.get('queue')) === death.queue && textOf(it.get('reason')) === death.reason,
  );
  const newest = same ? counted(same) : firstTime(message, death, expiration);
  const others = deaths.filter((it) => it !== same);
  if (deaths.length === 0) {
    headers.set('x-first-death-reason', longText(death.reason));
    headers.set('x-first-death-queue', longText(death.queue));
    headers.set('x-first-death-exchange', longText(message.exchange));
  }
  headers.set('x-last-death-reason', longText(death.reason));
  headers.set('x-last-death-queue', longText(death.queue));
  headers.set('x-last-death-exchange', longText(message.exchange));
  headers.set('x-death', { tag: 'A', value: [newest, ...others].map((value) => ({ tag: 'F', value }) as const) });
  if (death.routingKey !== undefined) headers.delete('CC');
  const { exchange } = death;
  const { routingKey, copies } = message;
  const address =
    death.routingKey === undefined ? { exchange, routingKey, copies } : { exchange, routingKey: death.routingKey };
  return message.withProperties({ ...properties, headers }, address);
}

/**
 * Whether the message has been in this queue before and came round without a consumer ever rejecting it: RabbitMQ
 * drops it there, for nothing would end the circle.
 */
export function isDeadLetterCycle(message: Message, queue: string): boolean {
  const deaths = deathsOf(message.headers);
  const before = deaths.findIndex((death) => textOf(death.get('queue')) === queue);
  return before >= 0 && deaths.slice(0, before + 1).every((death) => textOf(death.get('reason')) !== 'rejected');
}

function deathsOf(headers: FieldTable): FieldTable[] {
  const deaths = headers.get('x-death');
  if (deaths?.tag !== 'A') return [];
  return deaths.value.flatMap((death) => (death.tag === 'F' ? [death.value] : []));
}

function firstTime(message: Message, death: Death, expiration: string | undefined): FieldTable {
  const keys = [message.routingKey, ...copyKeys(message.headers)];
  const fields: [string, Field][] = [
    ['count', { tag: 'l', value: 1n }],
    ['reason', longText(death.reason)],
    ['queue', longText(death.queue)],
    ['time', { tag: 'T', value: BigInt(Math.floor(death.atMs / 1000)) }],
    ['exchange', longText(message.exchange)],
    ['routing-keys', { tag: 'A', value: keys.map(longText) }],
  ];
  if (expiration !== undefined) fields.push(['original-expiration', longText(expiration)]);
  return new Map(fields);
}

function counted(death: FieldTable): FieldTable {
  const count = death.get('count');
  const next = count?.tag === 'l' ? count.value + 1n : 1n;
  return new Map([...death, ['count', { tag: 'l', value: next }]]);
}

/** The routing keys in the CC header. BCC never gets here: it is removed when a message is published. */
export function copyKeys(headers: FieldTable, name: 'CC' | 'BCC' = 'CC'): string[] {
  const copies = headers.get(name);
  return copies?.tag === 'A' ? copies.value.flatMap((key) => textOf(key) ?? []) : [];
}
