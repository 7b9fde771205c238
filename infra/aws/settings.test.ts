import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { settingForms } from './settingForms.ts';
import { checkSettings, mergeSettings, params, type Settings } from './settings.ts';

const stages = {
  default: { mailFrom: '', brokerVersion: '4.2', relayTasks: 1, corsOrigins: ['http://localhost:8080'] },
  dev: {},
  prod: { relayTasks: 2 },
  local: { mailFrom: 'orders@waybill.example' },
};
const merge = (own: unknown) => mergeSettings(stages, own, 'settings.yml');

test('an account without settings of its own has those of the repository', () => {
  expect(merge(undefined)).toEqual(stages);
  expect(merge(null)).toEqual(stages);
});

test("what an account says for every stage holds in each, and a stage's own above it", () => {
  const own = { default: { mailFrom: 'a@shop.example', relayTasks: 3 }, dev: { mailFrom: 'dev@shop.example' } };
  expect(merge(own)).toEqual({
    default: { ...stages.default, mailFrom: 'a@shop.example', relayTasks: 3 },
    dev: { mailFrom: 'dev@shop.example', relayTasks: 3 },
    prod: { mailFrom: 'a@shop.example', relayTasks: 3 },
    local: stages.local,
  });
});

test('every name that there is not is told at once, before anything is deployed', () => {
  const own = { default: { mailform: 'x' }, production: {}, local: {}, prod: { brokerVersion: 4.1 } };
  expect(() => merge(own)).toThrow(
    [
      "settings: settings.yml: default: no setting 'mailform'",
      "settings: settings.yml: no stage 'production', there are default, dev, prod",
      "settings: settings.yml: no stage 'local', there are default, dev, prod",
    ].join('\n  '),
  );
  expect(() => merge(['dev'])).toThrow('settings.yml: expected stages');
  expect(() => merge({ dev: 'x' })).toThrow('settings.yml: dev: expected settings');
});

const repository = parse(readFileSync('infra/aws/stages.yml', 'utf8')) as Settings;
const said = { mailFrom: 'a@shop.example', jwtIssuer: 'https://issuer.example', jwtAudience: 'waybill' };
const whole = (changes: object) => ({ ...repository['default'], ...said, ...changes });

