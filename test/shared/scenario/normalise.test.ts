import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputHash, normalised } from '../../../shared/scenario/normalise.ts';
import { BURNING, scenarioOf } from './scenarios.ts';

const hashOf = (change: object): string => inputHash(scenarioOf({ ...BURNING, ...change }));

const payment = { date: '2026-02-01', amount: '100' };

test('the hash is of what the scenario says, not of how it is written', () => {
  const { as_of, residual } = BURNING;
  assert.equal(
    hashOf({}),
    inputHash(
      scenarioOf({ residual, currency: 'usd', as_of, balance: '2400000', horizon_days: 365, seed: 42 }),
    ),
  );
  const other = { date: '2026-02-02', amount: '-5.10' };
  assert.equal(
    hashOf({ scheduled: [payment, other] }),
    hashOf({ scheduled: [other, { ...payment, amount: '100.00' }] }),
  );
});

test('everything else in it matters', () => {
  const changes = [
    {},
    { seed: 43 },
    { paths: 9999 },
    { horizon_days: 364 },
    { balance: '2400000.01' },
    { minimum_cash: '0.01' },
    { as_of: '2026-01-02' },
    { currency: 'EUR' },
    { residual: { ...BURNING.residual, daily_std: '2800.1' } },
    { scheduled: [payment] },
    { scheduled: [payment, payment] },
    { scheduled: [{ ...payment, label: 'rent' }] },
  ];
  assert.equal(new Set(changes.map(hashOf)).size, changes.length);
});

test('items that move no money are dropped, those that might are kept', () => {
  const scenario = normalised(
    scenarioOf({
      ...BURNING,
      scheduled: [{ ...payment, amount: '-0.00' }],
      recurring: [
        { every: 'monthly', day: 1, amount: '0' },
        { every: 'monthly', day: 2, amount: '0', jitter_std: '5' },
      ],
      tranches: [
        { ...payment, probability: 0 },
        { ...payment, amount: '0', probability: 1 },
      ],
      credits: [
        { remaining: '100', expires_on: '2026-03-01', daily_gross_cost: '0' },
        { remaining: '0', expires_on: '2026-03-01', daily_gross_cost: '1' },
      ],
    }),
  );
  assert.equal(scenario.scheduled.length, 0);
  assert.deepEqual(
    scenario.recurring.map(({ jitter_std }) => jitter_std),
    ['5'],
  );
  assert.equal(scenario.tranches.length, 0);
  assert.deepEqual(
    scenario.credits.map(({ daily_gross_cost }) => daily_gross_cost),
    ['1'],
  );
});
