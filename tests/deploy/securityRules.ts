import { rights } from '../../infra/aws/rights.ts';
import { type Resource, resourcesOf, type Template, toIntrinsic, walk } from './template.ts';

type Properties = Readonly<Record<string, unknown>>;

/** A rule for all resources of one type; where AWS Control Tower has the same, under its number. */
interface Rule {
  readonly type: string;
  readonly says: string;
  /** True when the resource is as it should be. */
  readonly holds: (properties: Properties, resource: Resource, stage: string) => boolean;
}

const list = (value: unknown): readonly Properties[] => (Array.isArray(value) ? (value as readonly Properties[]) : []);
const record = (value: unknown): Properties => (value ?? {}) as Properties;
const isProd = (stage: string): boolean => stage === 'prod';
/** Not by a rollback: what a failed deployment has made is in the way of the next one. */
const isKept = (onDeletion: string | undefined, onReplacement: string | undefined): boolean =>
  onDeletion === 'RetainExceptOnCreate' && onReplacement === 'Retain';

/** Functions that speak to AWS's own services alone, over TLS, with their roles: a network would add nothing. */
const isOutsideNetwork = (name: string): boolean => (rights[name.split('-').at(-1) ?? '']?.secrets ?? []).length === 0;

const rules: readonly Rule[] = [
  {
    type: 'AWS::DynamoDB::Table',
    says: 'can be set back to any second of 35 days (CT.DYNAMODB.PR.1), but for the keys: what is destroyed stays so',
    holds: ({ TableName, PointInTimeRecoverySpecification: it }) =>
      record(it)['PointInTimeRecoveryEnabled'] === !String(TableName).endsWith('-customer-keys'),
  },
  {
    type: 'AWS::DynamoDB::Table',
    says: 'is encrypted with a key of KMS (CT.DYNAMODB.PR.2)',
    holds: ({ SSESpecification: it }) => record(it)['SSEEnabled'] === true && record(it)['SSEType'] === 'KMS',
  },
  {
    type: 'AWS::DynamoDB::Table',
    says: 'grows by itself',
    holds: ({ BillingMode }) => BillingMode === 'PAY_PER_REQUEST',
  },
  {
    type: 'AWS::DynamoDB::Table',
    says: 'has no time-to-live: what it holds is true for as long as its streams are',
    holds: ({ TimeToLiveSpecification }) => TimeToLiveSpecification === undefined,
  },
  {
    type: 'AWS::DynamoDB::Table',
    says: "outlives a mistake, and in prod the stack's end",
    holds: ({ DeletionProtectionEnabled }, { DeletionPolicy, UpdateReplacePolicy }, stage) =>
      !isProd(stage) || (DeletionProtectionEnabled === true && isKept(DeletionPolicy, UpdateReplacePolicy)),
  },
  {
    type: 'AWS::KMS::Key',
    says: 'is renewed by itself (CT.KMS.PR.1), takes a month to be deleted, and in prod outlives the stack',
    holds: ({ EnableKeyRotation, PendingWindowInDays }, { DeletionPolicy, UpdateReplacePolicy }, stage) =>
      EnableKeyRotation === true &&
      PendingWindowInDays === 30 &&
      (!isProd(stage) || isKept(DeletionPolicy, UpdateReplacePolicy)),
  },
  {
    type: 'AWS::KMS::Key',
    says: 'is open to nobody but by the roles of its own account (CT.KMS.PR.2)',
    holds: ({ KeyPolicy }) => {
      const statements = list(record(KeyPolicy)['Statement']);
      return statements.length === 1 && JSON.stringify(statements[0]?.['Principal']).includes(':iam::');
    },
  },
  {
    type: 'AWS::AmazonMQ::Broker',
    says: 'is out of reach from outside (CT.MQ.PR.3)',
    holds: ({ PubliclyAccessible, SecurityGroups, SubnetIds }) =>
      PubliclyAccessible === false && list(SecurityGroups).length > 0 && list(SubnetIds).length > 0,
  },
  {
    type: 'AWS::AmazonMQ::Broker',
    says: 'stands in three zones in prod (CT.MQ.PR.2)',
    holds: ({ DeploymentMode, SubnetIds }, _, stage) =>
      !isProd(stage) || (DeploymentMode === 'CLUSTER_MULTI_AZ' && list(SubnetIds).length === 3),
  },
  {
    type: 'AWS::AmazonMQ::Broker',
    says: 'keeps itself up to date and tells what it does (CT.MQ.PR.1)',
    holds: ({ AutoMinorVersionUpgrade, Logs }) => AutoMinorVersionUpgrade === true && record(Logs)['General'] === true,
  },
  {
    type: 'AWS::AmazonMQ::Broker',
    says: 'takes its password from a secret',
    holds: ({ Users }) =>
      list(Users).every(({ Password }) => JSON.stringify(Password).includes('{{resolve:secretsmanager:')),
  },
  {
    type: 'AWS::SecretsManager::Secret',
    says: 'is made by AWS, of 32 characters at least, and stands in no template',
    holds: ({ GenerateSecretString: it, SecretString }) =>
      SecretString === undefined && Number(record(it)['PasswordLength']) >= 32,
  },
  {
    type: 'AWS::EC2::SecurityGroup',
    says: 'lets in nobody by address, and out by port alone (CT.EC2.PR.3, CT.EC2.PR.4)',
    holds: ({ SecurityGroupIngress, SecurityGroupEgress }) =>
      SecurityGroupIngress === undefined &&
      list(SecurityGroupEgress).length > 0 &&
      list(SecurityGroupEgress).every(
        ({ IpProtocol, FromPort, ToPort }) => IpProtocol === 'tcp' && FromPort === ToPort,
      ),
  },
  {
    type: 'AWS::EC2::SecurityGroupIngress',
    says: 'lets in another group, at one port',
    holds: ({ CidrIp, CidrIpv6, SourceSecurityGroupId, FromPort, ToPort }) =>
      CidrIp === undefined && CidrIpv6 === undefined && SourceSecurityGroupId !== undefined && FromPort === ToPort,
  },
  {
    type: 'AWS::EC2::Subnet',
    says: 'gives nobody a public address (CT.EC2.PR.5)',
    holds: ({ MapPublicIpOnLaunch = false }) => MapPublicIpOnLaunch === false,
  },
  {
    type: 'AWS::Lambda::Function',
    says: 'runs on a Node.js that is kept up (CT.LAMBDA.PR.4)',
    holds: ({ Runtime, Architectures }) => Runtime === 'nodejs24.x' && list(Architectures).length === 1,
  },
  {
    type: 'AWS::Lambda::Function',
    says: 'is in the network where it reaches into it (CT.LAMBDA.PR.3)',
    holds: ({ FunctionName, VpcConfig }) => isOutsideNetwork(String(FunctionName)) === (VpcConfig === undefined),
  },
  {
    type: 'AWS::Lambda::Function',
    says: 'has a role of its own',
    holds: ({ FunctionName, Role }) => {
      const name = String(FunctionName).split('-').at(-1) ?? '';
      const [, argument] = toIntrinsic(Role) ?? [];
      return Array.isArray(argument) && argument[0] === `${name.charAt(0).toUpperCase()}${name.slice(1)}Role`;
    },
  },
  {
    type: 'AWS::Lambda::Permission',
    says: 'lets in one thing, by its ARN (CT.LAMBDA.PR.2)',
    holds: ({ Principal, SourceArn }) => Principal !== '*' && SourceArn !== undefined,
  },
  {
    type: 'AWS::Logs::LogGroup',
    says: 'ends; in prod after a year at the earliest (CT.CLOUDWATCH.PR.2)',
    holds: ({ RetentionInDays }, _, stage) => Number(RetentionInDays) >= (isProd(stage) ? 365 : 1),
  },
  {
    type: 'AWS::CloudWatch::Alarm',
    says: 'tells somebody (CT.CLOUDWATCH.PR.1)',
    holds: ({ AlarmActions, OKActions }) => list(AlarmActions).length > 0 && list(OKActions).length > 0,
  },
  {
    type: 'AWS::S3::Bucket',
    says: 'is private, encrypted and keeps versions (CT.S3.PR.1, CT.S3.PR.7)',
    holds: ({ PublicAccessBlockConfiguration, BucketEncryption, VersioningConfiguration }) =>
      Object.values(record(PublicAccessBlockConfiguration)).filter((it) => it === true).length === 4 &&
      BucketEncryption !== undefined &&
      record(VersioningConfiguration)['Status'] === 'Enabled',
  },
  {
    type: 'AWS::S3::BucketPolicy',
    says: 'refuses what does not come over TLS (CT.S3.PR.8)',
    holds: ({ PolicyDocument }) => JSON.stringify(PolicyDocument).includes('aws:SecureTransport'),
  },
  {
    type: 'AWS::ApiGatewayV2::Stage',
    says: 'is limited, and logs who asked for what without saying who it was (CT.APIGATEWAY.PR.6)',
    holds: ({ DefaultRouteSettings, AccessLogSettings }) =>
      Number(record(DefaultRouteSettings)['ThrottlingRateLimit']) > 0 &&
      Number(record(DefaultRouteSettings)['ThrottlingBurstLimit']) > 0 &&
      !/identity|claims|authorizer\.(principalId|sub)|sourceIp|userAgent|path\b/.test(
        String(record(AccessLogSettings)['Format']),
      ),
  },
  {
    type: 'AWS::ApiGatewayV2::Api',
    says: 'names whoever may call it from a browser',
    holds: ({ CorsConfiguration }) => !JSON.stringify(record(CorsConfiguration)['AllowOrigins'] ?? []).includes('*'),
  },
  {
    type: 'AWS::ApiGatewayV2::DomainName',
    says: 'speaks TLS 1.2 or newer',
    holds: ({ DomainNameConfigurations }) =>
      list(DomainNameConfigurations).every(({ SecurityPolicy }) => SecurityPolicy === 'TLS_1_2'),
  },
  {
    type: 'AWS::ECS::Service',
    says: 'has no public address, goes back by itself, and stops before it starts (CT.ECS.PR.2)',
    holds: ({ NetworkConfiguration, DeploymentConfiguration }) =>
      record(record(NetworkConfiguration)['AwsvpcConfiguration'])['AssignPublicIp'] === 'DISABLED' &&
      record(record(DeploymentConfiguration)['DeploymentCircuitBreaker'])['Rollback'] === true &&
      record(DeploymentConfiguration)['MaximumPercent'] === 100,
  },
  {
    type: 'AWS::ECS::TaskDefinition',
    says: 'writes to no disk, is not root, has limits and a log (CT.ECS.PR.5, PR.6, PR.7, PR.9)',
    holds: ({ ContainerDefinitions, NetworkMode }) =>
      NetworkMode === 'awsvpc' &&
      list(ContainerDefinitions).every(
        ({ ReadonlyRootFilesystem, User, Memory, LogConfiguration, Privileged, HealthCheck, StopTimeout }) =>
          ReadonlyRootFilesystem === true &&
          User === 'node' &&
          Number(Memory) > 0 &&
          LogConfiguration !== undefined &&
          Privileged === undefined &&
          HealthCheck !== undefined &&
          Number(StopTimeout) >= 30,
      ),
  },
  {
    type: 'AWS::ECS::Cluster',
    says: 'is watched (CT.ECS.PR.1)',
    holds: ({ ClusterSettings }) => list(ClusterSettings).some(({ Value }) => Value === 'enabled'),
  },
];

