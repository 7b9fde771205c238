import { createAwsSecrets } from '../../shared/config/awsSecrets.ts';
import { type Credentials, parseCredentials, toBrokerUrl } from '../../shared/config/credentials.ts';
import { Fault } from '../../shared/kernel/fault.ts';
import { configOf, settingOf } from './config.ts';
import { freezes } from './freezes.ts';

/** Each is in the environment itself, as `npm start` has it, or in a secret that the environment names. */
const secretOf = {
  EVENTSTORE_URL: 'EVENTSTORE_URL_SECRET',
  PAYMENTS_URL: 'PAYMENTS_URL_SECRET',
  RABBITMQ_URL: 'RABBITMQ_SECRET',
  SHIPPING_URL: 'SHIPPING_URL_SECRET',
  STRIPE_API_KEY: 'STRIPE_API_KEY_SECRET',
} as const;
type Address = keyof typeof secretOf;

/** @throws Fault config/invalid naming every setting that is missing, for these addresses and for the tables */
export function requireAddresses(...addresses: readonly Address[]): void {
  configOf(...addresses.filter((name) => settingOf(secretOf[name]) === undefined), 'TABLE_PREFIX');
}

const readSecret = createAwsSecrets({ freezes });

/** What the secret that this setting names holds. @throws Fault config/invalid, secrets/unavailable */
export async function credentialsOf(setting: string): Promise<Credentials> {
  const id = configOf(setting)[setting] ?? '';
  return parseCredentials(await readSecret(id), id);
}

async function addressOf(name: Address): Promise<string> {
  const secret = settingOf(secretOf[name]);
  return settingOf(name) ?? (secret === undefined ? configOf(name)[name] : readSecret(secret));
}

/** What is wrong with it is told without the text, which may hold credentials. */
async function providerUrl(name: Address, protocols: readonly string[]): Promise<string> {
  const url = await addressOf(name);
  if (URL.canParse(url) && protocols.includes(new URL(url).protocol)) return url;
  throw new Fault('config/invalid', `${name} is no address: expected one that begins with ${protocols.join(' or ')}`);
}

/** Endpoint and virtual host stand in the environment, user and password in the secret. */
async function brokerUrlWith(setting: string): Promise<string> {
  const { RABBITMQ_ENDPOINT, RABBITMQ_VIRTUAL_HOST } = configOf('RABBITMQ_ENDPOINT', 'RABBITMQ_VIRTUAL_HOST');
  return toBrokerUrl(RABBITMQ_ENDPOINT, RABBITMQ_VIRTUAL_HOST, await credentialsOf(setting));
}

// Asked for whenever a connection is made, so that rotated credentials are taken up without a deployment.
// @throws Fault config/invalid, secrets/unavailable
export const eventStoreUrl = (): Promise<string> => addressOf('EVENTSTORE_URL');
export const brokerUrl = settingOf('RABBITMQ_URL') ?? (() => brokerUrlWith(secretOf.RABBITMQ_URL));
/** The administrator's, for the deploy step alone. */
export const brokerAdminUrl = (): Promise<string> => brokerUrlWith('RABBITMQ_ADMIN_SECRET');

// Read once, as a function starts: what is wrong with one is told at once and not with each order, and another value is taken up
// with the next deployment.
// @throws Fault config/invalid, secrets/unavailable
export const paymentsUrl = (): Promise<string> => providerUrl('PAYMENTS_URL', ['http:', 'https:', 'stripe:']);
export const shippingUrl = (): Promise<string> => providerUrl('SHIPPING_URL', ['http:', 'https:']);
export const stripeApiKey = (): Promise<string> => addressOf('STRIPE_API_KEY');
