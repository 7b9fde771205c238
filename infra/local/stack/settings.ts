import { logLevels } from '../../../shared/observe/logger.ts';
import { paymentTimeoutMs, sender } from '../../aws/settingForms.ts';
import { readHostileSeed } from '../eventSource/hostileSeed.ts';
import { StackProblem, toReason } from './stackProblem.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Servers that are there already, by address; the stack starts those that are missing. */
export interface GivenAddresses {
  readonly eventStore: string | undefined;
  readonly broker: string | undefined;
  readonly dynamo: string | undefined;
  readonly payments: string | undefined;
  readonly shipping: string | undefined;
  readonly mail: string | undefined;
  readonly issuer: string | undefined;
}

export interface Settings {
  /** 0: any free port. */
  readonly httpPort: number;
  readonly given: GivenAddresses;
  readonly tablePrefix: string;
  /** Caps how long a batch of messages waits for more; in the cloud Lambda's own 500 ms hold. */
  readonly batchWindowMs: number;
  /** Absolute; undefined: local servers keep everything in memory. */
  readonly dataDirectory: string | undefined;
  /** Wraps the customers' keys: 32 bytes in base64url; undefined: one of its own. */
  readonly masterKey: string | undefined;
}

export const variables = {
  eventStore: {
    name: 'EVENTSTORE_URL',
    protocols: ['esdb:', 'esdb+discover:'],
    example: 'esdb://127.0.0.1:2113?tls=false',
  },
  broker: { name: 'RABBITMQ_URL', protocols: ['amqp:', 'amqps:'], example: 'amqp://guest:guest@127.0.0.1:5672' },
  dynamo: { name: 'DYNAMODB_ENDPOINT', protocols: ['http:', 'https:'], example: 'http://127.0.0.1:8000' },
  payments: { name: 'PAYMENTS_URL', protocols: ['http:', 'https:', 'stripe:'], example: 'http://127.0.0.1:4000' },
  shipping: { name: 'SHIPPING_URL', protocols: ['http:', 'https:'], example: 'http://127.0.0.1:4001' },
  mail: { name: 'SES_ENDPOINT', protocols: ['http:', 'https:'], example: 'http://127.0.0.1:8005' },
  issuer: { name: 'JWT_ISSUER', protocols: ['http:', 'https:'], example: 'http://127.0.0.1:8080' },
} as const satisfies Record<keyof GivenAddresses, unknown>;

const defaultHttpPort = 3000;
const defaultBatchWindowMs = 5;
const defaultPaymentTimeoutMs = 60_000;

/**
 * The stack's settings out of the environment; an empty variable counts as not set.
 *
 * @throws StackProblem naming every variable that cannot be used
 */
export function parseSettings(env: Environment, dataDirectory?: string): Settings {
  const problems: string[] = [];

  const number = (name: string, fallback: number, max: number, min = 0): number => {
    const text = env[name];
    if (text === undefined || text === '') return fallback;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    problems.push(`${name} is "${text}", expected a whole number from ${min} to ${max}`);
    return fallback;
  };
  const address = (part: keyof GivenAddresses): string | undefined => {
    const { name, protocols, example } = variables[part];
    const text = env[name];
    if (text === undefined || text === '') return undefined;
    const isUsable = URL.canParse(text) && protocols.some((protocol) => protocol === new URL(text).protocol);
    if (!isUsable) problems.push(`${name} is "${withoutCredentials(text)}", expected something like ${example}`);
    return text;
  };
  const prefix = env['TABLE_PREFIX'] || 'waybill-local';
  if (!/^[\w.-]{1,200}$/.test(prefix))
    problems.push(`TABLE_PREFIX is "${prefix}", expected letters, digits, "_", "." or "-"`);

  const masterKey = env['PERSONAL_MASTER_KEY'] || undefined;
  // Not shown: it is a secret, also where it is none.
  if (masterKey !== undefined && !/^[\w-]{43}$/.test(masterKey))
    problems.push('PERSONAL_MASTER_KEY is not 32 bytes in base64url');

  const settings: Settings = {
    httpPort: number('PORT', defaultHttpPort, 65_535),
    batchWindowMs: number('BATCH_WINDOW_MS', defaultBatchWindowMs, 300_000),
    tablePrefix: prefix,
    dataDirectory,
    masterKey,
    given: {
      eventStore: address('eventStore'),
      broker: address('broker'),
      dynamo: address('dynamo'),
      payments: address('payments'),
      shipping: address('shipping'),
      mail: address('mail'),
      issuer: address('issuer'),
    },
  };
  // Functions and event source read the rest themselves, and would be heard of late or never.
  number('PAYMENT_TIMEOUT_MS', defaultPaymentTimeoutMs, paymentTimeoutMs.most, paymentTimeoutMs.least);
  try {
    readHostileSeed(env['HOSTILE_SEED']);
  } catch (error) {
    problems.push(toReason(error));
  }
  const mailFrom = env['MAIL_FROM'];
  if (mailFrom && !sender.test(mailFrom))
    problems.push(`MAIL_FROM is "${mailFrom}", expected an address, or a name and an address: Waybill <a@b.example>`);
  const payments = settings.given.payments;
  if (payments !== undefined && /^stripe:/i.test(payments)) {
    // The key may be in a secret instead.
    if (!env['STRIPE_API_KEY'] && !env['STRIPE_API_KEY_SECRET'])
      problems.push('STRIPE_API_KEY is not set: Stripe needs it');
    if (!env['STRIPE_PAYMENT_METHOD'])
      problems.push('STRIPE_PAYMENT_METHOD is not set: Stripe needs one, such as pm_card_visa');
  }
  const level = env['LOG_LEVEL'] || 'INFO';
  if (!logLevels.some((name) => name === level))
    problems.push(`LOG_LEVEL is "${level}", expected ${logLevels.join(', ')}`);
  if (problems.length > 0) throw new StackProblem(problems.join('; '));
  return settings;
}

/** An address fit for a screen or a log. */
export function withoutCredentials(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//');
}
