/** What is deployed of each function: its bundle, made as serverless.yml says. */
import { readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { bundleAsDeployed, functionEntries, root } from '../../infra/aws/bundleAsDeployed.ts';
import { rights } from '../../infra/aws/rights.ts';
import { findSecrets } from './securityRules.ts';

const outdir = '.local/bundles';
/** Of the functions that callers of the API wait for; operators, who ask for dead letters, wait a moment longer. */
const maxCommandBytes = 1_600_000;

type Output = Metafile['outputs'][string];
let outputs: Readonly<Record<string, Output>> = {};

beforeAll(async () => {
  ({ outputs } = await bundleAsDeployed(functionEntries(), outdir));
}, 120_000);
afterAll(() => rmSync(`${root}${outdir}`, { recursive: true, force: true }));

const entries = functionEntries().map((entry) => [entry.split('/')[2] ?? '', entry] as const);
const outputOf = (entry: string): Output => {
  const found = outputs[`${outdir}/${entry.replace(/\.ts$/, '.mjs')}`];
  if (!found) throw new Error(`no bundle of ${entry}`);
  return found;
};
/** Files of which something is left in the bundle. */
const inputsOf = (entry: string): readonly string[] =>
  Object.entries(outputOf(entry).inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : []));
const holds = (entry: string, part: string): boolean => inputsOf(entry).some((path) => path.includes(part));

describe.each(entries)('%s', (name, entry) => {
  const { secrets = [], tables, consumer } = rights[name] ?? {};
  const needs = (secret: (typeof secrets)[number]): boolean => secrets.includes(secret);

  test('has the clients that it needs, and no other', () => {
    // Who measures queues speaks to the broker's management interface alone.
    const isOperator = needs('brokerOperator') && name !== 'measureQueues';
    const isOnBroker = consumer !== undefined || needs('brokerRelay') || needs('brokerAdmin') || isOperator;
    expect({
      eventStore: holds(entry, 'node_modules/@eventstore/db-client/'),
      broker: holds(entry, 'node_modules/amqplib/'),
      tables: holds(entry, 'node_modules/@aws-sdk/client-dynamodb/'),
      stripe: holds(entry, 'node_modules/stripe/'),
      keys: holds(entry, 'node_modules/@aws-sdk/client-kms/'),
      mail: holds(entry, 'node_modules/@aws-sdk/client-sesv2/'),
    }).toEqual({
      eventStore: needs('eventStore'),
      broker: isOnBroker,
      tables: tables !== undefined,
      stripe: needs('stripe'),
      keys: (rights[name]?.keys ?? []).length > 0,
      mail: rights[name]?.mails === true,
    });
  });

  test('holds nothing that is for development or tests', () => {
    const strange = inputsOf(entry).filter(
      (path) =>
        !/^(functions\/|shared\/|node_modules\/|infra\/aws\/bundling\/|node:)/.test(path) ||
        /\.(test|contract)\.ts$|shared\/testing\/|\/inMemory/.test(path),
    );
    expect(strange).toEqual([]);
    const dev =
      /node_modules\/(jest|@jest|fast-check|dynalite|serverless|esbuild|@biomejs|typescript|oauth2-mock-server|jose|yaml)\//;
    expect(inputsOf(entry).filter((path) => dev.test(path))).toEqual([]);
  });

  test('looks for its credentials nowhere but in the environment', () => {
    const other = inputsOf(entry).filter((path) =>
      /\/(credential-provider-(?!env)|token-providers|nested-clients)/.test(path),
    );
    expect(other).toEqual([]);
  });

  test('holds of the event store’s client what deals with streams', () => {
    const other = inputsOf(entry).filter((path) => /@eventstore\/.*(persistent|projections)_.*pb/.test(path));
    expect(other).toEqual([]);
  });

  test('holds of AWS’s clients what deals with plain requests', () => {
    const other = inputsOf(entry).filter((path) => /\/event-?streams?\/|\/calculateBodyLength\.js$/.test(path));
    // What stands in for them may be there.
    const bytes = other.map((path) => outputOf(entry).inputs[path]?.bytesInOutput ?? 0);
    expect(Math.max(0, ...bytes)).toBeLessThan(200);
  });

  test('asks Node for what it uses, name by name', () => {
    const { imports } = outputOf(entry);
    expect(imports.filter(({ kind, path }) => kind === 'import-statement' && isBuiltin(path))).toEqual([]);
  });

  test('holds no secret', () => {
    const text = readFileSync(`${root}${outdir}/${entry.replace(/\.ts$/, '.mjs')}`, 'utf8');
    expect(findSecrets(text)).toEqual([]);
  });
});

const isWaitedFor = ([name, entry]: (typeof entries)[number]): boolean =>
  /^functions\/(http|operate)\//.test(entry) && !rights[name]?.secrets?.includes('brokerOperator');

test.each(entries.filter(isWaitedFor))('%s keeps to its budget of 1.6 MB', (_, entry) => {
  expect(outputOf(entry).bytes).toBeLessThanOrEqual(maxCommandBytes);
});

// Some 10 MB in a process that stays, for schemas that are for who reads messages.
test('the relay carries no schemas', () => {
  expect(inputsOf('functions/relay/relayEvents/index.ts').filter((path) => path.includes('/zod/'))).toEqual([]);
});
