import { inStage } from './inStage.ts';

const tell = [{ Ref: 'AlarmTopic' }];

/** Something that should never happen. */
const ifAny = {
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
  AlarmActions: tell,
  OKActions: tell,
};

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Goes off when so many of the last `minutes` are bad. */
export interface Window {
  readonly minutes: number;
  readonly datapoints: number;
  /** What one datapoint is of; one unless given. From 60 on the whole window may be seven days, below it one. */
  readonly periodMinutes?: number;
}

const toAlarm = (
  what: string,
  description: string,
  { minutes, datapoints, periodMinutes = 1 }: Window,
  measured: object,
) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    ...ifAny,
    AlarmName: inStage(what),
    AlarmDescription: description,
    EvaluationPeriods: minutes / periodMinutes,
    DatapointsToAlarm: datapoints,
    ...measured,
  },
});

const toMetric = ({ namespace, name, dimensions }: Metric) => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});

/** Of one metric by itself. */
export const metricAlarm = (
  what: string,
  description: string,
  { stat = 'Sum', ...metric }: Metric & { readonly stat?: 'Sum' | 'Maximum' | 'SampleCount' },
  window: Window,
  more: object = {},
) => {
  const Period = 60 * (window.periodMinutes ?? 1);
  return toAlarm(what, description, window, { ...toMetric(metric), Statistic: stat, Period, ...more });
};

/**
 * Of several metrics, added up; one that says nothing counts as a nought. So does the newest minute of one that comes late:
 * not for a single datapoint.
 */
export const sumAlarm = (
  what: string,
  description: string,
  metrics: readonly Metric[],
  window: Omit<Window, 'periodMinutes'>,
) =>
  toAlarm(what, description, window, {
    Metrics: [
      ...metrics.map((metric, n) => ({
        Id: `m${n}`,
        ReturnData: false,
        MetricStat: { Metric: toMetric(metric), Period: 60, Stat: 'Sum' },
      })),
      {
        Id: 'sum',
        Expression: metrics.map((_, n) => `FILL(m${n}, 0)`).join(' + '),
        Label: [...new Set(metrics.map(({ name }) => name))].join(' and '),
        ReturnData: true,
      },
    ],
  });
