import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runwayNumbers } from '../../../shared/model/body.ts';
import { forecastRunway } from '../../../shared/model/runway.ts';
import { daily, runwayInput } from './ledgers.ts';

test('money is text with the decimals of its currency, days are numbers', () => {
  const days = daily(91, () => -10_000n);
  const {
    inputs,
    model,
    cash_band: band,
    survival_curve: curve,
    ...numbers
  } = runwayNumbers(forecastRunway(runwayInput({ days, horizonDays: 70, balanceMinor: 600_000n })));
  assert.deepEqual(numbers, {
    status: 'ok',
    as_of: '2026-06-30',
    horizon_days: 70,
    p5_days: 60,
    p50_days: 60,
    p95_days: 60,
    standard_error_days: { p5: 0, p50: 0, p95: 0 },
    censored: { p5: false, p50: false, p95: false },
    survival: { 30: 1, 60: 0, 90: null, 180: null, 365: null },
    cash: { amount: '6000.00', currency: 'USD' },
    burn: { net_daily_mean: '100.00', net_daily_std: '0.00', gross_daily_mean: '100.00' },
  });
  assert.deepEqual(
    curve.map(([day, share]) => [day, share]),
    [0, 7, 14, 21, 28, 35, 42, 49, 56, 63, 70].map((day) => [day, day < 60 ? 1 : 0]),
  );
  assert.deepEqual(band.at(-1), { date: '2026-09-08', p5: '-1000.00', p50: '-1000.00', p95: '-1000.00' });
  assert.match(inputs.hash, /^sha256:[0-9a-f]{64}$/);
  assert.deepEqual([model.paths, model.seed], [2_000, 7]);
});

test('without enough history every number is null', () => {
  const numbers = runwayNumbers(forecastRunway(runwayInput({ days: [] })));
  assert.equal(numbers.status, 'insufficient_data');
  assert.deepEqual(numbers.burn, { net_daily_mean: null, net_daily_std: null, gross_daily_mean: null });
  assert.deepEqual([numbers.p5_days, numbers.survival['30'], numbers.cash_band], [null, null, []]);
});
