/** What a runway costs: a path lives through a day where the opening cash exceeds its greatest outflow so far. */
import { exp } from '../forecast/elementary.ts';
import { quantilesOf, rankOf } from '../forecast/quantile.ts';
import { CALIBRATION } from './calibration/constants.ts';
import { profileAt } from './calibration/profile.ts';
import { type Exponents, lawful, NO_EXPONENTS, simulatedShare } from './calibration/warp.ts';

/** Runways whose price is told, in days: p5 is to be at least as long. */
export const REQUIRED_DAYS = [90, 180, 365] as const;
export type RequiredDays = (typeof REQUIRED_DAYS)[number];

const RUNWAY_QUANTILE = 0.05;

/** The simulated day that is told as `days` where it is p5: calibration tells it earlier. */
export const simulatedDay = (days: number): number => {
  const { low } = lawful(CALIBRATION);
  let day = days;
  while (Math.floor(day * exp(-profileAt(low, day)) + 0.5) < days) day += 1;
  return day;
};

/**
 * The least whole opening cash above the minimum with which p5 is told as `days` or more. A little
 * more than the least where a tenant's own past sharpens its forecast.
 * @param prices of each path: its greatest outflow before `simulatedDay(days)`
 */
export const requiredCash = (
  prices: Float64Array,
  days: number,
  exponents: Exponents = NO_EXPONENTS,
): number => {
  const share = simulatedShare(RUNWAY_QUANTILE, exponents, days);
  const rank = rankOf(share, prices.length);
  // Fewer paths than the rank may fall short, so it is the price of that rank from above.
  const [price = 0] = quantilesOf(prices, [(prices.length - rank + 1) / prices.length]);
  return Math.max(0, Math.floor(price)) + 1;
};
