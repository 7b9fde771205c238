import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { arn } from '../../infra/aws/arn.ts';
import { rights } from '../../infra/aws/rights.ts';
import { consumers, feedingQueues } from '../../shared/broker/topology.ts';
import { caCertificate } from '../../shared/testing/caCertificate.ts';
import { checkIam, statementsOf } from './iam.ts';
import { checkLimits } from './limits.ts';
import { packageTemplate, type Stage, stages } from './packageTemplates.ts';
import { checkReferences } from './references.ts';
import { checkResource } from './schema.ts';
import { checkSecurity, findPlainSettings, findSecrets } from './securityRules.ts';
import { referencesIn, resourcesOf, type Template, toIntrinsic } from './template.ts';

const templates = new Map<Stage, Template>();
const of = (stage: Stage): Template => templates.get(stage) ?? { Resources: {} };

beforeAll(async () => {
  for (const stage of stages) templates.set(stage, await packageTemplate(stage));
}, 300_000);
afterAll(() => rmSync('.local/templatesOnly', { recursive: true, force: true }));

describe.each(stages)('the template of %s', (stage) => {
  test('has only types and properties that CloudFormation knows, and all that it requires', () => {
    const problems = Object.entries(of(stage).Resources).flatMap(([name, resource]) => checkResource(name, resource));
    expect(problems).toEqual([]);
  });

  test('refers to nothing that is not there', () => {
    expect(checkReferences(of(stage))).toEqual([]);
  });

  test('keeps the rules of security', () => {
    expect(checkSecurity(of(stage), stage)).toEqual([]);
  });

  test('names only rights that there are, and no more than needed', async () => {
    expect(await checkIam(of(stage))).toEqual([]);
  });

  test('is within the limits of AWS', () => {
    expect(checkLimits(of(stage))).toEqual([]);
  });

  test('holds no secret', () => {
    expect(findSecrets(JSON.stringify(of(stage)))).toEqual([]);
    expect(findPlainSettings(of(stage))).toEqual([]);
  });

  test('has nothing left to resolve', () => {
    expect(JSON.stringify(of(stage)).match(/\$\{(param|self|sls|file|env|opt):[^}]*\}/g)).toBeNull();
  });

  test('reads each queue of each consumer through one mapping, made after its queue', () => {
    const found = resourcesOf(of(stage), 'AWS::Lambda::EventSourceMapping').map(
      ([, { Properties = {}, DependsOn }]) => {
        expect(DependsOn).toEqual(expect.arrayContaining(['BrokerTopology']));
        expect(Properties['EventSourceArn']).toEqual({ 'Fn::GetAtt': ['Broker', 'Arn'] });
        expect(Properties['SourceAccessConfigurations']).toEqual([
          { Type: 'BASIC_AUTH', URI: { Ref: 'BrokerConsumerSecret' } },
          { Type: 'VIRTUAL_HOST', URI: 'waybill' },
        ]);
        const [, target] = toIntrinsic(Properties['FunctionName']) ?? [];
        return [(Properties['Queues'] as readonly string[])[0], Array.isArray(target) ? target[0] : undefined];
      },
    );
    const queues = Object.values(consumers).flatMap(feedingQueues);
    expect(found.map(([queue]) => queue).toSorted()).toEqual(queues.toSorted());
  });

  test('has no relay of this release run before the topology is applied', () => {
    expect(of(stage).Resources['RelayEventsLambdaFunction']?.DependsOn).toEqual(
      expect.arrayContaining(['BrokerTopology', 'RelayEventsLogGroup']),
    );
  });

  test('keeps as many of a consumer as it has mappings, and no fewer', () => {
    const mapped = new Map<string, number>();
    for (const [, { Properties = {} }] of resourcesOf(of(stage), 'AWS::Lambda::EventSourceMapping')) {
      const [, target] = toIntrinsic(Properties['FunctionName']) ?? [];
      const name = String(Array.isArray(target) ? target[0] : target);
      mapped.set(name, (mapped.get(name) ?? 0) + 1);
    }
    const kept = [...mapped.keys()].map((name) => [
      name,
      of(stage).Resources[name]?.Properties?.['ReservedConcurrentExecutions'],
    ]);
    expect(kept).toEqual([...mapped]);
  });

  test("takes a network's groups away before the roles of the functions in them", () => {
    for (const [, { Properties = {} }] of resourcesOf(of(stage), 'AWS::Lambda::Function')) {
      const groups = [...referencesIn(Properties['VpcConfig'], '')].filter(({ to }) => to.endsWith('SecurityGroup'));
      const [{ to: role } = { to: '' }] = [...referencesIn(Properties['Role'], '')];
      for (const { to } of groups) expect(of(stage).Resources[to]?.DependsOn).toContain(role);
      // A mapping's poller stands in the broker's group, with the function's role.
      const rightsOf = JSON.stringify(of(stage).Resources[role]?.Properties?.['Policies']);
      if (!rightsOf.includes('mq:DescribeBroker')) continue;
      expect(of(stage).Resources['BrokerSecurityGroup']?.DependsOn).toContain(role);
      expect(rightsOf).toContain(`:broker:waybill-${stage}:*"`);
    }
  });

  test('has an alarm for each consumer, table and consuming function', () => {
    const named = resourcesOf(of(stage), 'AWS::CloudWatch::Alarm').map(([, { Properties = {} }]) =>
      String(Properties['AlarmName']),
    );
    expect(new Set(named).size).toBe(named.length);
    for (const { name } of Object.values(consumers)) {
      expect(named).toContain(`waybill-${stage}-${name}-blocked`);
      expect(named).toContain(`waybill-${stage}-${name}-dead-letters`);
      expect(named).toContain(`waybill-${stage}-${name}-depth`);
    }
    for (const [, { Properties = {} }] of resourcesOf(of(stage), 'AWS::DynamoDB::Table')) {
      const table = String(Properties['TableName']).replace(`waybill-${stage}-`, '');
      expect(named).toContain(`waybill-${stage}-${table}-throttled`);
    }
    expect(named).toEqual(expect.arrayContaining([`waybill-${stage}-relay-lag`, `waybill-${stage}-broker-memory`]));
  });
});

