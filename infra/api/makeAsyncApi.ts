import * as z from 'zod/mini';
import { eventKey, exchanges } from '../../shared/broker/topology.ts';
import { eventsByCategory } from '../../tests/events/definitions.ts';

type Json = Readonly<Record<string, unknown>>;

const metadata: Json = {
  type: 'object',
  required: ['$correlationId', '$causationId', 'schemaVersion', 'occurredAt', 'actor'],
  properties: {
    $correlationId: { type: 'string', description: 'The same for everything that follows from one command.' },
    $causationId: { type: 'string', description: 'Id of the command or event that this one follows from.' },
    schemaVersion: { type: 'integer', minimum: 1 },
    occurredAt: { type: 'string', format: 'date-time' },
    actor: { type: 'string' },
    traceparent: { type: 'string' },
  },
};

function toMessage(category: string, type: string, version: number, schema: z.ZodMiniType): Json {
  const { $schema: _, ...data } = z.toJSONSchema(schema, { io: 'input' });
  const event = {
    type: 'object',
    required: ['id', 'type', 'data', 'metadata'],
    properties: {
      id: { type: 'string', format: 'uuid' },
      type: { const: type },
      data,
      metadata: { $ref: '#/components/schemas/Metadata' },
    },
  };
  return {
    name: type,
    title: `${type}, version ${version}`,
    contentType: 'application/json',
    correlationId: { location: '$message.payload#/event/metadata/$correlationId' },
    payload: {
      type: 'object',
      required: ['stream', 'revision', 'event'],
      properties: {
        stream: { type: 'string', pattern: `^${category}-` },
        revision: { type: 'string', pattern: '^(0|[1-9][0-9]*)$' },
        event,
      },
    },
  };
}

/** The events as the relay publishes them, AsyncAPI 3.0: one channel a category, one message a type. */
export function makeAsyncApi(): Json {
  const channels: Record<string, Json> = {};
  const operations: Record<string, Json> = {};
  for (const [category, definitions] of Object.entries(eventsByCategory)) {
    const messages = Object.entries(definitions).map(([type, { version, schema }]) => [
      type,
      toMessage(category, type, version, schema),
    ]);
    channels[category] = {
      address: eventKey(category, '{type}', '{slot}'),
      description: `Events of streams ${category}-<id>. All of one stream share a slot, 00 to 15; a message may come twice.`,
      messages: Object.fromEntries(messages),
      parameters: {
        type: { description: 'The event’s type.', enum: Object.keys(definitions) },
        slot: { description: 'Hash of the stream’s name, two digits.' },
      },
      bindings: {
        amqp: {
          is: 'routingKey',
          exchange: { name: exchanges.events, type: 'topic', durable: true, autoDelete: false },
        },
      },
    };
    operations[`publish-${category}`] = { action: 'send', channel: { $ref: `#/channels/${category}` } };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Waybill’s events',
      version: '1',
      description: 'What the relay publishes: every stored event, in store order, at least once.',
    },
    channels,
    operations,
    components: { schemas: { Metadata: metadata } },
  };
}
