import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileScenario } from '../../../shared/scenario/compile.ts';
import { BURNING, scenarioOf } from './scenarios.ts';

const compiled = (change: object): ReturnType<typeof compileScenario> =>
  compileScenario(scenarioOf({ ...BURNING, ...change }));

test('money is in cents, or finer where an amount is, and whole', () => {
  const { input, decimals } = compiled({ balance: '10.25', minimum_cash: '0.50' });
  assert.deepEqual([decimals, input.openingCash], [2, 975]);
  assert.deepEqual(input.residual, { kind: 'normal', dailyMean: -1_420_000, dailyStd: 280_000 });
  const fine = compiled({ balance: '10.25', residual: { ...BURNING.residual, daily_mean: '-0.125' } });
  assert.deepEqual([fine.decimals, fine.input.openingCash], [3, 10_250]);
  assert.equal(
    compiled({ currency: 'JPY', balance: '5', residual: { kind: 'bootstrap', values: ['-3'], block: 1 } })
      .decimals,
    0,
  );
});

test('day 1 is the day after as_of, and what lies beyond the horizon is left out', () => {
  const { input } = compiled({
    horizon_days: 3,
    scheduled: [
      { date: '2026-01-02', amount: '1' },
      { date: '2026-01-04', amount: '-0.10' },
      { date: '2026-01-04', amount: '-0.20' },
      { date: '2026-01-05', amount: '7' },
    ],
    tranches: [
      { date: '2026-01-04', amount: '9', probability: 0.5 },
      { date: '2026-01-05', amount: '9', probability: 0.5 },
    ],
  });
  assert.deepEqual([...input.scheduled], [100, 0, -30]);
  assert.deepEqual(
    input.tranches.map(({ day, amount }) => [day, amount]),
    [[3, 900]],
  );
});

test('a credit lot leaves its cost to be paid from the day after it expires', () => {
  const { input } = compiled({
    credits: [{ id: 'aws-activate', remaining: '92000', expires_on: '2026-03-15', daily_gross_cost: '1100' }],
  });
  // March 15 is day 73: 31 - 1 days of January, 28 of February, 15 of March.
  assert.equal(input.scheduled.findIndex((flow) => flow !== 0) + 1, 74);
  assert.deepEqual(new Set(input.scheduled.slice(73)), new Set([-110_000]));
});

test('jitter goes with each occurrence', () => {
  const { input } = compiled({
    horizon_days: 40,
    recurring: [{ every: 'monthly', day: 10, amount: '-5', jitter_std: '1.50', business_day: 'previous' }],
  });
  assert.deepEqual(input.jitters, [
    { day: 8, std: 150 },
    { day: 40, std: 150 },
  ]);
});

test('the mean net flow counts what is certain and the mean of the rest, without tranches', () => {
  const flat = { horizon_days: 10, residual: { kind: 'normal', daily_mean: '-10', daily_std: '5' } };
  const earning = { scheduled: [{ date: '2026-01-05', amount: '100' }] };
  const tranches = [{ date: '2026-01-05', amount: '1000', probability: 1 }];
  assert.equal(compiled(flat).meanFlowNotNegative, false);
  assert.equal(compiled({ ...flat, tranches }).meanFlowNotNegative, false);
  assert.equal(compiled({ ...flat, ...earning }).meanFlowNotNegative, true);
  assert.equal(
    compiled({ ...flat, scheduled: [{ date: '2026-01-05', amount: '99.99' }] }).meanFlowNotNegative,
    false,
  );
  const thirds = { kind: 'bootstrap', values: ['-10', '-10', '-10'], block: 1 };
  assert.equal(compiled({ ...flat, ...earning, residual: thirds }).meanFlowNotNegative, true);
});

test('tranches of one day keep their places when a probability or a label changes', () => {
  const order = (first: number, label: string): number[] =>
    compiled({
      tranches: [
        { date: '2026-04-01', amount: '5', probability: first, label },
        { date: '2026-04-01', amount: '3', probability: 0.5, label: 'm' },
      ],
    }).input.tranches.map(({ amount }) => amount);
  for (const probability of [0.1, 0.5, 0.9])
    for (const label of ['a', 'z']) assert.deepEqual(order(probability, label), [300, 500]);
});