describe('docs/operations.md', () => {
  const text = readFileSync('docs/operations.md', 'utf8');
  const named = (type: string, property: string): readonly string[] =>
    resourcesOf(of('dev'), type).map(([, { Properties = {} }]) =>
      String(Properties[property]).replace('waybill-dev-', ''),
    );

  test('has every alarm in its table, and no other', () => {
    const many: Readonly<Record<string, readonly string[]>> = {
      '<consumer>': Object.values(consumers).map(({ name }) => name),
      '<function>': Object.entries(rights).flatMap(([name, { consumer }]) => (consumer ? [name] : [])),
      '<table>': named('AWS::DynamoDB::Table', 'TableName'),
    };
    const rows = text
      .slice(text.indexOf('## Alarms'))
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const documented = rows
      .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)])
      .flatMap(([, name = '']) => {
        const [which = ''] = /^<\w+>/.exec(name) ?? [];
        return which === '' ? [name] : (many[which] ?? []).map((one) => name.replace(which, one));
      });
    expect(documented.toSorted()).toEqual(named('AWS::CloudWatch::Alarm', 'AlarmName').toSorted());
  });

  test('says how many alarms a stage has, and how much of the concurrency it keeps', () => {
    const reserved = resourcesOf(of('dev'), 'AWS::Lambda::Function').reduce(
      (sum, [, { Properties = {} }]) => sum + Number(Properties['ReservedConcurrentExecutions'] ?? 0),
      0,
    );
    const said = /concurrency of (\d+) at least, (\d+) for three stages [^;]*; each stage reserves (\d+)\b/.exec(text);
    expect(said?.slice(1).map(Number)).toEqual([100 + reserved, 100 + 3 * reserved, reserved]);
    const alarms = /\| logs, (\d+) alarms, /.exec(text);
    expect(Number(alarms?.[1])).toBe(named('AWS::CloudWatch::Alarm', 'AlarmName').length);
  });
});

test('stages differ in parameters alone: they are made of the same resources', () => {
  const [first, ...others] = stages.map((stage) => Object.keys(of(stage).Resources).toSorted());
  for (const other of others) expect(other).toEqual(first);
});

