import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantileOf } from '../../../shared/backtest/distribution.ts';
import { LINEAR_30, LINEAR_90, NORMAL_90 } from '../../../shared/backtest/methods.ts';
import { CALIBRATED } from '../../../shared/backtest/model-methods.ts';
import { forecastRunway } from '../../../shared/model/runway.ts';
import { AS_OF, daily, runwayInput, uneven } from '../model/ledgers.ts';
import { question } from './cases.ts';

const ALL = [CALIBRATED, NORMAL_90, LINEAR_30, LINEAR_90];

for (const balanceMinor of [300_000n, 1_000_000n, 3_000_000n])
  test(`the model under test is the model of the API: ${balanceMinor}`, () => {
    const forecast = forecastRunway(runwayInput({ balanceMinor }));
    const answer = CALIBRATED.forecast(
      question({ days: uneven, balanceMinor, paths: 2_000, seed: 7, asOf: AS_OF }),
    );
    assert.ok(answer !== undefined);
    const days = [0.05, 0.5, 0.95].map((q) => quantileOf(answer, q)).map((day) => (day > 365 ? null : day));
    assert.deepEqual(days, [forecast.days.p5, forecast.days.p50, forecast.days.p95]);
    for (const [day, share] of forecast.survivalCurve)
      assert.ok(Math.abs(1 - (answer.cumulative[day] ?? 0) - share) < 1e-12);
  });

test('a ledger that burns the same every day leaves nothing to doubt to those who never do', () => {
  const days = daily(364, () => -1_000n);
  for (const method of ALL) {
    const answer = method.forecast(question({ days, balanceMinor: 77_000n }));
    assert.ok(answer !== undefined);
    const [p5 = 0, p50, p95 = 0] = [0.05, 0.5, 0.95].map((q) => quantileOf(answer, q));
    assert.equal(p50, 77, method.name);
    // The model alone leaves room for what has never happened.
    if (method !== CALIBRATED) assert.deepEqual([p5, p95], [77, 77], method.name);
    else assert.ok(p5 > 60 && p5 <= 77 && p95 >= 77 && p95 < 100, `${p5} ${p95}`);
  }
});

test('a ledger that earns lasts beyond the horizon', () => {
  const days = daily(364, () => 1_000n);
  for (const method of [NORMAL_90, LINEAR_30, LINEAR_90])
    assert.equal(quantileOf(method.forecast(question({ days })) as never, 0.05), 366, method.name);
  assert.equal(CALIBRATED.forecast(question({ days })), undefined, 'no payments, no model');
});

test('each baseline looks at its own last days', () => {
  const days = daily(364, (ago) => (ago < 30 ? -1_000n : -400n));
  const said = (method: typeof LINEAR_30): number =>
    quantileOf(method.forecast(question({ days, balanceMinor: 60_000n })) as never, 0.5);
  assert.deepEqual([said(LINEAR_30), said(LINEAR_90)], [60, 100]);
});

test('the baselines take money that may come for certain, the model does not', () => {
  const days = daily(364, () => -1_000n);
  const tranches = [{ day: 50, amount: 40_000, probability: 0.6, delay: { kind: 'none' as const } }];
  const asked = question({ days, tranches, balanceMinor: 60_000n, paths: 4_000 });
  assert.equal(quantileOf(LINEAR_90.forecast(asked) as never, 0.5), 100);
  assert.equal(quantileOf(NORMAL_90.forecast(asked) as never, 0.5), 100);
  const model = CALIBRATED.forecast(asked);
  assert.ok(Math.abs((model?.cumulative[60] ?? 0) - 0.4) < 0.03);
  assert.ok((model?.cumulative[130] ?? 0) > 0.97);
});
