import { arn } from './arn.ts';
import { inStage } from './inStage.ts';
import { type Rights, rights, type SecretName } from './rights.ts';

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** Secrets that come with a stack's broker are its own; the others are made by hand, and get six characters to their name. */
const secretArns: Readonly<Record<SecretName, unknown>> = {
  eventStore: arn('secretsmanager', `secret:\${param:eventStoreSecret}-??????`),
  payments: arn('secretsmanager', `secret:\${param:paymentsSecret}-??????`),
  stripe: arn('secretsmanager', `secret:\${param:stripeSecret}-??????`),
  shipping: arn('secretsmanager', `secret:\${param:shippingSecret}-??????`),
  brokerAdmin: { Ref: 'BrokerAdminSecret' },
  brokerRelay: { Ref: 'BrokerRelaySecret' },
  brokerConsumer: { Ref: 'BrokerConsumerSecret' },
  brokerOperator: { Ref: 'BrokerOperatorSecret' },
};

/** Lambda needs these to put a function into a network. */
const interfaces = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:UnassignPrivateIpAddresses',
];
/** These take no narrower resource than all. */
const lookingAround = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];
/** Those and these, for Lambda's own poller. */
const lookingForBroker = ['ec2:DescribeSecurityGroups', 'ec2:DescribeVpcs'];

/** What the code does, whatever it runs on. */
const toStatements = ({ tables = {}, secrets = [], keys = [], mails = false }: Rights): readonly Statement[] => [
  ...Object.entries(tables).map(([table, actions]) => ({
    Effect: 'Allow' as const,
    Action: actions.map((action) => `dynamodb:${action}`),
    Resource: arn('dynamodb', `table/${inStage(table)}`),
  })),
  ...(secrets.length === 0
    ? []
    : [
        {
          Effect: 'Allow' as const,
          Action: ['secretsmanager:GetSecretValue'],
          Resource: secrets.map((name) => secretArns[name]),
        },
      ]),
  ...(keys.length === 0
    ? []
    : [
        {
          Effect: 'Allow' as const,
          Action: keys.map((action) => `kms:${action}`),
          Resource: { 'Fn::GetAtt': ['PersonalKey', 'Arn'] },
        },
      ]),
  ...(mails
    ? [
        {
          Effect: 'Allow' as const,
          Action: ['ses:SendEmail'],
          Resource: `\${file(infra/aws/serverless.js):mailIdentities}`,
          Condition: { StringEquals: { 'ses:FromAddress': `\${file(infra/aws/serverless.js):mailAddress}` } },
        },
      ]
    : []),
];

/** What Lambda does with the same role on the function's behalf. */
function toHostStatements(name: string, { secrets = [], consumer }: Rights): readonly Statement[] {
  const deployedName = inStage(name);
  const logs: Statement = {
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: arn('logs', `log-group:/aws/lambda/${deployedName}:*`),
  };
  if (secrets.length === 0) return [logs];
  const all = [...lookingAround, ...(consumer ? lookingForBroker : [])];
  const itself = { ArnEquals: { 'lambda:SourceFunctionArn': arn('lambda', `function:${deployedName}`) } };
  return [
    logs,
    { Effect: 'Allow', Action: interfaces, Resource: arn('ec2', '*/*') },
    { Effect: 'Allow', Action: all, Resource: '*' },
    // The function's own code needs none of it. A consumer's role is the poller's as well, which nobody says this of.
    ...(consumer
      ? []
      : [{ Effect: 'Deny' as const, Action: [...interfaces, ...all], Resource: '*', Condition: itself }]),
    // By its name: a role that waited for the broker could not outlive the network that the broker stands in.
    ...(consumer
      ? [
          {
            Effect: 'Allow' as const,
            Action: ['mq:DescribeBroker'],
            Resource: arn('mq', `broker:\${param:brokerName}:*`),
          },
        ]
      : []),
  ];
}

const toRole = (service: string, statements: readonly Statement[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    },
    Policies: [{ PolicyName: 'rights', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
  },
});

/** Logical id of a function's role. */
const roleOf = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}Role`;

const roleEntries = Object.entries(rights).map(([name, of]) => [
  roleOf(name),
  toRole('lambda.amazonaws.com', [...toHostStatements(name, of), ...toStatements(of)]),
]);

/** Of the functions that reach into the network. */
export const rolesInNetwork: readonly string[] = Object.entries(rights).flatMap(([name, { secrets = [] }]) =>
  secrets.length > 0 ? [roleOf(name)] : [],
);

/** A role for each function, and one for the relay's container. */
export const roles = {
  Resources: {
    ...Object.fromEntries(roleEntries),
    RelayTaskRole: {
      ...toRole('ecs-tasks.amazonaws.com', toStatements(rights['relayEvents'] ?? {})),
      Condition: 'RelayOnFargate',
    },
  },
};
