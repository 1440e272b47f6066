import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DayDistribution, distributionOf } from '../../../shared/backtest/distribution.ts';
import { fitConstants } from '../../../shared/backtest/fit.ts';
import type { Method } from '../../../shared/backtest/question.ts';
import { runCases, type Scored } from '../../../shared/backtest/run.ts';
import { ln } from '../../../shared/forecast/elementary.ts';
import { normalCdf } from '../../../shared/forecast/probability.ts';
import { calibrated, NO_EXPONENTS } from '../../../shared/model/calibration/warp.ts';
import { drawnCases } from './cases.ts';

const HORIZON_DAYS = 365;
/** Days of cash of question k: every octave gets its share. */
const meanDays = (k: number): number => [25, 35, 60, 80, 120, 150, 200, 210][k % 8] ?? 25;

/** Log-normal days around the mean, of this spread in log time. */
const around = (mean: number, spread: number): DayDistribution => ({
  horizonDays: HORIZON_DAYS,
  cumulative: Float64Array.from({ length: HORIZON_DAYS + 1 }, (_, day) =>
    day === 0 ? 0 : normalCdf((ln(day) - ln(mean)) / spread),
  ),
});

const TRUE_SPREAD = 0.3;

/** Forecasts whose spread is this share of the true one. */
const sure = (
  share: number,
  told: (forecast: DayDistribution) => DayDistribution = (forecast) => forecast,
): Method => ({
  name: 'sure of itself',
  isPoint: false,
  forecast: ({ seed }) => told(around(meanDays(seed), TRUE_SPREAD * share)),
});

const casesFrom = (first: number, count: number) =>
  drawnCases(first + count, (k) => around(meanDays(k), TRUE_SPREAD)).slice(first);

const scored = (share: number, count = 480): readonly Scored[] =>
  runCases(casesFrom(0, count), [sure(share)]).scored;

const coverage = (all: readonly Scored[]): number =>
  all.filter(({ outcomeDays, p5Days, p95Days }) => outcomeDays >= p5Days && outcomeDays <= p95Days).length /
  all.length;

test('a model that is too sure of itself is found out, and its constants mend it on outcomes it never saw', () => {
  const narrow = scored(0.4);
  assert(coverage(narrow) < 0.75, String(coverage(narrow)));
  const { used } = fitConstants(narrow, HORIZON_DAYS);
  const paths = 2_000;
  const mended = sure(0.4, ({ cumulative, horizonDays }) => {
    const depletions = Uint32Array.from(cumulative, (share, day) =>
      Math.max(0, Math.round(share * paths) - Math.round((cumulative[day - 1] ?? 0) * paths)),
    );
    return distributionOf(calibrated({ horizonDays, paths, depletions }, NO_EXPONENTS, used));
  });
  const held = coverage(runCases(casesFrom(480, 960), [mended]).scored);
  assert(held > 0.86 && held < 0.94, String(held));
});

test('a model that is as sure as it may be needs next to nothing', () => {
  const { used } = fitConstants(scored(1, 2_400), HORIZON_DAYS);
  for (const shift of [...used.low, ...used.high]) assert(shift >= 0 && shift < 0.12, String(shift));
});

test('a model that is too wide is left as it is', () => {
  const { found, used } = fitConstants(scored(2.5), HORIZON_DAYS);
  assert(Math.min(...found.high) < 0);
  assert.deepEqual(used, { low: [0, 0, 0, 0], high: [0, 0, 0, 0] });
});

const [some] = scored(1, 1);
assert(some !== undefined);
const outcome = (p5Days: number, p95Days: number, outcomeDays: number): Scored => ({
  ...some,
  p5Days,
  p95Days,
  outcomeDays,
});

test('the constant is the order statistic that one more outcome would need', () => {
  // 99 misses by 1 to 99 log hundredths above p95 = 100: rank ceil(100 * .95) = 95.
  const all = Array.from({ length: 99 }, (_, k) => outcome(100, 100, 100 * Math.exp((k + 1) / 100)));
  const { found } = fitConstants(all, HORIZON_DAYS);
  assert.deepEqual(found.high, [0.95, 0.95, 0.95, 0.95]);
});

test('octaves with few outcomes are pooled with a neighbour; a quantile beyond the horizon moves nothing', () => {
  const many = (count: number, p95Days: number, ratio: number): readonly Scored[] =>
    Array.from({ length: count }, () => outcome(10, p95Days, p95Days * ratio));
  const { found } = fitConstants(
    [...many(100, 30, 1), ...many(20, 60, 1.2), ...many(100, 120, 1.5), ...many(100, 366, 1)],
    HORIZON_DAYS,
  );
  const [first, second, third] = found.high;
  assert.equal(first, 0);
  assert.equal(second, third);
  assert(Math.abs((third ?? 0) - Math.log(1.5)) < 1e-3);
});
