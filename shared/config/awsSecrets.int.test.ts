import { afterAll, beforeAll, expect, test } from '@jest/globals';
import '../../tests/setup/localDynamo.ts';
import { startLocalSecrets } from '../../tests/setup/localSecrets.ts';

const secrets: Record<string, string> = { 'waybill/dev/event-store': 'esdb://user:first@store:2113' };
let server: Awaited<ReturnType<typeof startLocalSecrets>>;
let readAwsSecret: (id: string) => Promise<string>;

beforeAll(async () => {
  server = await startLocalSecrets(secrets);
  // As the SDK reads it, when the adapter is loaded.
  process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = server.url;
  ({ readAwsSecret } = await import('./awsSecrets.ts'));
});
afterAll(() => server.stop());

test('a secret is read once a minute at most, however often it is asked for', async () => {
  expect(await readAwsSecret('waybill/dev/event-store')).toBe('esdb://user:first@store:2113');
  secrets['waybill/dev/event-store'] = 'esdb://user:second@store:2113';
  expect(await readAwsSecret('waybill/dev/event-store')).toBe('esdb://user:first@store:2113');
  expect(server.asked).toEqual(['secretsmanager.GetSecretValue waybill/dev/event-store']);
});

test('one that is not there is an outage, named, and asked for again', async () => {
  const missing = { code: 'secrets/unavailable', isOutage: true, message: expect.stringContaining("secret 'nobody'") };
  await expect(readAwsSecret('nobody')).rejects.toMatchObject(missing);
  secrets['nobody'] = 'somebody';
  expect(await readAwsSecret('nobody')).toBe('somebody');
});
