import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { caCertificate } from '../../shared/testing/caCertificate.ts';
import {
  brokerMemoryPercent,
  brokerSize,
  brokerSubnets,
  cors,
  eventStoreCa,
  mailAddress,
  mailIdentities,
  measuringSchedule,
  relayImage,
  relayMinimumHealthyPercent,
  relaySchedule,
  tablePrefix,
  topologySchedule,
  zones,
} from './stageChoices.ts';

/** As the framework resolves parameters. */
const given = (params: Readonly<Record<string, unknown>>) => ({
  resolveVariable: async (address: string) => params[address.replace('param:', '')],
});

test('tables are named after the stage; those of `npm start` as it was told', async () => {
  const named = { 'self:service': 'waybill', 'sls:stage': 'dev', 'env:TABLE_PREFIX, "waybill-dev"': 'mine' };
  expect(await tablePrefix(given({ ...named, relay: 'lambda' }))).toBe('waybill-dev');
  expect(await tablePrefix(given({ ...named, relay: 'process' }))).toBe('mine');
});

test('the relay is scheduled where it runs as a function, and nowhere else', async () => {
  expect(await relaySchedule(given({ relay: 'lambda' }))).toEqual({ rate: 'rate(1 minute)', enabled: true });
  expect(await relaySchedule(given({ relay: 'fargate' }))).toMatchObject({ enabled: false });
  expect(await relaySchedule(given({ relay: 'process' }))).toMatchObject({ enabled: false });
});

test("the broker's topology is looked at each day, but not beside `npm start`", async () => {
  const daily = { rate: 'rate(1 day)', input: { action: 'diff' } };
  for (const relay of ['lambda', 'fargate'])
    expect(await topologySchedule(given({ relay }))).toEqual({ ...daily, enabled: true });
  expect(await topologySchedule(given({ relay: 'process' }))).toMatchObject({ enabled: false });
});

test('queues are measured each minute, but not beside `npm start`', async () => {
  for (const relay of ['lambda', 'fargate'])
    expect(await measuringSchedule(given({ relay }))).toEqual({ rate: 'rate(1 minute)', enabled: true });
  expect(await measuringSchedule(given({ relay: 'process' }))).toMatchObject({ enabled: false });
});

test('a container has the image that the stage names', async () => {
  expect(await relayImage(given({ relay: 'fargate', relayImage: 'r/w:1' }))).toBe('r/w:1');
  expect(await relayImage(given({ relay: 'lambda', relayImage: '' }))).toBe('none');
});

test('one task is stopped before its successor starts; of two, one stays', async () => {
  expect(await relayMinimumHealthyPercent(given({ relayTasks: 1 }))).toBe(0);
  expect(await relayMinimumHealthyPercent(given({ relayTasks: 2 }))).toBe(50);
});

test('a single broker stands in one zone, a cluster in three', async () => {
  expect(await brokerSubnets(given({ brokerDeployment: 'SINGLE_INSTANCE' }))).toHaveLength(1);
  expect(await brokerSubnets(given({ brokerDeployment: 'CLUSTER_MULTI_AZ' }))).toHaveLength(3);
});

test.each([
  ['SINGLE_INSTANCE', 'mq.m7g.medium'],
  ['SINGLE_INSTANCE', 'mq.m7g.large'],
  ['CLUSTER_MULTI_AZ', 'mq.m7g.large'],
])('%s of %s takes as many queues as there are', async (brokerDeployment, size) => {
  expect(await brokerSize(given({ brokerDeployment, brokerSize: size }))).toBe(size);
});

test('a broker that does not take as many queues as there are is refused before anything is deployed', async () => {
  const brokerDeployment = 'CLUSTER_MULTI_AZ';
  await expect(brokerSize(given({ brokerDeployment, brokerSize: 'mq.m7g.medium' }))).rejects.toThrow(
    /takes 100 queues, and there are \d+; in settings.yml: brokerSize: mq.m7g.large/,
  );
  await expect(brokerSize(given({ brokerDeployment: 'CLUSTER', brokerSize: 'mq.m7g.large' }))).rejects.toThrow(
    'expected SINGLE_INSTANCE or CLUSTER_MULTI_AZ',
  );
});

test('memory that is summed up over three nodes is looked at sooner', async () => {
  expect(await brokerMemoryPercent(given({ brokerDeployment: 'SINGLE_INSTANCE' }))).toBe(80);
  expect(await brokerMemoryPercent(given({ brokerDeployment: 'CLUSTER_MULTI_AZ' }))).toBe(50);
});

test('the network stands in the first three zones, or in those that the stage names', async () => {
  const inZones = (value: string) => Promise.all(Object.values(zones).map((zone) => zone(given({ zones: value }))));
  expect(await inZones('')).toEqual([0, 1, 2].map((n) => ({ 'Fn::Select': [n, { 'Fn::GetAZs': '' }] })));
  expect(await inZones('a,b,d')).toEqual(['a', 'b', 'd'].map((letter) => ({ 'Fn::Sub': `\${AWS::Region}${letter}` })));
});

test('no origin: no browser may call', async () => {
  expect(await cors(given({ corsOrigins: [] }))).toBe(false);
  expect(await cors(given({ corsOrigins: ['https://a'] }))).toMatchObject({
    allowedOrigins: ['https://a'],
    exposedResponseHeaders: ['etag', 'location', 'preference-applied', 'retry-after', 'x-correlation-id'],
  });
});

test.each(['orders@shop.example.com', 'Waybill <orders@shop.example.com>'])(
  'mail from %s is sent by the identity of the address, its domain or one above',
  async (mailFrom) => {
    expect(await mailAddress(given({ mailFrom }))).toBe('orders@shop.example.com');
    expect(JSON.stringify(await mailIdentities(given({ mailFrom }))).match(/identity\/[^"]+/g)).toEqual([
      'identity/orders@shop.example.com',
      'identity/shop.example.com',
      'identity/example.com',
    ]);
  },
);

test.each(['Waybill', 'orders@', 'Waybill <orders>', 'orders@example.com>'])(
  'mail from %s is refused before anything is deployed',
  async (mailFrom) => {
    await expect(mailAddress(given({ mailFrom }))).rejects.toThrow(`mailFrom is "${mailFrom}", expected an address`);
  },
);

const folder = mkdtempSync(join(tmpdir(), 'stage-choices-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the CA of the event store: as the stage gives it, or out of the file that it names', async () => {
  const file = join(folder, 'ca.crt');
  writeFileSync(file, `what openssl says of it\n${caCertificate}`);
  expect(await eventStoreCa(given({ eventStoreCa: '' }))).toBe('');
  expect(await eventStoreCa(given({ eventStoreCa: caCertificate }))).toBe(caCertificate);
  expect(await eventStoreCa(given({ eventStoreCa: file }))).toBe(caCertificate);
});

test.each([
  ['the first line, which is what the framework keeps of several', '-----BEGIN CERTIFICATE-----', 'no certificate'],
  ['a path with nothing there', join(folder, 'nothing'), 'no such file'],
  ['more than fits into the settings of a function', caCertificate.repeat(3), `eventStoreCa has`],
])('%s is refused before anything is deployed', async (_, value, reason) => {
  await expect(eventStoreCa(given({ eventStoreCa: value }))).rejects.toThrow(
    new RegExp(`${reason}.*in settings.yml: eventStoreCa: `),
  );
});
