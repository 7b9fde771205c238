import { Metrics as Powertools } from '@aws-lambda-powertools/metrics';

export type MetricUnit = 'Count' | 'Seconds' | 'Milliseconds' | 'Percent' | 'Count/Second';

/** Figures for CloudWatch, in its embedded metric format: a line on standard output that CloudWatch Logs reads. */
export interface Metrics {
  /** Kept until `flush`; several values of one name make a distribution. */
  add(name: string, unit: MetricUnit, value: number): void;
  /** Writes all that was added as one line; nothing when nothing was. */
  flush(): void;
}

/**
 * @param service the dimension that all of them have
 * @param namespace one a stage, so that stages in one account are told apart
 * @param dimensions more that all of them have
 */
export function createMetrics(
  service: string,
  namespace = 'Waybill',
  dimensions: Readonly<Record<string, string>> = {},
): Metrics {
  const powertools = new Powertools({ namespace, serviceName: service, defaultDimensions: dimensions });
  return {
    add: (name, unit, value) => {
      powertools.addMetric(name, unit, value);
    },
    flush: () => {
      if (powertools.hasStoredMetrics()) powertools.publishStoredMetrics();
    },
  };
}

/** Keeps nothing: for tests of what is not about figures. */
export const silentMetrics: Metrics = { add: () => undefined, flush: () => undefined };
