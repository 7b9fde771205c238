import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { rights, type SecretName } from '../../infra/aws/rights.ts';
import { roles } from '../../infra/aws/roles.ts';
import { findTouches } from './touches.ts';

interface FunctionEntry {
  readonly handler: string;
  readonly role?: string;
  readonly vpc?: unknown;
  readonly environment?: Readonly<Record<string, unknown>>;
}

const { functions } = parse(readFileSync('serverless.yml', 'utf8'), { merge: true }) as {
  readonly functions: Readonly<Record<string, FunctionEntry>>;
};
const entries = Object.entries(functions);

/** The secret of a role, by the resource that the environment refers to. */
const bySecret: Readonly<Record<string, SecretName>> = {
  BrokerRelaySecret: 'brokerRelay',
  BrokerConsumerSecret: 'brokerConsumer',
  BrokerOperatorSecret: 'brokerOperator',
};

test('every function has rights, and nothing else has', () => {
  expect(Object.keys(rights).toSorted()).toEqual(entries.map(([name]) => name).toSorted());
  const folders = globSync('functions/*/*/index.ts').map((path) => path.split('/')[2] ?? '');
  expect(Object.keys(rights).toSorted()).toEqual(folders.toSorted());
});

describe.each(entries)('%s', (name, { handler, role, vpc, environment = {} }) => {
  const { tables = {}, secrets = [], consumer, keys = [], mails = false } = rights[name] ?? {};
  const { Ref: secretRef = '' } = (environment['RABBITMQ_SECRET'] ?? {}) as { readonly Ref?: string };

  test('may do what its code does, and nothing else', () => {
    const sorted = Object.fromEntries(Object.entries(tables).map(([table, actions]) => [table, actions.toSorted()]));
    const touches = findTouches(handler.replace('/index.handler', ''), bySecret[secretRef]);
    expect({ tables: sorted, secrets: secrets.toSorted(), consumer: consumer?.name, keys, mails }).toEqual(touches);
  });

  test('has a role of its own, and is in the network exactly where it reaches into it', () => {
    expect(role).toBe(`${name.charAt(0).toUpperCase()}${name.slice(1)}Role`);
    expect(Object.keys(roles.Resources)).toContain(role);
    expect(vpc !== undefined).toBe(secrets.length > 0);
  });

  test('is told of the key that wraps keys exactly where it may use it', () => {
    expect('PERSONAL_KMS_KEY' in environment).toBe(keys.length > 0);
  });

  test('is told of the secrets that it may read, and of no other', () => {
    const told = Object.values(environment)
      .flatMap((value) => Object.values((value ?? {}) as object))
      .map(String);
    const brokers = Object.entries({ ...bySecret, BrokerAdminSecret: 'brokerAdmin' as const });
    for (const [resource, secret] of brokers)
      expect([resource, told.includes(resource)]).toEqual([resource, secrets.includes(secret)]);
    const byHand = {
      PAYMENTS_URL_SECRET: 'payments',
      STRIPE_API_KEY_SECRET: 'stripe',
      SHIPPING_URL_SECRET: 'shipping',
    };
    for (const [setting, secret] of Object.entries(byHand)) {
      expect([setting, setting in environment]).toEqual([setting, secrets.includes(secret as SecretName)]);
    }
  });
});
