/**
 * Growth of all regular money out together: heads come and go, and with them payroll, its taxes, benefits and seats. A
 * random walk in logarithms with a Student-t step of 4 degrees of freedom every fourth week, and a drift that dies out.
 */
import { exp } from '../../forecast/elementary.ts';
import { cosineAt, normalOf } from '../../forecast/noise.ts';
import { draw, type RandomStream, uniformOf } from '../../forecast/random.ts';
import { namedNoise } from './named-noise.ts';
import type { Regular } from './regular.ts';

/** Share of a drift that is left after a week. */
export const DRIFT_KEPT = 0.985;
const DAYS_PER_MONTH = 30.4;
const WEEKS_PER_MONTH = DAYS_PER_MONTH / 7;
/** Weeks between steps: what grows is paid by the month or the fortnight, so finer ones would not show. */
export const STEP_WEEKS = 4;

/** Standard deviation of a month's growth before anything is seen, and the payments that this is worth. */
const PRIOR = { std: 0.045, payments: 6 } as const;
const STEP_VARIANCE_MAX = 0.04;
const SLOPE_MAX = 0.06;
/** Months of history that halve the trust in a slope. */
const SLOPE_MONTHS = 6;

export interface Growth {
  readonly noise: RandomStream;
  /** Scale of a t step: its variance is twice the square. */
  readonly stepScale: number;
  /** Growth of the logarithm a week, and how little is known of it. */
  readonly weeklyDrift: number;
  readonly weeklyDriftStd: number;
}

/** @param outflows regular streams of money out; @param months that the history spans */
export const growthOf = (outflows: readonly Regular[], months: number, seed: number): Growth => {
  const total = outflows.reduce((sum, { dailyMinor }) => sum + dailyMinor, 0);
  let weight: number = PRIOR.payments;
  let variance = PRIOR.payments * PRIOR.std * PRIOR.std;
  let slope = 0;
  for (const { dailyMinor, level, periodDays, months: span } of outflows) {
    const share = total === 0 ? 0 : dailyMinor / total;
    const perMonth = DAYS_PER_MONTH / periodDays;
    weight += share * level.steps;
    variance += share * level.steps * Math.min(STEP_VARIANCE_MAX, level.stepVariance * perMonth);
    const monthly = Math.min(SLOPE_MAX, Math.max(-SLOPE_MAX, level.slope * perMonth));
    slope += (share * monthly * span) / (span + SLOPE_MONTHS);
  }
  const monthlyVariance = variance / weight;
  return {
    noise: namedNoise(seed, 'growth'),
    stepScale: Math.sqrt((monthlyVariance * STEP_WEEKS) / WEEKS_PER_MONTH / 2),
    weeklyDrift: slope / WEEKS_PER_MONTH,
    weeklyDriftStd: Math.sqrt(monthlyVariance / (months + SLOPE_MONTHS)) / WEEKS_PER_MONTH,
  };
};

/** Writes the factor of each week of the path. */
export const writeGrowth = (growth: Growth, path: number, factors: Float64Array): void => {
  const { noise, stepScale, weeklyDrift, weeklyDriftStd } = growth;
  draw(noise, path, 0);
  let drift = weeklyDrift + weeklyDriftStd * normalOf(noise);
  let log = 0;
  let factor = 1;
  for (let week = 0; week < factors.length; week += 1) {
    drift *= DRIFT_KEPT;
    log += drift;
    if (week % STEP_WEEKS === 0) {
      draw(noise, path, week + 1);
      // The squared radius of a t with 4 degrees of freedom is 4 (u^(-1/2) - 1).
      const radius = 2 * Math.sqrt(1 / Math.sqrt(uniformOf(noise.words[0] ?? 0)) - 1);
      log += stepScale * radius * cosineAt(noise.words[1] ?? 0);
      factor = exp(log);
    }
    factors[week] = factor;
  }
};
