import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Part, startPart } from '../stack/part.ts';
import { createTables } from './createTables.ts';
import { startDynamo } from './startDynamo.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

let directory: string;
let part: Part | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'waybill-dynamo-'));
});
afterEach(async () => {
  await part?.kill();
  rmSync(directory, { recursive: true, force: true });
});

const start = (): Promise<Part> =>
  startPart(
    {
      name: 'DynamoDB',
      program: new URL('./main.ts', import.meta.url),
      env: { DATA: directory },
      readyWith: 'message',
    },
    new AbortController().signal,
  );
const connect = ({ url = '' }: Part): DynamoDBClient =>
  new DynamoDBClient({ endpoint: url, region: 'eu-central-1', credentials });

test('with a folder, what was answered is there after kill -9', async () => {
  part = await start();
  await createTables(part.url ?? '', 'here');
  const before = connect(part);
  const put = (n: number) =>
    before.send(new PutItemCommand({ TableName: 'here-products', Item: { pk: { S: `sku-${n}` } } }));
  await Promise.all(Array.from({ length: 50 }, (_, n) => put(n)));
  await part.kill();
  before.destroy();

  part = await start();
  const after = connect(part);
  expect(await after.send(new ScanCommand({ TableName: 'here-products' }))).toMatchObject({ Count: 50 });
  after.destroy();
});

test('a folder that is in use is named', async () => {
  const server = await startDynamo({ directory });

  await expect(startDynamo({ directory })).rejects.toThrow(`${directory} is in use by process ${process.pid}`);
  await server.stop();
  await (await startDynamo({ directory })).stop();
});
