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

const toDimensions = (dimensions: object) => Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

/** So many of the last `minutes` have to be bad. */
interface Window {
  readonly minutes: number;
  readonly datapoints: number;
}

/** One metric by itself. */
const metricAlarm = (
  what: string,
  description: string,
  {
    namespace,
    dimensions,
    metric,
    stat = 'Sum',
  }: { namespace: string; dimensions: object; metric: string; stat?: string },
  { minutes, datapoints }: Window,
) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    ...atOnce,
    AlarmName: name(what),
    AlarmDescription: description,
    Namespace: namespace,
    MetricName: metric,
    Dimensions: toDimensions(dimensions),
    Statistic: stat,
    Period: 60,
    EvaluationPeriods: minutes,
    DatapointsToAlarm: datapoints,
  },
});

/** `metrics` of one thing, added up. */
const sumAlarm = (
  what: string,
  description: string,
  { namespace, dimensions, metrics }: { namespace: string; dimensions: object; metrics: readonly string[] },
  { minutes, datapoints }: Window,
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
            Dimensions: toDimensions(dimensions),
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

const ofFunction = (fn: string) => ({ namespace: 'AWS/Lambda', dimensions: { FunctionName: name(fn) } });

/** A consumer's function throws only when what it needs to settle its messages is gone. */
const consumerFunctions = Object.entries(rights).flatMap(([fn, { consumer }]) => (consumer ? [fn] : []));

const consumerFunctionAlarms = consumerFunctions.map((fn) => [
  `${toId(fn)}FailsAlarm`,
  sumAlarm(
    `${fn}-fails`,
    `${fn} throws, runs out of time or is throttled`,
    { ...ofFunction(fn), metrics: ['Errors', 'Throttles'] },
    { minutes: 5, datapoints: 3 },
  ),
]);

/** Functions that a schedule calls, and how long a failure of theirs may take to be told. */
const scheduledFunctions: Readonly<Record<string, Window>> = {
  // Lambda stamps an error with the minute in which the run began, and a run of the relay may die after 15: the second of
  // two in a row is told when the first one's minute is half an hour old, and some minutes more on its way.
  relayEvents: { minutes: 35, datapoints: 2 },
  // Wakes streams whose retry was lost: some minutes later is soon enough for that.
  sweepStreams: { minutes: 10, datapoints: 5 },
};

// Without throttles: the next minute's call does the work of one that was turned away, and of the relay, which is called
// each minute and runs for 15, most are.
const scheduledFunctionAlarms = Object.entries(scheduledFunctions).map(([fn, window]) => [
  `${toId(fn)}FailsAlarm`,
  metricAlarm(`${fn}-fails`, `${fn} throws or runs out of time`, { ...ofFunction(fn), metric: 'Errors' }, window),
]);

const ofConsumer = (consumer: string) => ({
  namespace: `\${param:metricsNamespace}`,
  dimensions: { service: 'consumer', consumer },
});

/** Figures out of logs come a minute late or more: the newest minute alone would often be looked at before they are there. */
const lately = { minutes: 5, datapoints: 1 };

const consumerAlarms = Object.values(consumers).flatMap(({ name: consumer }) => [
  [
    `${toId(consumer)}BlockedAlarm`,
    metricAlarm(
      `${consumer}-blocked`,
      `${consumer} has streams that are blocked`,
      // What the sweep counts, for as long as there are any; where it counts nothing, its own alarm says so.
      { ...ofConsumer(consumer), metric: 'BlockedStreams', stat: 'Maximum' },
      lately,
    ),
  ],
  [
    `${toId(consumer)}DeadLettersAlarm`,
    metricAlarm(
      `${consumer}-dead-letters`,
      `${consumer} has been sent a message that can't be read, or that names what is not there`,
      { ...ofConsumer(consumer), metric: 'DeadLetters' },
      lately,
    ),
  ],
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
  Resources: Object.fromEntries([
    ...consumerFunctionAlarms,
    ...scheduledFunctionAlarms,
    ...consumerAlarms,
    ...tableAlarms,
  ]),
};
