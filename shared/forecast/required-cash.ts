/**
 * What a runway costs. A path lives through a day exactly where the opening cash exceeds its greatest cumulative outflow so
 * far, whatever that opening is. So one simulation answers for every balance: the cash that lifts a quantile to a wanted
 * runway, and how far the balance may move before a published day does.
 */
import { quantileDay, quantilesOf, rankOf } from './quantile.ts';
import type { Simulation } from './simulation.ts';

/**
 * The least whole opening cash above the minimum with which the q-quantile of the runway is `days` or more. Exact where
 * certain money is in whole units. @param days one of those the walk was asked for
 */
export const requiredCash = ({ paths, runwayPrices }: Simulation, q: number, days: number): number => {
  const column = runwayPrices?.days.indexOf(days) ?? -1;
  if (runwayPrices === undefined || column === -1)
    throw new RangeError(`the walk was not asked for a runway of ${days} days`);
  const prices = runwayPrices.perPath.subarray(column * paths, (column + 1) * paths);
  // Fewer paths than the quantile's rank may fall short, so it is the price of that rank from above.
  const [price = 0] = quantilesOf(prices, [(paths - rankOf(q, paths) + 1) / paths]);
  return price + 1;
};

/**
 * Whole opening cash above the minimum, from the least to the most, with which the q-quantile is what it is in this
 * simulation. @param q one of the quantiles the walk was asked for
 */
export const stableCash = (simulation: Simulation, q: number): { from: number; to: number } => {
  const day = quantileDay(simulation, q);
  if (day === null) return { from: requiredCash(simulation, q, simulation.horizonDays + 1), to: Infinity };
  return { from: requiredCash(simulation, q, day), to: requiredCash(simulation, q, day + 1) - 1 };
};
