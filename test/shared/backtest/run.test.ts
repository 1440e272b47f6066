import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certainDay, type DayDistribution } from '../../../shared/backtest/distribution.ts';
import { LINEAR_90 } from '../../../shared/backtest/methods.ts';
import { CALIBRATED } from '../../../shared/backtest/model-methods.ts';
import type { Method } from '../../../shared/backtest/question.ts';
import { reliability, reliabilityPlot } from '../../../shared/backtest/reliability-plot.ts';
import { runCases } from '../../../shared/backtest/run.ts';
import { type Summary, summaries } from '../../../shared/backtest/summary.ts';
import { drawnCases, noisy } from './cases.ts';

const CASES = 600;
/** Twelve situations, from nearly certain to wide open. */
const meanDays = (k: number): number => 25 + 15 * (k % 12);
const truths = Array.from({ length: 12 }, (_, k) => noisy(meanDays(k), 3 + (k % 5), k));
const overconfident = truths.map((_, k) => noisy(meanDays(k), (3 + (k % 5)) / 3, k));

const method = (name: string, answers: readonly DayDistribution[]): Method => ({
  name,
  isPoint: false,
  forecast: ({ seed }) => answers[seed % answers.length],
});

const cases = drawnCases(CASES, (k) => truths[k % truths.length] as DayDistribution);
const [truthful, narrow] = summaries(
  runCases(cases, [method('truth', truths), method('narrow', overconfident)]).scored,
  3,
) as [Summary, Summary];

test('a forecaster who knows the truth covers 90 % and places outcomes uniformly', () => {
  assert.ok(truthful.interval !== null);
  const { coverage, belowP5, aboveP95, pitDistance } = truthful.interval;
  // Three standard errors of 600 trials; whole days make the interval hold a little more than 90 %.
  assert.ok(coverage.mean > 0.865 && coverage.mean < 0.95, String(coverage.mean));
  assert.ok(coverage.low < 0.9 + 0.02 && coverage.high > 0.9);
  assert.ok(belowP5 < 0.08 && aboveP95 < 0.08);
  // 1 % point of the Kolmogorov-Smirnov statistic.
  assert.ok(pitDistance < 1.63 / Math.sqrt(CASES), String(pitDistance));
});

test('an overconfident forecaster fails both, and scores worse', () => {
  assert.ok(narrow.interval !== null);
  assert.ok(narrow.interval.coverage.high < 0.8, String(narrow.interval.coverage.high));
  assert.ok(narrow.interval.pitDistance > 2 * (1.63 / Math.sqrt(CASES)));
  assert.ok(narrow.crpsDays > truthful.crpsDays);
});

test('the reliability of the truth runs along the diagonal; that of the overconfident does not', () => {
  const worst = (answers: readonly DayDistribution[]): number =>
    reliability(runCases(cases, [method('', answers)]).scored.map(({ pit }) => pit)).reduce(
      (most, [stated, seen]) => Math.max(most, Math.abs(stated - seen)),
      0,
    );
  assert.ok(worst(truths) < 0.07);
  assert.ok(worst(overconfident) > 0.1);
});

test('the plot names every method that has probabilities', () => {
  const { scored } = runCases(cases.slice(0, 50), [method('truth <1>', truths), LINEAR_90]);
  const svg = reliabilityPlot(scored);
  assert.match(svg, /^<svg [^>]+>/);
  assert.match(svg, /truth &lt;1>, 50 forecasts/);
  assert.doesNotMatch(svg, /linear|NaN|undefined/);
});

test('what the model declines is scored for nobody, and told', () => {
  let seen = 0;
  const run = runCases(cases.slice(0, 10), [CALIBRATED, LINEAR_90], () => {
    seen += 1;
  });
  assert.deepEqual([run.scored.length, run.declined], [0, 10]);
  assert.ok(seen <= 10);
});

test('every outcome is in the interval, below it or above it', () => {
  for (const { interval } of [truthful, narrow]) {
    assert.ok(interval !== null);
    const { coverage, belowP5, aboveP95 } = interval;
    assert.ok(Math.abs(coverage.mean + belowP5 + aboveP95 - 1) < 1e-12);
    assert.ok(belowP5 > 0 && aboveP95 > 0);
  }
});

test('what lies beyond the end of the data is right when nothing happened until then', () => {
  const [known] = cases;
  assert.ok(known !== undefined);
  const seen = (outcomeDays: number) =>
    runCases([{ ...known, seenDays: 100, outcomeDays }], [method('', [certainDay(200, 365)])]).scored[0];
  assert.deepEqual([seen(101)?.p50Days, seen(101)?.crpsDays], [101, 0]);
  assert.deepEqual([seen(80)?.p50Days, seen(80)?.crpsDays], [101, 21]);
});

test('equal cases give equal scores', () => {
  const again = runCases(cases, [method('truth', truths), method('narrow', overconfident)]);
  assert.deepEqual(summaries(again.scored, 3).slice(0, 2), [truthful, narrow]);
});
