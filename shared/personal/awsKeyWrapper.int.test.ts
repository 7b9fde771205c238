import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import '../../tests/setup/localDynamo.ts';
import { neverFrozen } from '../kernel/freezes.ts';
import { createAwsKeyWrapper } from './awsKeyWrapper.ts';
import { keyWrapperContract } from './keyWrapper.contract.ts';
import { createMasterKeyWrapper } from './masterKeyWrapper.ts';

interface Asked {
  readonly KeyId: string;
  readonly Plaintext?: string;
  readonly CiphertextBlob?: string;
  readonly EncryptionContext: { readonly id: string };
}

/** As much of KMS's protocol (JSON 1.1) as is spoken here: a key for each name, bound to the encryption context. */
const asked: string[] = [];
class IncorrectKey extends Error {}
const wrappedBy = new Map<string, string>();
const keys = new Map(
  ['alias/one', 'alias/two'].map((name, n) => [
    name,
    createMasterKeyWrapper(Buffer.alloc(32, n).toString('base64url')),
  ]),
);
async function answer(target: string, { KeyId, Plaintext = '', CiphertextBlob = '', EncryptionContext }: Asked) {
  const key = keys.get(KeyId);
  const { id } = EncryptionContext;
  asked.push(`${target} ${KeyId} ${id}`);
  if (target === 'TrentService.Encrypt') {
    const wrapped = await key?.wrap(id, Buffer.from(Plaintext, 'base64'));
    wrappedBy.set(wrapped ?? '', KeyId);
    return { KeyId, CiphertextBlob: Buffer.from(wrapped ?? '').toString('base64') };
  }
  const wrapped = Buffer.from(CiphertextBlob, 'base64').toString();
  if ((wrappedBy.get(wrapped) ?? KeyId) !== KeyId) throw new IncorrectKey();
  const plain = await key?.unwrap(id, wrapped);
  return { KeyId, Plaintext: Buffer.from(plain ?? []).toString('base64') };
}

let server: Server;
let endpoint: string;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const target = String(request.headers['x-amz-target']);
    const headers = { 'content-type': 'application/x-amz-json-1.1' };
    try {
      const reply = await answer(target, (await json(request)) as Asked);
      response.writeHead(200, headers).end(JSON.stringify(reply));
    } catch (error) {
      const __type = error instanceof IncorrectKey ? 'IncorrectKeyException' : 'InvalidCiphertextException';
      response.writeHead(400, headers).end(JSON.stringify({ __type }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const create = (keyId: string) => createAwsKeyWrapper({ keyId, endpoint, freezes: neverFrozen });

keyWrapperContract(
  'AWS KMS',
  () => create('alias/one'),
  () => create('alias/two'),
);

test('KMS is told the id of the key that is wrapped, and nothing of whose it is', async () => {
  asked.length = 0;
  const wrapper = create('alias/one');
  await wrapper.unwrap('key-1', await wrapper.wrap('key-1', Buffer.alloc(32)));
  expect(asked).toEqual(['TrentService.Encrypt alias/one key-1', 'TrentService.Decrypt alias/one key-1']);
});

test('a key that is damaged is lost by itself, and one that another wrapped is an outage', async () => {
  const wrapped = await create('alias/one').wrap('key-1', Buffer.alloc(32));
  const unwrap = (keyId: string) => create(keyId).unwrap('key-1', wrapped.slice(0, -8));
  await expect(unwrap('alias/one')).rejects.toMatchObject({
    code: 'personal/unreadable',
    isOutage: false,
    message: 'unwrap key key-1: InvalidCiphertextException',
  });
  await expect(create('alias/two').unwrap('key-1', wrapped)).rejects.toMatchObject({
    code: 'keys/unavailable',
    message: 'unwrap key key-1: IncorrectKeyException: is PERSONAL_KMS_KEY right, and may this role use it?',
  });
});

test('a KMS that is not there is an outage', async () => {
  const nobody = createAwsKeyWrapper({ keyId: 'alias/one', endpoint: 'http://127.0.0.1:1', freezes: neverFrozen });
  await expect(nobody.wrap('key-1', Buffer.alloc(32))).rejects.toMatchObject({
    code: 'keys/unavailable',
    isOutage: true,
  });
});
