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

const tablePrefix = `\${param:tablePrefix}`;
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

  test('is heard of when it was sent what it can not read', () => {
    expect(alarms.get(`${consumer}-dead-letters`)).toMatchObject({
      ...own,
      MetricName: 'DeadLetters',
      Statistic: 'Sum',
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

  test('a sweep that is not called at all is heard of', () => {
    expect(alarms.get('sweep-silent')).toMatchObject({
      MetricName: 'BlockedStreams',
      Statistic: 'SampleCount',
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  test('one that is called each minute and fails half of the time is heard of', () => {
    expect(metricsOf('sweepStreams-fails')).toEqual(['Errors']);
    expect(alarms.get('sweepStreams-fails')).toMatchObject({ Period: 60, EvaluationPeriods: 10, DatapointsToAlarm: 5 });
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
