import type { OutgoingMessage } from '../broker/publisher.ts';
import { slotOf } from '../broker/slots.ts';
import { toBody } from '../broker/toBody.ts';
import { eventKey, exchanges } from '../broker/topology.ts';
import { categoryOf, type Position, type StoredEvent } from '../store/eventStore.ts';

/** A stored event as the message that tells it. The same event gives the same message, however often it is published. */
export function toMessage(event: StoredEvent, position: Position): OutgoingMessage {
  const { id, type, stream, revision, metadata } = event;
  const { correlationId, causationId, schemaVersion, occurredAt, traceparent } = metadata;
  const headers = {
    stream,
    revision: String(revision),
    position: String(position.commit),
    schemaVersion,
    causationId,
  };
  return {
    exchange: exchanges.events,
    routingKey: eventKey(categoryOf(stream), type, slotOf(stream)),
    messageId: id,
    type,
    correlationId,
    timestamp: new Date(occurredAt),
    headers: traceparent === undefined ? headers : { ...headers, traceparent },
    body: toBody({ stream, revision, event }),
  };
}

/** A stored event that can't be read, as a message: that there is something at this place. */
export function toMalformedHint(stream: string, revision: bigint, now: Date): OutgoingMessage {
  return {
    exchange: exchanges.events,
    routingKey: eventKey(categoryOf(stream), 'malformed', slotOf(stream)),
    messageId: `${stream.slice(0, 60)}@${revision}`,
    type: 'hint',
    timestamp: now,
    headers: { stream, revision: String(revision) },
    body: toBody({ stream, revision }),
  };
}

/** AMQP's limit for a routing key and for each short property. */
const maxShortBytes = 255;
/** All headers together have to fit into 64 KiB, and a stream's name into the key of a cursor's row. */
const maxStreamBytes = 1_000;
const maxHeaderBytes = 8_192;

const fits = (text: unknown, maxBytes: number): boolean =>
  typeof text !== 'string' || text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes;

/** Whether a message can be sent at all: names of events and streams, and ids that callers chose, may be of any length. */
export function isPublishable({ routingKey, messageId, type, correlationId, headers }: OutgoingMessage): boolean {
  return (
    fits(routingKey, maxShortBytes) &&
    fits(messageId, maxShortBytes) &&
    fits(type, maxShortBytes) &&
    fits(correlationId, maxShortBytes) &&
    fits(headers['stream'], maxStreamBytes) &&
    fits(headers['causationId'], maxHeaderBytes) &&
    fits(headers['traceparent'], maxHeaderBytes)
  );
}
