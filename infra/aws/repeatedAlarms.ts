import { consumers } from '../../shared/broker/topology.ts';
import { rights } from './rights.ts';

const name = (what: string): string => `\${self:service}-\${sls:stage}-${what}`;
const tell = [{ Ref: 'AlarmTopic' }];

/** Something that should never happen: one alarm as soon as it does. */
const atOnce = {
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
  AlarmActions: tell,
  OKActions: tell,
};

const toId = (text: string): string =>
  text.replaceAll(/(^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());

/** `metrics` of one thing, added up over `minutes`. */
const sumAlarm = (
  what: string,
  description: string,
  { namespace, dimensions, metrics }: { namespace: string; dimensions: object; metrics: readonly string[] },
  { minutes, datapoints }: { minutes: number; datapoints: number },
) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    ...atOnce,
    AlarmName: name(what),
    AlarmDescription: description,
    EvaluationPeriods: minutes,
    DatapointsToAlarm: datapoints,
    Metrics: [
      ...metrics.map((metric, n) => ({
        Id: `m${n}`,
        ReturnData: false,
        MetricStat: {
          Metric: {
            Namespace: namespace,
            MetricName: metric,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          },
          Period: 60,
          Stat: 'Sum',
        },
      })),
      {
        Id: 'sum',
        Expression: metrics.map((_, n) => `FILL(m${n}, 0)`).join(' + '),
        Label: metrics.join(' and '),
        ReturnData: true,
      },
    ],
  },
});

/** A consumer's function throws only when what it needs to settle its messages is gone; the relay's, when it is broken. */
const watched = Object.entries(rights).filter(([fn, { consumer }]) => consumer || fn === 'relayEvents');

const functionAlarms = watched.map(([fn]) => [
  `${toId(fn)}FailsAlarm`,
  sumAlarm(
    `${fn}-fails`,
    `${fn} throws, runs out of time or is throttled`,
    { namespace: 'AWS/Lambda', dimensions: { FunctionName: name(fn) }, metrics: ['Errors', 'Throttles'] },
    { minutes: 5, datapoints: 3 },
  ),
]);

const consumerAlarms = Object.values(consumers).map(({ name: consumer }) => [
  `${toId(consumer)}DeadLettersAlarm`,
  sumAlarm(
    `${consumer}-dead-letters`,
    `${consumer} has given up on something: a stream is blocked, or a message can't be read`,
    {
      namespace: `\${param:metricsNamespace}`,
      dimensions: { service: 'consumer', consumer },
      metrics: ['DeadLetters', 'StreamsBlocked'],
    },
    { minutes: 1, datapoints: 1 },
  ),
]);

/** Every table that some function touches, by its short name. */
export const tableNames: readonly string[] = [
  ...new Set(
    Object.values(rights).flatMap(({ tables = {} }) => Object.keys(tables).map((it) => it.replace(/\/.*/, ''))),
  ),
];

const tableAlarms = tableNames.map((table) => [
  `${toId(table)}ThrottledAlarm`,
  sumAlarm(
    `${table}-throttled`,
    `DynamoDB turns requests to ${table} away`,
    {
      namespace: 'AWS/DynamoDB',
      dimensions: { TableName: `\${param:tablePrefix}-${table}` },
      metrics: ['ReadThrottleEvents', 'WriteThrottleEvents'],
    },
    { minutes: 5, datapoints: 3 },
  ),
]);

/** The alarms that there are one of for each function, consumer and table. */
export const repeatedAlarms = {
  Resources: Object.fromEntries([...functionAlarms, ...consumerAlarms, ...tableAlarms]),
};
