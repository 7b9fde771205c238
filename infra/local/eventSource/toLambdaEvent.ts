import { toJavaTimestamp } from './javaTimestamp.ts';

/** A message as amqplib delivers it: as much of it as reaches a function. */
export interface Delivery {
  readonly content: Buffer;
  readonly fields: { readonly redelivered: boolean };
  readonly properties: {
    readonly contentType?: string | undefined;
    readonly contentEncoding?: string | undefined;
    readonly headers?: Readonly<Record<string, unknown>> | undefined;
    readonly deliveryMode?: number | undefined;
    readonly priority?: number | undefined;
    readonly correlationId?: string | undefined;
    readonly replyTo?: string | undefined;
    readonly expiration?: string | undefined;
    readonly messageId?: string | undefined;
    readonly timestamp?: number | undefined;
    readonly type?: string | undefined;
    readonly userId?: string | undefined;
    readonly appId?: string | undefined;
    readonly clusterId?: string | undefined;
  };
}

/** One message inside the event: all 14 properties, null where unset, and the body in base64. */
export interface LambdaMessage {
  readonly basicProperties: Readonly<Record<string, unknown>> & { readonly bodySize: number };
  readonly redelivered: boolean;
  readonly data: string;
}

/** What Lambda's mapping for Amazon MQ (RabbitMQ) invokes a function with. */
export interface LambdaEvent {
  readonly eventSource: 'aws:rmq';
  readonly eventSourceArn: string;
  /** One key, "<queue>::<virtual host>"; messages in the order of delivery. */
  readonly rmqMessagesByQueue: Readonly<Record<string, readonly LambdaMessage[]>>;
}

/**
 * One delivery in the shape of docs.aws.amazon.com/lambda/latest/dg/with-mq.html (2026). Exchange and routing key are
 * not in it: Lambda does not pass them on.
 */
export function toLambdaMessage({ content, fields, properties }: Delivery): LambdaMessage {
  return {
    basicProperties: {
      contentType: properties.contentType ?? null,
      contentEncoding: properties.contentEncoding ?? null,
      headers: properties.headers === undefined ? null : toHeaderValue(properties.headers),
      deliveryMode: properties.deliveryMode ?? null,
      priority: properties.priority ?? null,
      correlationId: properties.correlationId ?? null,
      replyTo: properties.replyTo ?? null,
      expiration: properties.expiration ?? null,
      messageId: properties.messageId ?? null,
      timestamp: properties.timestamp === undefined ? null : toJavaTimestamp(properties.timestamp),
      type: properties.type ?? null,
      userId: properties.userId ?? null,
      appId: properties.appId ?? null,
      clusterId: properties.clusterId ?? null,
      bodySize: content.length,
    },
    redelivered: fields.redelivered,
    data: content.toString('base64'),
  };
}

export function toLambdaEvent(queue: string, virtualHost: string, messages: readonly LambdaMessage[]): LambdaEvent {
  return {
    eventSource: 'aws:rmq',
    eventSourceArn: 'arn:aws:mq:eu-central-1:000000000000:broker:local:b-00000000-0000-0000-0000-000000000000',
    rmqMessagesByQueue: { [`${queue}::${virtualHost}`]: messages },
  };
}

/** Strings become their UTF-8 bytes, tables and arrays the same inside, numbers and booleans stay as they are. */
function toHeaderValue(value: unknown): unknown {
  if (typeof value === 'string') return { bytes: [...Buffer.from(value)] };
  if (Buffer.isBuffer(value)) return { bytes: [...value] };
  if (Array.isArray(value)) return value.map(toHeaderValue);
  if (isTimestamp(value)) return toJavaTimestamp(value.value);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toHeaderValue(inner)]));
  }
  return value;
}

/** How amqplib decodes a timestamp inside a table, such as `time` in `x-death`. */
function isTimestamp(value: unknown): value is { readonly '!': 'timestamp'; readonly value: number } {
  return typeof value === 'object' && value !== null && '!' in value && value['!'] === 'timestamp';
}
