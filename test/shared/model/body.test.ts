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
    standard_error_days: error,
    survival,
    p5_days: low,
    p95_days: high,
    censored,
    ...numbers
  } = runwayNumbers(forecastRunway(runwayInput({ days, horizonDays: 70, balanceMinor: 600_000n })));
  assert.deepEqual(numbers, {
    status: 'ok',
    as_of: '2026-06-30',
    horizon_days: 70,
    p50_days: 60,
    cash: { amount: '6000.00', currency: 'USD' },
    burn: { net_daily_mean: '100.00', net_daily_std: '0.00', gross_daily_mean: '100.00' },
    without_unsigned: null,
    required_cash: { 90: null, 180: null, 365: null },
    breaking: { date: '2026-08-29', label: null, amount: '100.00' },
    lowest_cash: { date: '2026-09-08', p5: '-1000.00', p50: '-1000.00', p95: '-1000.00' },
  });
  assert.deepEqual([error.p50, censored.p50], [0, false]);
  assert.ok((low ?? 0) <= 60 && (high ?? 71) >= 60);
  // All but the few paths on which something large happens that never did.
  assert.ok((survival[30] ?? 0) > 0.98);
  assert.deepEqual([survival[90], survival[180], survival[365]], [null, null, null]);
  assert.deepEqual(
    curve.map(([day, share]) => [day, share > 0.5]),
    [0, 7, 14, 21, 28, 35, 42, 49, 56, 63, 70].map((day) => [day, day < 60]),
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
  const { required_cash: required, breaking, lowest_cash: lowest, without_unsigned: without } = numbers;
  assert.deepEqual([required['90'], breaking, lowest, without], [null, null, null, null]);
});
