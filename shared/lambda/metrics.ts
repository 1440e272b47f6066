import { METRIC_NAMESPACE, METRIC_SERVICE, METRICS, type MetricName } from '../contract/names.ts';

export type MetricValues = Readonly<Partial<Record<MetricName, number>>>;

const UNITS: Readonly<Record<MetricName, 'Count' | 'Seconds' | 'None'>> = {
  [METRICS.eventsIngested]: 'Count',
  [METRICS.eventsDuplicate]: 'Count',
  [METRICS.eventsRejected]: 'Count',
  [METRICS.runwayP5Days]: 'None',
  [METRICS.runwayP50Days]: 'None',
  [METRICS.runwayP95Days]: 'None',
  [METRICS.burnRateStd]: 'None',
  [METRICS.optimizationApplied]: 'Count',
  [METRICS.reconciliationVariance]: 'None',
  [METRICS.forecastAgeSeconds]: 'Seconds',
};

/**
 * One line of CloudWatch's embedded metric format. Every metric has the one dimension `service`; `properties` (tenant,
 * source, result...) can be searched in the log but multiply no metric, so they cost nothing.
 */
export const metricLine = (
  values: MetricValues,
  properties: Readonly<Record<string, string | number>>,
  nowMs: number,
): string => {
  const names = Object.keys(values) as MetricName[];
  return JSON.stringify({
    ...properties,
    service: METRIC_SERVICE,
    ...values,
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [
        {
          Namespace: METRIC_NAMESPACE,
          Dimensions: [['service']],
          Metrics: names.map((name) => ({ Name: name, Unit: UNITS[name] })),
        },
      ],
    },
  });
};
