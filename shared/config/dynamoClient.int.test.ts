import { type AddressInfo, createServer, type Socket } from 'node:net';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import '../../tests/setup/localDynamo.ts';
import { createDynamoClient } from './dynamoClient.ts';

test('a server that takes the request and says nothing fails the call in bounded time', async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const client = createDynamoClient({ endpoint: `http://127.0.0.1:${port}`, requestTimeoutMs: 100 });
  await expect(client.send(new GetCommand({ TableName: 't', Key: { pk: 'x' } }))).rejects.toThrow(/time/i);
  expect(sockets.size).toBeGreaterThanOrEqual(1);
  client.destroy();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
});
