import { v5, v7 } from 'uuid';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** UUID of one order, derived from its customer and the caller's key. */
export type OrderId = Branded<'OrderId'>;
/** UUID of one stored event; doubles as the cause id of what follows from it. */
export type EventId = Branded<'EventId'>;

/** Fixed for ever: another value would give every repeated command a new identity. */
const namespace = '6c1d3f0a-52b7-4e0e-9d55-2f6f0c1b7a10';

/** NUL can't stand in a header or a JSON identifier of ours, so no two lists of parts join to the same name. */
const derive = (...parts: readonly string[]): string => v5(parts.join('\0'), namespace);

export const toOrderId = (customerId: string, idempotencyKey: string): OrderId =>
  derive('order', customerId, idempotencyKey) as OrderId;

/**
 * The id of the `index`-th event that `actor` writes to `stream` because of `causeId`: the same cause, the same events. With its
 * type, since the store compares ids alone: who has decided otherwise meanwhile must not be taken for having written the same.
 */
export const toEventId = (causeId: string, actor: string, stream: string, index: number, type: string): EventId =>
  derive('event', causeId, actor, stream, String(index), type) as EventId;

/**
 * A command's cause id, from everything that makes two requests the same request, their content included: two requests
 * that differ must not give events of one id, or the store would take the second for a repeat of the first.
 */
export const toCommandId = (...parts: readonly string[]): EventId => derive('command', ...parts) as EventId;

/** A new id, ordered by time, for what has no natural identity. */
export const newId = (): EventId => v7() as EventId;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** In whichever case it is written (RFC 9562); undefined: no order can have this id. */
export function parseOrderId(text: string): OrderId | undefined {
  const id = text.toLowerCase();
  return uuid.test(id) ? (id as OrderId) : undefined;
}