/** `<resource>: <rule>` for whatever breaks one. */
export const checkSecurity = (template: Template, stage: string): readonly string[] =>
  rules.flatMap(({ type, says, holds }) =>
    resourcesOf(template, type)
      .filter(([, resource]) => !holds(resource.Properties ?? {}, resource, stage))
      .map(([name]) => `${name}: ${type} ${says}`),
  );

const credentials: Readonly<Record<string, RegExp>> = {
  'an address with a password': /\b(esdb|kurrentdb|amqps?|https?)(\+discover)?:\/\/[^\s/:@"'`$[{]+:[^\s/@"'`$]+@/,
  "an access key of AWS's": /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  'a token': /\beyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\./,
};

/** What in a text looks like a secret, shown in part. */
export const findSecrets = (text: string): readonly string[] =>
  Object.entries(credentials).flatMap(([what, form]) => {
    const found = form.exec(text);
    return found ? [`${what}: ${found[0].slice(0, 60)}`] : [];
  });

/** Settings that are named as if they held a secret and hold more than a reference to one, wherever in the template. */
export const findPlainSettings = (template: Template): readonly string[] =>
  [...walk(template.Resources)].flatMap(([path, value]) =>
    /(password|token|apikey|credential)$/i.test(path) && typeof value === 'string' && !/^(password|)$/.test(value)
      ? [`${path}: ${value.slice(0, 20)}`]
      : [],
  );
