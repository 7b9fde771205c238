import { afterAll, beforeAll, expect, test } from '@jest/globals';
import '../../tests/setup/localDynamo.ts';
import { startLocalSecrets } from '../../tests/setup/localSecrets.ts';
import { neverFrozen } from '../kernel/freezes.ts';
import { createAwsSecrets, type ReadSecret } from './awsSecrets.ts';

const secrets: Record<string, string> = { 'waybill/dev/event-store': 'esdb://user:first@store:2113' };
let server: Awaited<ReturnType<typeof startLocalSecrets>>;
let readSecret: ReadSecret;

beforeAll(async () => {
  server = await startLocalSecrets(secrets);
  readSecret = createAwsSecrets({ endpoint: server.url, freezes: neverFrozen });
});
afterAll(() => server.stop());

test('a secret is read once a minute at most, however often it is asked for', async () => {
  expect(await readSecret('waybill/dev/event-store')).toBe('esdb://user:first@store:2113');
  secrets['waybill/dev/event-store'] = 'esdb://user:second@store:2113';
  expect(await readSecret('waybill/dev/event-store')).toBe('esdb://user:first@store:2113');
  expect(server.asked).toEqual(['secretsmanager.GetSecretValue waybill/dev/event-store']);
});

test('one that is not there is an outage, named, and asked for again', async () => {
  const missing = { code: 'secrets/unavailable', isOutage: true, message: expect.stringContaining("secret 'nobody'") };
  await expect(readSecret('nobody')).rejects.toMatchObject(missing);
  secrets['nobody'] = 'somebody';
  expect(await readSecret('nobody')).toBe('somebody');
});
