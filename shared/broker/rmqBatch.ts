/** Lambda's event for Amazon MQ (RabbitMQ), as docs.aws.amazon.com/lambda/latest/dg/with-mq.html shows it (read 2026-11). */
import * as z from 'zod/mini';
import { english, toSentence } from '../kernel/english.ts';
import { Fault } from '../kernel/fault.ts';

const rmqEvent = z.object({
  eventSource: z.literal('aws:rmq'),
  rmqMessagesByQueue: z.record(
    z.string(),
    z.array(
      z.object({
        basicProperties: z.object({
          messageId: z.nullish(z.string()),
          correlationId: z.nullish(z.string()),
          headers: z.nullish(z.record(z.string(), z.unknown())),
        }),
        redelivered: z.boolean(),
        data: z.string(),
      }),
    ),
  ),
});

/** One message as it came. */
export interface IncomingMessage {
  readonly queue: string;
  readonly messageId: string | undefined;
  readonly correlationId: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The broker has delivered it before; whether that attempt did anything is not known. */
  readonly redelivered: boolean;
  readonly body: Buffer;
}

const isBytes = (value: object): value is { bytes: number[] } =>
  'bytes' in value && Array.isArray(value.bytes) && Object.keys(value).length === 1;

/** Lambda tells a string in a header as `{ "bytes": [...] }`, its UTF-8; numbers and booleans plainly. */
export function decodeHeader(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(decodeHeader);
  if (isBytes(value)) return Buffer.from(value.bytes).toString('utf8');
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decodeHeader(inner)]));
}

/**
 * The messages of one invocation, in delivery order.
 *
 * @throws Fault broker/malformed-message when this is no such event at all: then the function is wired to the wrong source
 */
export function parseRmqEvent(event: unknown): readonly IncomingMessage[] {
  const parsed = rmqEvent.safeParse(event, english);
  if (!parsed.success) {
    throw new Fault('broker/malformed-message', `not an aws:rmq event: ${toSentence(parsed.error)}`, parsed.error);
  }
  return Object.entries(parsed.data.rmqMessagesByQueue).flatMap(([key, messages]) =>
    messages.map(({ basicProperties, redelivered, data }) => ({
      queue: key.slice(0, key.lastIndexOf('::')),
      messageId: basicProperties.messageId ?? undefined,
      correlationId: basicProperties.correlationId ?? undefined,
      headers: decodeHeader(basicProperties.headers ?? {}) as Record<string, unknown>,
      redelivered,
      body: Buffer.from(data, 'base64'),
    })),
  );
}
