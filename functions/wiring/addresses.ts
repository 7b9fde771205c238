import { type Credentials, parseCredentials, toBrokerUrl } from '../../shared/config/credentials.ts';
import { configOf, settingOf } from './config.ts';

const readSecret = async (id: string): Promise<string> => {
  // Loaded only where addresses come out of secrets: in the cloud.
  const { readAwsSecret } = await import('../../shared/config/awsSecrets.ts');
  return readAwsSecret(id);
};

/** `<NAME>` itself, or the text of the secret that `<NAME>_SECRET` names. */
async function addressOf(name: 'EVENTSTORE_URL' | 'PAYMENTS_URL'): Promise<string> {
  const secret = settingOf(`${name}_SECRET`);
  return settingOf(name) === undefined && secret !== undefined ? readSecret(secret) : configOf(name)[name];
}

/** `RABBITMQ_URL` itself, or put together from endpoint, virtual host and the credentials in a secret. */
async function brokerAddress(secretName: string): Promise<string> {
  const url = settingOf('RABBITMQ_URL');
  const secret = settingOf(secretName);
  if (url !== undefined || secret === undefined) return url ?? configOf('RABBITMQ_URL').RABBITMQ_URL;
  const { RABBITMQ_ENDPOINT, RABBITMQ_VIRTUAL_HOST } = configOf('RABBITMQ_ENDPOINT', 'RABBITMQ_VIRTUAL_HOST');
  return toBrokerUrl(RABBITMQ_ENDPOINT, RABBITMQ_VIRTUAL_HOST, parseCredentials(await readSecret(secret), secret));
}

// Asked for whenever a connection is made, so that rotated credentials are taken up without a deployment.
// @throws Fault config/invalid, secrets/unavailable
export const eventStoreUrl = (): Promise<string> => addressOf('EVENTSTORE_URL');
export const paymentsUrl = (): Promise<string> => addressOf('PAYMENTS_URL');
export const brokerUrl = (): Promise<string> => brokerAddress('RABBITMQ_SECRET');

/** The administrator's, for the deploy step alone. */
export const brokerAdminUrl = (): Promise<string> => brokerAddress('RABBITMQ_ADMIN_SECRET');

/** What the secret that this setting names holds. @throws Fault config/invalid, secrets/unavailable */
export async function credentialsOf(secretName: string): Promise<Credentials> {
  const id = configOf(secretName)[secretName] ?? '';
  return parseCredentials(await readSecret(id), id);
}
