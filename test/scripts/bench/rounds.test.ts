import assert from 'node:assert/strict';
import { test } from 'node:test';
import { naiveForecast } from '../../../scripts/bench/naive-port.ts';
import { race, spreadOf } from '../../../scripts/bench/rounds.ts';
import { burnScenario, WORKLOADS } from '../../../scripts/bench/workloads.ts';
import type { ScenarioForecast } from '../../../shared/scenario/forecast-scenario.ts';

test('the median of an even number lies between the middle two', () => {
  assert.deepEqual(spreadOf([4, 1, 9, 2]), { median: 3, min: 1, max: 9 });
  assert.deepEqual(spreadOf([5]), { median: 5, min: 5, max: 5 });
});

test('ratios are taken round by round, and the first round does not count', async () => {
  const taking = (...ms: number[]) => ({ runMs: async () => ms.shift() ?? Number.NaN });
  // The machine is three times as slow in the second round that counts; the ratio does not notice.
  const [fast, slow] = await race(
    [{ name: 'fast', ...taking(99, 1, 3) }],
    [{ name: 'slow', ...taking(99, 10, 30) }],
    2,
  );
  assert.deepEqual(fast?.speedup['slow'], { median: 10, min: 10, max: 10 });
  assert.deepEqual(slow?.ms, { median: 20, min: 10, max: 30 });
});

test('the baseline answers the same question as the engine', () => {
  const size = { paths: 10_000, horizonDays: 365 };
  const work = WORKLOADS.find(({ name }) => name === 'forecastScenario 10k x 365');
  const forecast = work?.prepare()(0)() as ScenarioForecast;
  const naive = naiveForecast(burnScenario(size));
  for (const q of ['p5', 'p50', 'p95'] as const)
    assert.ok(Math.abs(naive[q] - (forecast[`${q}_days`] ?? 0)) <= 1, `${q}: ${naive[q]}`);
});
