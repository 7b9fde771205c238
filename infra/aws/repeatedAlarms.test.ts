import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { consumers } from '../../shared/broker/topology.ts';
import { declareTables } from '../local/dynamo/tables.ts';
import { repeatedAlarms } from './repeatedAlarms.ts';

interface Alarm {
  readonly MetricName?: string;
  readonly Statistic?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Period?: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly Metrics?: readonly {
    readonly MetricStat?: {
      readonly Metric: { readonly MetricName: string; readonly Dimensions: Alarm['Dimensions'] };
    };
  }[];
}

const tablePrefix = `\${self:service}-\${sls:stage}`;
const prefix = `\${self:service}-\${sls:stage}-`;
const alarms = new Map(
  Object.values(
    repeatedAlarms.Resources as Readonly<Record<string, { Properties: Alarm & { AlarmName: string } }>>,
  ).map(({ Properties }) => [Properties.AlarmName.replace(prefix, ''), Properties]),
);
const metricsOf = (alarm: string): readonly (string | undefined)[] => {
  const { MetricName, Metrics = [] } = alarms.get(alarm) ?? {};
  return [MetricName, ...Metrics.map(({ MetricStat }) => MetricStat?.Metric.MetricName)].filter(Boolean);
};

describe.each(Object.values(consumers).map(({ name }) => name))('%s', (consumer) => {
  const own = {
    Namespace: `\${param:metricsNamespace}`,
    Dimensions: [
      { Name: 'service', Value: 'consumer' },
      { Name: 'consumer', Value: consumer },
    ],
    Period: 60,
    EvaluationPeriods: 5,
    DatapointsToAlarm: 1,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  };

  test('is heard of while one of its streams is blocked', () => {
    expect(alarms.get(`${consumer}-blocked`)).toMatchObject({
      ...own,
      MetricName: 'BlockedStreams',
      Statistic: 'Maximum',
      // A sweep that is away does not say that all is well.
      TreatMissingData: 'ignore',
    });
  });

  test('is heard of while one of its dead letters waits', () => {
    expect(alarms.get(`${consumer}-dead-letters`)).toMatchObject({
      ...own,
      MetricName: 'DeadLettersWaiting',
      Statistic: 'Maximum',
      TreatMissingData: 'ignore',
    });
  });

  test('is heard of, by its name, when it does not keep up for a quarter of an hour', () => {
    expect(alarms.get(`${consumer}-depth`)).toMatchObject({
      ...own,
      MetricName: 'QueueDepth',
      Statistic: 'Maximum',
      EvaluationPeriods: 15,
      DatapointsToAlarm: 15,
      Threshold: `\${param:depthAlarm}`,
      TreatMissingData: 'ignore',
    });
  });
});

describe('functions', () => {
  const { functions } = parse(readFileSync('serverless.yml', 'utf8'), { merge: true }) as {
    readonly functions: Readonly<Record<string, { readonly timeout: number }>>;
  };

  test('throttles of the relay are no trouble, those of a consumer are', () => {
    expect(metricsOf('relayEvents-fails')).toEqual(['Errors']);
    expect(metricsOf('projectOrder-fails')).toEqual(['Errors', 'Throttles']);
  });

  test.each([
    ['sweep-silent', 'BlockedStreams'],
    ['queues-silent', 'QueueDepth'],
  ])('%s: one that is not called at all is heard of', (alarm, MetricName) => {
    expect(alarms.get(alarm)).toMatchObject({
      MetricName,
      Statistic: 'SampleCount',
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  test.each(['sweepStreams-fails', 'measureQueues-fails'])('%s: half of the time is heard of', (alarm) => {
    expect(metricsOf(alarm)).toEqual(['Errors']);
    expect(alarms.get(alarm)).toMatchObject({ Period: 60, EvaluationPeriods: 10, DatapointsToAlarm: 5 });
  });

  test('a daily look that fails once is heard of until the next one has ended', () => {
    expect(metricsOf('applyTopology-fails')).toEqual(['Errors']);
    const { EvaluationPeriods = 0, Period = 0, DatapointsToAlarm } = alarms.get('applyTopology-fails') ?? {};
    expect(DatapointsToAlarm).toBe(1);
    const dayS = 86_400;
    expect(EvaluationPeriods * Period).toBeGreaterThan(dayS + 2 * (functions['applyTopology']?.timeout ?? Number.NaN));
  });

  test('no alarm looks back further than CloudWatch lets it', () => {
    for (const [name, { EvaluationPeriods, Period = 60 }] of alarms) {
      const most = Period < 3_600 ? 86_400 : 604_800;
      expect([name, EvaluationPeriods * Period <= most]).toEqual([name, true]);
    }
  });

  test('two runs of the relay in a row that die at their very end are both within its window', () => {
    const { EvaluationPeriods = 0, Period = 0, DatapointsToAlarm } = alarms.get('relayEvents-fails') ?? {};
    expect(EvaluationPeriods * Period).toBeGreaterThan(2 * (functions['relayEvents']?.timeout ?? Number.NaN));
    expect(DatapointsToAlarm).toBe(2);
  });
});

test.each(declareTables(tablePrefix))('throttled requests to $TableName and its indexes are heard of', (table) => {
  const { TableName = '', GlobalSecondaryIndexes = [] } = table;
  const { Metrics = [] } = alarms.get(`${TableName.replace(`${tablePrefix}-`, '')}-throttled`) ?? {};
  const own = [{ Name: 'TableName', Value: TableName }];
  const ofIndexes = GlobalSecondaryIndexes.map(({ IndexName }) => [
    ...own,
    { Name: 'GlobalSecondaryIndexName', Value: IndexName },
  ]);
  const expected = [own, ...ofIndexes].flatMap((Dimensions) =>
    ['ReadThrottleEvents', 'WriteThrottleEvents'].map((MetricName) => ({
      Namespace: 'AWS/DynamoDB',
      MetricName,
      Dimensions,
    })),
  );
  const watched = Metrics.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []));
  expect(watched).toHaveLength(expected.length);
  expect(watched).toEqual(expect.arrayContaining(expected));
});
