import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
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

describe('functions', () => {
  const { functions } = parse(readFileSync('serverless.yml', 'utf8'), { merge: true }) as {
    readonly functions: Readonly<Record<string, { readonly timeout: number }>>;
  };

  test('throttles of the relay are no trouble, those of a consumer are', () => {
    expect(metricsOf('relayEvents-fails')).toEqual(['Errors']);
    expect(metricsOf('projectOrder-fails')).toEqual(['Errors', 'Throttles']);
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
