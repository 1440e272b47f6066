/** What was answered when this was written, to the byte. A change here is a new engine version, or a new hash for old input. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forecastScenario } from '../../../shared/scenario/forecast-scenario.ts';
import { BURNING, scenarioOf } from './scenarios.ts';

test('a scenario with every kind of item', () => {
  const forecast = forecastScenario(
    scenarioOf({
      ...BURNING,
      residual: { kind: 'student_t', daily_mean: '-9200', daily_std: '14000', df: 4 },
      scheduled: [{ date: '2026-01-15', amount: '-98000', label: 'payroll' }],
      recurring: [
        { every: 'monthly', day: -1, amount: '-98000', jitter_std: '4000', business_day: 'previous' },
      ],
      tranches: [
        {
          date: '2026-04-01',
          amount: '500000',
          probability: 0.7,
          delay_days: { kind: 'gamma', mean: 18, std: 12 },
        },
      ],
      credits: [
        { id: 'aws-activate', remaining: '92000', expires_on: '2026-03-15', daily_gross_cost: '1100' },
      ],
    }),
  );
  assert.equal(
    JSON.stringify(forecast),
    '{"status":"ok","p5_days":166,"p50_days":211,"p95_days":242,"standard_error_days":{"p5":0.5883,"p50":0.0039,"p95":0.0085},' +
      '"censored":{"p5":false,"p50":false,"p95":false},' +
      '"survival":{"30":1,"60":1,"90":1,"180":0.7965,"365":0},' +
      '"survival_standard_error":{"30":0,"60":0,"90":0,"180":0.004,"365":0},' +
      '"lowest_cash":{"p5":"-2828227.59","p50":"-2188545.89","p95":"-1667809.96","date":"2027-01-01"},' +
      '"model":{"version":"paths-2","paths":10000,"seed":42},' +
      '"inputs":{"hash":"sha256:815af4d96c133895df0a9ad7a48ee64c27797c40edd5db1ebbe04d1ae56f001e"}}',
  );
});