test('the relay as a container, with a domain and a peered store with its own CA: as sound as without', async () => {
  const caFile = '.local/templates/ca.crt';
  writeFileSync(caFile, caCertificate);
  const template = await packageTemplate('dev', [
    'relay=fargate',
    'relayImage=123456789012.dkr.ecr.eu-central-1.amazonaws.com/waybill-relay:1',
    'domainName=orders.example.com',
    'certificateArn=arn:aws:acm:eu-central-1:123456789012:certificate/1',
    'eventStorePeeringId=pcx-1',
    'eventStoreCidr=10.1.0.0/16',
    'alarmEmail=ops@example.com',
    'mailFrom=Waybill <orders@example.com>',
    `eventStoreCa=${caFile}`,
    'keepDefaultAddress=true',
  ]);
  expect(checkReferences(template)).toEqual([]);
  expect(template.Resources['HttpApi']?.Properties?.['DisableExecuteApiEndpoint']).toBe(false);
  expect(checkSecurity(template, 'dev')).toEqual([]);
  expect(checkLimits(template)).toEqual([]);
  expect(findSecrets(JSON.stringify(template))).toEqual([]);
  const problems = Object.entries(template.Resources).flatMap(([name, resource]) => checkResource(name, resource));
  expect(problems).toEqual([]);
  const functions = resourcesOf(template, 'AWS::Lambda::Function').filter(([, { Properties = {} }]) =>
    Object.hasOwn(Properties, 'Environment'),
  );
  for (const [, { Properties }] of functions) {
    expect(Properties).toMatchObject({ Environment: { Variables: { EVENTSTORE_CA: caCertificate } } });
  }
  const [, task] = resourcesOf(template, 'AWS::ECS::TaskDefinition')[0] ?? [];
  expect(task?.Properties).toMatchObject({
    ContainerDefinitions: [{ Environment: expect.arrayContaining([{ Name: 'EVENTSTORE_CA', Value: caCertificate }]) }],
  });
  expect(template.Conditions).toMatchObject({ RelayOnFargate: { 'Fn::Equals': ['fargate', 'fargate'] } });
  expect(template.Resources['MailCustomerOnProgressLambdaFunction']?.Properties).toMatchObject({
    Environment: { Variables: { MAIL_FROM: 'Waybill <orders@example.com>' } },
  });
  expect(statementsOf(template).get('MailCustomerOnProgressRole')).toContainEqual({
    Effect: 'Allow',
    Action: ['ses:SendEmail'],
    Resource: ['identity/orders@example.com', 'identity/example.com', 'configuration-set/*'].map((resource) =>
      arn('ses', resource),
    ),
    Condition: { StringEquals: { 'ses:FromAddress': 'orders@example.com' } },
  });
  const [, schedule] = resourcesOf(template, 'AWS::Events::Rule')[0] ?? [];
  expect(schedule?.Properties).toMatchObject({ State: 'DISABLED' });
}, 120_000);

test('without mappings, so that they can be made anew: the same resources but for them', async () => {
  const template = await packageTemplate('dev', ['mappings=off', 'virtualHost=other', 'zones=a,b,d']);
  expect(checkReferences(template)).toEqual([]);
  const left = Object.entries(of('dev').Resources).filter(([, { Type }]) => Type !== 'AWS::Lambda::EventSourceMapping');
  expect(Object.keys(template.Resources).toSorted()).toEqual(left.map(([name]) => name).toSorted());
  // Another virtual host is another topology, and the network stands where it was told to.
  expect(template.Resources['BrokerTopology']?.Properties).toMatchObject({ VirtualHost: 'other' });
  const subnets = resourcesOf(template, 'AWS::EC2::Subnet').map(([, { Properties = {} }]) =>
    JSON.stringify(Properties['AvailabilityZone']),
  );
  expect(new Set(subnets)).toEqual(new Set(['a', 'b', 'd'].map((letter) => `{"Fn::Sub":"\${AWS::Region}${letter}"}`)));
});

test("an account's own settings hold above the repository's, and what is said for one deployment above both", async () => {
  const file = '.local/templates/settings.yml';
  writeFileSync(
    file,
    [
      'default: { mailFrom: a@shop.example, jwtIssuer: https://issuer.example, jwtAudience: waybill, zones: "b,c,d" }',
      'dev: { brokerName: second, domainName: orders.example.com, certificateArn: arn:aws:acm:x:1:certificate/1 }',
    ].join('\n'),
  );
  const { Resources } = await packageTemplate('dev', ['corsOrigins=https://a.example,https://b.example'], file);
  const propertiesOf = (name: string) => Resources[name]?.Properties;
  expect(propertiesOf('Broker')).toMatchObject({ BrokerName: 'second' });
  expect(propertiesOf('PrivateSubnetA')).toMatchObject({ AvailabilityZone: { 'Fn::Sub': `\${AWS::Region}b` } });
  expect(propertiesOf('MailCustomerOnProgressLambdaFunction')).toMatchObject({
    Environment: { Variables: { MAIL_FROM: 'a@shop.example' } },
  });
  expect(propertiesOf('HttpApi')).toMatchObject({
    CorsConfiguration: { AllowOrigins: ['https://a.example', 'https://b.example'] },
    // With a domain of its own it answers there alone.
    DisableExecuteApiEndpoint: true,
  });
  await expect(packageTemplate('dev', [], '.local/templates/none.yml')).rejects.toThrow('there is no such file');
});
