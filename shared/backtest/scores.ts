/**
 * Scores of one forecast against one outcome. An outcome is a day 1..horizonDays, or horizonDays + 1 for "not yet when the
 * data ended"; forecast and outcome are cut off at the same day, so that every score stays proper.
 */
import { type DayDistribution, probabilityBy, quantileOf } from './distribution.ts';

export const BRIER_DAYS = [30, 60, 90, 180, 365] as const;
export type BrierDay = (typeof BRIER_DAYS)[number];

export interface Score {
  readonly outcomeDays: number;
  readonly p5Days: number;
  readonly p50Days: number;
  readonly p95Days: number;
  readonly crpsDays: number;
  readonly pit: number;
  /** Squared error of P(runway > day); null where the data ends before that day. */
  readonly brier: Readonly<Record<BrierDay, number | null>>;
}

/**
 * Continuous ranked probability score in days: the squared distance of the distribution from the outcome's step, summed over
 * the days. Zero is perfect; for a forecast of a single day it is the absolute error.
 */
export const crps = ({ horizonDays, cumulative }: DayDistribution, outcomeDays: number): number => {
  let sum = 0;
  for (let day = 1; day <= horizonDays; day += 1)
    sum += ((cumulative[day] ?? 0) - (outcomeDays <= day ? 1 : 0)) ** 2;
  return sum;
};

/**
 * Where in the forecast the outcome fell, from 0 to 1; uniform over many forecasts where they are calibrated.
 * @param within uniform draw that places the outcome inside the probability of its own day
 */
export const pit = (forecast: DayDistribution, outcomeDays: number, within: number): number => {
  const before = probabilityBy(forecast, outcomeDays - 1);
  return before + within * (probabilityBy(forecast, outcomeDays) - before);
};

const brierAt = (forecast: DayDistribution, outcomeDays: number, day: number): number | null =>
  day > forecast.horizonDays ? null : (1 - probabilityBy(forecast, day) - (outcomeDays > day ? 1 : 0)) ** 2;

/** @param within uniform draw for `pit` */
export const scoreOf = (forecast: DayDistribution, outcomeDays: number, within: number): Score => {
  const brier = (day: BrierDay): number | null => brierAt(forecast, outcomeDays, day);
  return {
    outcomeDays,
    p5Days: quantileOf(forecast, 0.05),
    p50Days: quantileOf(forecast, 0.5),
    p95Days: quantileOf(forecast, 0.95),
    crpsDays: crps(forecast, outcomeDays),
    pit: pit(forecast, outcomeDays, within),
    brier: { 30: brier(30), 60: brier(60), 90: brier(90), 180: brier(180), 365: brier(365) },
  };
};

/** Kolmogorov-Smirnov distance of values in 0..1 from the uniform distribution. */
export const uniformDistance = (values: readonly number[]): number =>
  Float64Array.from(values)
    .sort()
    .reduce(
      (worst, value, k, { length }) => Math.max(worst, value - k / length, (k + 1) / length - value),
      0,
    );
