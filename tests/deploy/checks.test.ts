/** The checks themselves: each finds what it is for. */
import { describe, expect, test } from '@jest/globals';
import { checkIam } from './iam.ts';
import { checkLimits } from './limits.ts';
import { checkReferences } from './references.ts';
import { checkResource } from './schema.ts';
import { checkSecurity, findSecrets } from './securityRules.ts';
import type { Resource, Template } from './template.ts';

const key = { AttributeName: 'pk', KeyType: 'HASH' };
const table: Resource = {
  Type: 'AWS::DynamoDB::Table',
  Properties: { KeySchema: [key], AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }] },
};
const withProperties = (more: object): Resource => ({ ...table, Properties: { ...table.Properties, ...more } });
const role = (Statement: object): Template => ({
  Resources: {
    R: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }] },
        Policies: [{ PolicyDocument: { Statement: [Statement] } }],
      },
    },
  },
});

describe('types and properties', () => {
  test('of a sound resource: nothing to say', () => {
    expect(checkResource('T', table)).toEqual([]);
    expect(
      checkResource('T', withProperties({ TableName: { Ref: 'Name' }, DeletionProtectionEnabled: 'true' })),
    ).toEqual([]);
  });

  test.each<[string, Resource, string]>([
    ['a type', { Type: 'AWS::DynamoDB::Tabel' }, 'T: there is no type AWS::DynamoDB::Tabel'],
    ['a property', withProperties({ Ttl: 1 }), 'T: there is no property Ttl'],
    [
      'a property within',
      withProperties({ SSESpecification: { SSEEnabled: true, Kms: 1 } }),
      'T.SSESpecification: there is no property Kms',
    ],
    ['what is required', { ...table, Properties: {} }, 'T: KeySchema is required'],
    ['a list', withProperties({ AttributeDefinitions: 'pk' }), 'T.AttributeDefinitions is "pk", expected array'],
    [
      'a boolean',
      withProperties({ DeletionProtectionEnabled: 'yes' }),
      'T.DeletionProtectionEnabled is "yes", expected boolean',
    ],
    [
      'a number',
      { Type: 'AWS::Lambda::Function', Properties: { Code: {}, Role: 'r', Timeout: '1m' } },
      'T.Timeout is "1m", expected integer',
    ],
  ])('%s that is wrong is found', (_, resource, problem) => {
    expect(checkResource('T', resource)).toContain(problem);
  });
});

describe('references', () => {
  const template = (B: Partial<Resource>, more: Partial<Template> = {}): Template => ({
    Conditions: { Sometimes: { 'Fn::Equals': [1, 2] } },
    Resources: { A: { ...table, Condition: 'Sometimes' }, T: table, B: { ...table, ...B } },
    ...more,
  });
  const named = (value: unknown): Partial<Resource> => ({ Properties: { TableName: value } });

  test.each<[string, Partial<Resource>]>([
    ['there', named({ 'Fn::Sub': [`x-\${T.Arn}-\${AWS::Region}-\${y}-\${!literal}`, { y: { Ref: 'T' } }] })],
    ['looked at only where it is there', named({ 'Fn::If': ['Sometimes', { Ref: 'A' }, { Ref: 'AWS::NoValue' }] })],
    ['there as often', { ...named({ Ref: 'A' }), Condition: 'Sometimes' }],
  ])('to what is %s: nothing to say', (_, resource) => {
    expect(checkReferences(template(resource))).toEqual([]);
  });

  test.each<[string, Partial<Resource>, string]>([
    ['a resource that is not there', named({ Ref: 'X' }), 'B: there is no X'],
    ['one in a text', named({ 'Fn::Sub': `a-\${X.Arn}` }), 'B: there is no X'],
    ['an attribute', named({ 'Fn::GetAtt': ['T', 'Url'] }), 'B: T (AWS::DynamoDB::Table) has no attribute Url'],
    ['what is not always there', named({ Ref: 'A' }), 'B: A is there only if Sometimes'],
    ['a dependency', { DependsOn: ['X'] }, 'B: depends on X, which is not there'],
    ['itself', { DependsOn: 'B' }, 'circle: B -> B'],
    ['a condition', { Condition: 'Never' }, 'there is no condition Never'],
  ])('to %s', (_, resource, problem) => {
    expect(checkReferences(template(resource))).toContain(problem);
  });

  test('from an output', () => {
    expect(checkReferences(template({}, { Outputs: { O: { Value: { Ref: 'A' } } } }))).toEqual([
      'output O: A is there only if Sometimes',
    ]);
  });
});

