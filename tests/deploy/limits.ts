import { statementsOf } from './iam.ts';
import { resourcesOf, type Template, walk } from './template.ts';

/** Names that AWS cuts off or refuses beyond so many characters. */
const longest: Readonly<Record<string, readonly [property: string, characters: number]>> = {
  'AWS::Lambda::Function': ['FunctionName', 64],
  'AWS::AmazonMQ::Broker': ['BrokerName', 50],
  'AWS::DynamoDB::Table': ['TableName', 255],
  'AWS::CloudWatch::Alarm': ['AlarmName', 255],
};

/** What EC2 takes in the description of a security group, and in that of a rule. */
const groupText = /^[\w .:/()#,@[\]+=&;{}!$*-]{0,255}$/;
const ruleText = /^[\w .:/()#,@[\]+=;{}!$*-]{0,255}$/;

/** Texts in which EC2 refuses some characters, among them the apostrophe, and CloudFormation's schema says nothing of it. */
function checkTexts(template: Template): readonly string[] {
  const texts = Object.entries(template.Resources).flatMap(([name, { Type, Properties = {} }]) => {
    if (!Type.startsWith('AWS::EC2::SecurityGroup')) return [];
    const { GroupDescription, ...rules } = Properties;
    return [
      { name, text: GroupDescription, taken: groupText },
      ...[...walk(rules)].flatMap(([path, text]) =>
        path.endsWith('/Description') ? { name: `${name}${path}`, text, taken: ruleText } : [],
      ),
    ];
  });
  return texts.flatMap(({ name, text, taken }) =>
    text === undefined || (typeof text === 'string' && taken.test(text)) ? [] : [`${name}: EC2 refuses "${text}"`],
  );
}

/** Source: docs.aws.amazon.com, "Understand CloudFormation quotas" and each service's own, 2026. */
export function checkLimits(template: Template): readonly string[] {
  const { Resources, Outputs = {}, Parameters = {} } = template;
  const text = JSON.stringify(template);
  const atMost = (what: string, value: number, limit: number): readonly string[] =>
    value > limit ? [`${what}: ${value}, at most ${limit}`] : [];
  return [
    ...checkTexts(template),
    ...atMost('resources', Object.keys(Resources).length, 500),
    ...atMost('outputs', Object.keys(Outputs).length, 200),
    ...atMost('parameters', Object.keys(Parameters).length, 200),
    ...atMost('template, bytes', Buffer.byteLength(text), 1_000_000),
    ...atMost('dynamic references', text.split('{{resolve:').length - 1, 60),
    ...Object.entries(longest).flatMap(([type, [property, limit]]) =>
      resourcesOf(template, type).flatMap(([name, { Properties = {} }]) =>
        atMost(`${name}.${property}`, String(Properties[property]).length, limit),
      ),
    ),
    ...resourcesOf(template, 'AWS::Lambda::Function').flatMap(([name, { Properties = {} }]) =>
      atMost(`${name}: environment, bytes`, JSON.stringify(Properties['Environment'] ?? {}).length, 4_096),
    ),
    ...[...statementsOf(template)].flatMap(([role, statements]) =>
      atMost(`${role}: policies, characters`, JSON.stringify(statements).length, 10_240),
    ),
    ...resourcesOf(template, 'AWS::ApiGatewayV2::Stage').flatMap(([name, { Properties = {} }]) =>
      atMost(`${name}: access log format, bytes`, JSON.stringify(Properties['AccessLogSettings']).length, 3_072),
    ),
    ...resourcesOf(template, 'AWS::EC2::SecurityGroup').flatMap(([name]) => {
      const rules = Object.values(Resources).filter(
        ({ Type, Properties = {} }) =>
          Type.startsWith('AWS::EC2::SecurityGroup') && JSON.stringify(Properties['GroupId'])?.includes(`"${name}"`),
      );
      return atMost(`${name}: rules`, rules.length, 60);
    }),
  ];
}
