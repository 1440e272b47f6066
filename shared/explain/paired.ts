import { forecastRunway, type Quantiles, type RunwayForecast, type RunwayInput } from '../model/runway.ts';
import { type Difference, difference } from './difference.ts';

/** Two forecasts on the same draws. */
export interface Paired {
  readonly baseline: RunwayForecast;
  readonly changed: RunwayForecast;
  readonly difference: Difference;
  /** Of the difference in days; null where that is null, or where a repetition has none. */
  readonly standardErrorDays: Quantiles<number | null>;
}

/** Pairs forecast beside the one that is told: with six, the standard error is itself known to about a third. */
const REPETITIONS = 6;

const standardDeviation = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  if (known.length < values.length || known.length < 2) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const square = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.round(Math.sqrt(square / (known.length - 1)) * 1e4) / 1e4;
};

/**
 * The difference that a change of input makes. Both forecasts use the same draws, which cancel where they do the same to
 * both, so the standard error of the difference is below that of its parts. It is measured, because on whole days it does
 * not shrink with the root of the paths: the pair is forecast again with other draws and as many paths, and the standard
 * deviation of the differences is the standard error.
 */
export const paired = (baseline: RunwayInput, changed: RunwayInput): Paired => {
  const [before, after] = [forecastRunway(baseline), forecastRunway(changed)];
  const whole = difference(before, after);
  const repeated = Array.from({ length: REPETITIONS }, (_, k) => {
    const seed = baseline.seed + k + 1;
    return difference(forecastRunway({ ...baseline, seed }), forecastRunway({ ...changed, seed }));
  });
  const errorOf = (quantile: keyof Quantiles<unknown>): number | null =>
    whole.days[quantile] === null ? null : standardDeviation(repeated.map(({ days }) => days[quantile]));
  return {
    baseline: before,
    changed: after,
    difference: whole,
    standardErrorDays: { p5: errorOf('p5'), p50: errorOf('p50'), p95: errorOf('p95') },
  };
};
