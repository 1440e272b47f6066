/**
 * Fits the constants of the calibration layer: by how much the 90 % interval has to grow on either side so that, of companies
 * like those of the panel, 95 of 100 outcomes come after p5 and 95 of 100 before p95 (split conformal prediction, one side at a
 * time; Romano, Patterson and Candes, "Conformalized Quantile Regression", 2019). Outcome and interval are cut off at the same
 * day, which leaves the guarantee as it is.
 */
import { ln } from '../forecast/elementary.ts';
import type { CalibrationConstants } from '../model/calibration/constants.ts';
import { octaveOf, type Profile } from '../model/calibration/profile.ts';
import { lawful } from '../model/calibration/warp.ts';
import type { Scored } from './run.ts';

/** Fewer outcomes than this say too little of an octave: it is pooled with the next. */
const POOL_BELOW = 60;
const MISSES_PER_SIDE = 0.05;

interface Shortfall {
  /** The told quantile. */
  readonly day: number;
  /** Log days by which it missed; negative where it held. */
  readonly by: number;
}

/** The smallest shift under which as many as wanted would have held, for one more outcome of the same kind. */
const shiftOf = (shortfalls: readonly Shortfall[]): number => {
  const sorted = Float64Array.from(shortfalls, ({ by }) => by).sort();
  const rank = Math.ceil((sorted.length + 1) * (1 - MISSES_PER_SIDE) - 1e-9);
  return sorted[rank - 1] ?? Number.POSITIVE_INFINITY;
};

/** Neighbouring octaves together, until each group has enough. */
const pooled = (shortfalls: readonly Shortfall[]): readonly (readonly number[])[] => {
  const count = (octaves: readonly number[]): number =>
    shortfalls.filter(({ day }) => octaves.includes(octaveOf(day))).length;
  let groups: readonly (readonly number[])[] = [[0], [1], [2], [3]];
  for (;;) {
    const small = groups.findIndex((octaves) => count(octaves) < POOL_BELOW);
    if (small === -1 || groups.length === 1) return groups;
    const first = small === groups.length - 1 ? small - 1 : small;
    groups = [
      ...groups.slice(0, first),
      [...(groups[first] ?? []), ...(groups[first + 1] ?? [])],
      ...groups.slice(first + 2),
    ];
  }
};

const profileOf = (shortfalls: readonly Shortfall[]): Profile => {
  const groups = pooled(shortfalls);
  const at = (octave: number): number => {
    const group = groups.find((octaves) => octaves.includes(octave)) ?? [];
    const shift = shiftOf(shortfalls.filter(({ day }) => group.includes(octaveOf(day))));
    // Rounded up: a shift a little smaller would not do.
    return Math.ceil(shift * 1e4 - 1e-9) / 1e4 + 0;
  };
  return [at(0), at(1), at(2), at(3)];
};

export interface Fit {
  /** As the outcomes have them; negative where the intervals were wider than they had to be. */
  readonly found: Pick<CalibrationConstants, 'low' | 'high'>;
  /** What is used: never narrower than the model itself. */
  readonly used: Pick<CalibrationConstants, 'low' | 'high'>;
  readonly outcomes: number;
}

/**
 * @param scored forecasts of the model before calibration, all with the same horizon
 * @param horizonDays a quantile beyond it states no day, so there is nothing to move
 */
export const fitConstants = (scored: readonly Scored[], horizonDays: number): Fit => {
  const below = scored
    .filter(({ p5Days }) => p5Days <= horizonDays)
    .map(({ p5Days, outcomeDays }) => ({ day: p5Days, by: ln(p5Days / outcomeDays) }));
  const above = scored
    .filter(({ p95Days }) => p95Days <= horizonDays)
    .map(({ p95Days, outcomeDays }) => ({ day: p95Days, by: ln(outcomeDays / p95Days) }));
  const found = { low: profileOf(below), high: profileOf(above) };
  return { found, used: lawful(found), outcomes: scored.length };
};
