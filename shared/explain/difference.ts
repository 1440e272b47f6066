import type { Quantiles, RunwayForecast } from '../model/runway.ts';
import { shownNumbers } from './attribution.ts';

/** How the numbers of one forecast differ from another's. */
export interface Difference {
  /** Null where a quantile lies beyond the horizon in either: no number of days says how far. */
  readonly days: Quantiles<number | null>;
  /** Of the chance of still having cash at the horizon, to four decimals; null where either has none. */
  readonly survivalAtHorizon: number | null;
}

const less = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b);

export const difference = (from: RunwayForecast, to: RunwayForecast): Difference => {
  const survival = less(shownNumbers(to).survivalAtHorizon, shownNumbers(from).survivalAtHorizon);
  return {
    days: {
      p5: less(to.days.p5, from.days.p5),
      p50: less(to.days.p50, from.days.p50),
      p95: less(to.days.p95, from.days.p95),
    },
    survivalAtHorizon: survival === null ? null : Math.round(survival * 10_000) / 10_000,
  };
};