describe('what a setting may be', () => {
  test('is said of every one that there is, and of no other', () => {
    const names = new Set(Object.values(repository).flatMap((settings) => Object.keys(settings)));
    expect([...names].toSorted()).toEqual(Object.keys(settingForms).toSorted());
  });

  test.each(['dev', 'staging', 'prod'])('is kept by %s as it stands', (stage) => {
    expect(checkSettings(whole(repository[stage] ?? {}))).toEqual([]);
  });

  test.each([
    {
      relay: 'fargate',
      relayImage: 'r/w:1',
      relayTasks: '0',
      deletionProtection: 'false',
      logRetentionInDays: '400',
      throttleRate: '7',
    },
    {
      paymentTimeoutMs: 30_000,
      corsOrigins: 'https://a.example,https://b.example',
      zones: 'a,b,d',
      virtualHost: 'orders',
    },
    {
      domainName: 'orders.example.com',
      certificateArn: 'arn:aws:acm:eu-central-1:1:certificate/1',
      keepDefaultAddress: 'true',
    },
    {
      eventStorePeeringId: 'pcx-0a1',
      eventStoreCidr: '10.1.0.0/16',
      brokerSize: 'mq.m7g.2xlarge',
      brokerVersion: '4.10',
    },
  ])('%j is taken', (changes) => {
    expect(checkSettings(whole(changes))).toEqual([]);
  });

  test.each([
    [{ relay: 'bogus' }, 'relay is "bogus", expected lambda or fargate or process'],
    [{ relay: 'process' }, 'relay is "process", which is for npm start'],
    [{ jwtIssuer: 'issuer.example.com' }, 'jwtIssuer is "issuer.example.com", expected an https address'],
    [{ jwtIssuer: '' }, 'jwtIssuer: who issues callers’ tokens'],
    [{ mailFrom: '' }, 'mailFrom: from which address'],
    [{ paymentTimeoutMs: '0' }, 'paymentTimeoutMs is "0", expected a whole number, 1 to 86400000'],
    [{ paymentTimeoutMs: 1.5 }, 'paymentTimeoutMs is 1.5, expected a whole number'],
    [{ relayTasks: '' }, 'relayTasks is "", expected a whole number'],
    [{ natInEachZone: 'yes' }, 'natInEachZone is "yes", expected "true" or "false"'],
    [{ natInEachZone: true }, 'natInEachZone is true, expected "true" or "false"'],
    [{ deletionProtection: 'no' }, 'deletionProtection is "no", expected true or false'],
    [{ deletionPolicy: 'Bogus' }, 'deletionPolicy is "Bogus", expected Delete or Retain'],
    [{ vpcCidr: '10.90.0.0/99' }, 'vpcCidr is "10.90.0.0/99", expected a network'],
    [{ vpcCidr: '10.90.0.0/24' }, 'vpcCidr is "10.90.0.0/24", expected a network of /16 or /17'],
    [{ eventStoreCidr: 'bogus' }, 'eventStoreCidr is "bogus", expected a network'],
    [{ eventStorePeeringId: 'pcx-1', eventStoreCidr: '10.90.0.0/16' }, 'expected the peer’s network'],
    [{ eventStorePeeringId: 'pcx-1' }, 'eventStoreCidr is "0.0.0.0/0", expected the peer’s network'],
    [{ virtualHost: '' }, 'virtualHost: a name'],
    [{ relay: 'fargate' }, 'relayImage: <account>.dkr.ecr'],
    ...['a', 'a,b', 'a,b,b', 'a,b,a', 'a,b,c,d', 'a b c', 'eu-central-1a,b,c'].map(
      (zones) => [{ zones }, `zones is "${zones}", expected three letters`] as const,
    ),
    [{ logLevel: 'LOUD' }, 'logLevel is "LOUD", expected DEBUG'],
    [{ logRetentionInDays: 15 }, 'logRetentionInDays is 15, expected one of 1, 3'],
    [{ brokerSize: 'huge' }, 'brokerSize is "huge", expected mq.m7g.medium'],
    [{ brokerVersion: 4.1 }, 'brokerVersion is 4.1, expected "4.2" or later'],
    [{ domainName: 'orders.example.com' }, 'domainName and certificateArn: both, or neither'],
    [{ certificateArn: 'x' }, 'certificateArn is "x", expected arn:aws:acm'],
    [{ mappings: 'no' }, 'mappings is "no", expected on or off'],
  ])('%j is refused, saying what is expected', (changes, problem) => {
    expect(checkSettings(whole(changes)).join('\n')).toContain(problem);
  });
});

describe('before anything is packaged', () => {
  const resolve = (stage: string, given: readonly string[] | null, path = '') =>
    params({
      resolveVariable: async (address) => (address === 'sls:stage' ? stage : address.startsWith('env:') ? path : given),
    });
  const enough = Object.entries(said).map(([name, value]) => `${name}=${value}`);

  test('what is said for one deployment is looked at like the rest', async () => {
    expect(await resolve('dev', enough)).toMatchObject({ default: { relay: 'lambda' } });
    await expect(resolve('dev', [...enough, 'mapings=off', 'relay=bogus'])).rejects.toThrow(
      'settings: --param: no setting \'mapings\'\n  settings: relay is "bogus", expected',
    );
  });

  test('what is missing is told at once, and no stack with it', async () => {
    const problem = await resolve('prod', null).catch((error: unknown) => error);
    expect(String((problem as Error).stack).split('\n')).toEqual([
      'settings: mailFrom: from which address, verified with SES, customers get mail',
      '  settings: jwtIssuer: who issues callers’ tokens, such as https://issuer.example.com',
      '  settings: jwtAudience: for whom callers’ tokens are issued',
      '  (docs/operations.md, "Settings")',
    ]);
  });

  test('a stage that there is not is refused, and what is started locally is let be', async () => {
    await expect(resolve('bogus', enough)).rejects.toThrow("no stage 'bogus', there are dev, staging, prod");
    await expect(resolve('dev', enough, 'none.yml')).rejects.toThrow("names 'none.yml', and there is no such file");
    expect(await resolve('local', ['anything=goes'])).toEqual(repository);
  });
});
