/** The spread of cash over the paths on some days. */
import { quantilesOf } from './quantile.ts';
import type { Simulation } from './simulation.ts';

/** Sums of random money on some days, over the paths. */
export interface BandSums {
  readonly days: Int32Array;
  /** Element `k * paths + path` is that of day `days[k]`. */
  readonly values: Float64Array;
}

export type Band = NonNullable<Simulation['cashBand']>;

/** Quantiles of the sums, day by day. */
export const bandOfSums = ({ days, values }: BandSums, paths: number): Band => {
  const band = {
    days,
    p5: new Float64Array(days.length),
    p50: new Float64Array(days.length),
    p95: new Float64Array(days.length),
  };
  for (let k = 0; k < days.length; k += 1) {
    const sums = values.subarray(k * paths, (k + 1) * paths);
    const [p5 = 0, p50 = 0, p95 = 0] = quantilesOf(sums, [0.05, 0.5, 0.95]);
    band.p5[k] = p5;
    band.p50[k] = p50;
    band.p95[k] = p95;
  }
  return band;
};

/**
 * The same of the cash. Adding what is certain puts no path before another, not even by rounding, so the quantile of the sums is
 * that of the cash.
 * @param certain element d: what certain money beside the opening cash comes to by the end of day d
 */
export const bandOfCash = ({ days, ...sums }: Band, certain: Float64Array, opening: number): Band => {
  const cash = (values: Float64Array): Float64Array =>
    values.map((sum, k) => opening + (certain[days[k] ?? 0] ?? 0) + sum);
  return { days, p5: cash(sums.p5), p50: cash(sums.p50), p95: cash(sums.p95) };
};
