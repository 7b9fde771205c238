import 'reflect-metadata';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, Payload, Transport } from '@nestjs/microservices';
import { countRequests } from './countRequests.js';

const pattern = 'event';

/**
 * A NestJS microservice that consumes a queue the usual way: it looks whether the event was processed, handles it, marks
 * it as processed and acknowledges it; up to 100 at a time.
 */
export async function startNestConsumer({ url, queue, endpoint, table, handle, onMessage, onSettled }) {
  const raw = new DynamoDBClient({ endpoint, maxAttempts: 3 });
  const requests = countRequests(raw);
  const client = DynamoDBDocumentClient.from(raw);
  const checkIfProcessed = async (id) =>
    (await client.send(new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }))).Item !== undefined;
  const markAsProcessed = (id) =>
    client.send(new PutCommand({ TableName: table, Item: { id, processedAt: new Date().toISOString() } }));

  class EventsController {
    async onEvent(body, context) {
      const message = context.getMessage();
      const id = message.properties.messageId;
      if (!(await checkIfProcessed(id))) {
        await handle(body);
        await markAsProcessed(id);
      }
      context.getChannelRef().ack(message);
      onSettled();
    }
  }
  // What the decorators do, without their syntax, which plain JavaScript does not have.
  const method = Object.getOwnPropertyDescriptor(EventsController.prototype, 'onEvent');
  EventPattern(pattern)(EventsController.prototype, 'onEvent', method);
  Payload()(EventsController.prototype, 'onEvent', 0);
  Ctx()(EventsController.prototype, 'onEvent', 1);
  Controller()(EventsController);
  class AppModule {}
  Module({ controllers: [EventsController] })(AppModule);

  const app = await NestFactory.createMicroservice(AppModule, {
    logger: ['error'],
    transport: Transport.RMQ,
    options: {
      urls: [url],
      queue,
      noAck: false,
      prefetchCount: 100,
      noAssert: true,
      deserializer: {
        deserialize(data) {
          onMessage();
          return { pattern, data };
        },
      },
    },
  });
  await app.listen();
  return {
    requests,
    stop: async () => {
      await app.close();
      raw.destroy();
    },
  };
}
