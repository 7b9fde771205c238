import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type ConfirmChannel, connect } from 'amqplib';
import type { OutgoingMessage } from '../../shared/broker/publisher.ts';

const root = join(import.meta.dirname, '..', '..');

/** Broker and tables, each in a process of its own. */
export interface Servers {
  readonly brokerUrl: string;
  readonly dynamoUrl: string;
  /** A new queue that holds these messages. */
  fillQueue(queue: string, messages: readonly OutgoingMessage[]): Promise<void>;
  deleteQueue(queue: string): Promise<void>;
  /** A new table with the string key `key`. */
  createTable(name: string, key: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startServers(): Promise<Servers> {
  const [broker, dynamo] = await Promise.all([
    startProcess('infra/local/broker/main.ts', '--port', '0'),
    startProcess('infra/local/dynamo/main.ts'),
  ]);
  const model = await connect(broker.url, { noDelay: true });
  const channel = await model.createConfirmChannel();
  const client = new DynamoDBClient({ endpoint: dynamo.url });
  return {
    brokerUrl: broker.url,
    dynamoUrl: dynamo.url,
    fillQueue: (queue, messages) => fillQueue(channel, queue, messages),
    deleteQueue: async (queue) => {
      await channel.deleteQueue(queue);
    },
    async createTable(name, key) {
      await client.send(
        new CreateTableCommand({
          TableName: name,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
          KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
        }),
      );
    },
    async stop() {
      client.destroy();
      await model.close();
      await Promise.all([broker.stop(), dynamo.stop()]);
    },
  };
}

async function fillQueue(channel: ConfirmChannel, queue: string, messages: readonly OutgoingMessage[]): Promise<void> {
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  for (const { body, messageId, type, headers } of messages) {
    channel.sendToQueue(queue, Buffer.from(body), { persistent: true, messageId, type, headers });
  }
  await channel.waitForConfirms();
}

async function startProcess(program: string, ...args: readonly string[]) {
  const env = { ...process.env, PORT: '' };
  const child: ChildProcess = fork(join(root, program), args, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return {
    url,
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
