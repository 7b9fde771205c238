import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AttributeValue, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Part, startPart } from '../stack/part.ts';
import { hasCode } from '../stack/stackProblem.ts';
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

describe('what a customer’s key was wrapped in, once it is destroyed', () => {
  /** Long and of chance, as a wrapped key is. */
  const wrapped = { erased: randomBytes(60).toString('base64url'), kept: randomBytes(60).toString('base64url') };
  const onDisk = (): readonly string[] => {
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    let bytes: Buffer;
    try {
      bytes = Buffer.concat(files.map(({ parentPath, name }) => readFileSync(join(parentPath, name))));
    } catch (error) {
      // One that has gone since was written anew under another name: what is there is looked at again.
      if (hasCode(error, 'ENOENT')) return onDisk();
      throw error;
    }
    // LevelDB writes four letters that stood nearby already as a reference: chance has such, and the rest is there in pieces.
    const isThere = (text: string): boolean => text.match(/.{20}/g)?.some((piece) => bytes.includes(piece)) ?? false;
    return Object.entries(wrapped).flatMap(([name, text]) => (isThere(text) ? [name] : []));
  };
  const destroyOne = async (): Promise<void> => {
    part = await start();
    await createTables(part.url ?? '', 'here');
    const client = connect(part);
    const put = (pk: string, row: Record<string, AttributeValue>) =>
      client.send(new PutItemCommand({ TableName: 'here-customer-keys', Item: { pk: { S: pk }, ...row } }));
    await put('c-1', { wrappedKey: { S: wrapped.erased } });
    await put('c-2', { wrappedKey: { S: wrapped.kept } });
    expect(onDisk()).toEqual(['erased', 'kept']);
    await put('c-1', { isErased: { BOOL: true } });
    client.destroy();
  };

  test('is in the folder no more when the tables have stopped', async () => {
    await destroyOne();
    await part?.stop();
    expect(onDisk()).toEqual(['kept']);
  });

  test('is in the folder no more when they have started again after a crash', async () => {
    await destroyOne();
    await part?.kill();
    part = await start();
    expect(onDisk()).toEqual(['kept']);
  });
});
