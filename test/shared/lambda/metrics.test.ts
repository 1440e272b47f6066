import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from '../../../shared/contract/names.ts';
import { metricLine } from '../../../shared/lambda/metrics.ts';

test('a metric line has one dimension whatever its properties', () => {
  const line = metricLine(
    { [METRICS.eventsIngested]: 3, [METRICS.forecastAgeSeconds]: 1.5 },
    { tenant: 'acme', source: 'stripe' },
    1_700_000_000_000,
  );
  assert.deepEqual(JSON.parse(line), {
    tenant: 'acme',
    source: 'stripe',
    service: 'capstack',
    capital_events_ingested_total: 3,
    forecast_age_seconds: 1.5,
    _aws: {
      Timestamp: 1_700_000_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'Capstack',
          Dimensions: [['service']],
          Metrics: [
            { Name: 'capital_events_ingested_total', Unit: 'Count' },
            { Name: 'forecast_age_seconds', Unit: 'Seconds' },
          ],
        },
      ],
    },
  });
});

test('a property cannot pose as a metric, the dimension or the envelope', () => {
  const line = JSON.parse(
    metricLine({ [METRICS.runwayP5Days]: 9 }, { service: 'x', runway_p5_days: 1, _aws: 'y' }, 0),
  );
  assert.equal(line.service, 'capstack');
  assert.equal(line.runway_p5_days, 9);
  assert.equal(line._aws.Timestamp, 0);
});