describe('rights', () => {
  const allow = (Action: string, Resource: unknown = 'arn:x') => role({ Effect: 'Allow', Action: [Action], Resource });

  test.each([
    ['dynamodb:GetItem', 'arn:x'],
    ['ec2:DescribeSubnets', '*'],
  ])('%s on %s is as narrow as can be', async (action, resource) => {
    expect(await checkIam(allow(action, resource))).toEqual([]);
  });

  test.each([
    ['dynamodb:ReadItem', 'arn:x', 'R: there is no action dynamodb:ReadItem'],
    ['dynamodb:*', 'arn:x', 'R: dynamodb:* names no single action'],
    ['dynamodb:GetItem', '*', 'R: dynamodb:GetItem may be limited to a resource'],
  ])('%s on %s is found', async (action, resource, problem) => {
    expect(await checkIam(allow(action, resource))).toContain(problem);
  });
});

describe('security', () => {
  test.each<[string, Resource, string]>([
    ['dev', table, 'T: AWS::DynamoDB::Table can be set back'],
    [
      'dev',
      withProperties({ TimeToLiveSpecification: { Enabled: true } }),
      'T: AWS::DynamoDB::Table has no time-to-live',
    ],
    ['prod', table, "T: AWS::DynamoDB::Table outlives a mistake, and in prod the stack's end"],
    [
      'dev',
      { Type: 'AWS::AmazonMQ::Broker', Properties: { PubliclyAccessible: true } },
      'T: AWS::AmazonMQ::Broker is out of reach',
    ],
    [
      'dev',
      { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: [{ CidrIp: '0.0.0.0/0' }] } },
      'T: AWS::EC2::SecurityGroup lets in nobody',
    ],
    [
      'dev',
      { Type: 'AWS::SecretsManager::Secret', Properties: { SecretString: 'x' } },
      'T: AWS::SecretsManager::Secret is made by AWS',
    ],
    ['dev', { Type: 'AWS::Logs::LogGroup', Properties: {} }, 'T: AWS::Logs::LogGroup ends'],
    [
      'dev',
      {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: {
          DefaultRouteSettings: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 },
          AccessLogSettings: { Format: '$context.identity.sourceIp' },
        },
      },
      'T: AWS::ApiGatewayV2::Stage is limited',
    ],
    [
      'dev',
      {
        Type: 'AWS::Lambda::Function',
        Properties: { FunctionName: 'waybill-dev-placeOrder', Role: { 'Fn::GetAtt': ['GetOrderRole', 'Arn'] } },
      },
      'T: AWS::Lambda::Function has a role of its own',
    ],
  ])('in %s a rule that is broken is named', (stage, resource, problem) => {
    expect(checkSecurity({ Resources: { T: resource } }, stage).join('\n')).toContain(problem);
  });

  test.each([
    ['amqps://relay:hunter22@b-1.mq.eu-central-1.amazonaws.com:5671', 'an address with a password'],
    ['esdb+discover://admin:changeit@x:2113', 'an address with a password'],
    ['AKIAIOSFODNN7EXAMPLE', 'an access key'],
  ])('%s is a secret', (text, what) => {
    expect(findSecrets(`{"x":"${text}"}`)).toEqual([expect.stringContaining(what)]);
  });

  test('an address without credentials, and one that says how, are none', () => {
    expect(
      findSecrets(`amqp://127.0.0.1:5672 esdb://[user:password@]host:port amqps://\${user}:\${password}@x`),
    ).toEqual([]);
  });
});

test('what is too much is told', () => {
  const many = Object.fromEntries(Array.from({ length: 501 }, (_, n) => [`T${n}`, table]));
  expect(checkLimits({ Resources: many })).toEqual(['resources: 501, at most 500']);
  const long = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f'.repeat(65) } };
  expect(checkLimits({ Resources: { F: long } })).toEqual(['F.FunctionName: 65, at most 64']);
});

test('a text that EC2 refuses is told, of a group and of a rule', () => {
  const group = (text: string, rule = 'AMQP over TLS') => ({
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { GroupDescription: text, SecurityGroupEgress: [{ Description: rule }] },
  });
  expect(checkLimits({ Resources: { G: group('The broker, and others') } })).toEqual([]);
  expect(checkLimits({ Resources: { G: group("Lambda's") } })).toEqual([`G: EC2 refuses "Lambda's"`]);
  expect(checkLimits({ Resources: { G: group('Lambda', 'this & that') } })).toEqual([
    'G/SecurityGroupEgress/0/Description: EC2 refuses "this & that"',
  ]);
});
