/**
 * The calibration layer: from the days that the model simulated to the days that are told.
 *
 * Two steps, both on the whole distribution, so that quantiles, survival and every curve agree. *Widening* by constants that a
 * panel of companies was found to need: the path of rank r runs out on its own day times a factor that depends on r and on that
 * day alone: one at the median, the full constant from p5 outwards and from p95 outwards. *Tempering* by exponents that the
 * tenant's own past was found to need: the odds of having run out by a day, to the power of one over that day's exponent.
 *
 * Neither looks at where the median is. That is what keeps the laws: with more cash no rank's day comes earlier, so no told
 * probability of having run out by a day grows; a map through p5, p50 and p95 that leaves p50 where it is cannot promise that,
 * because a later median alone would pull p5 down. It needs the constants to change slowly from day to day (`lawful`).
 */
import { exp, ln } from '../../forecast/elementary.ts';
import { quantileDay, quantileStandardErrorDays, rankOf } from '../../forecast/quantile.ts';
import type { Simulation } from '../../forecast/simulation.ts';
import { CALIBRATION, type CalibrationConstants } from './constants.ts';
import { type Profile, profileAt } from './profile.ts';

export type Depletions = Pick<Simulation, 'horizonDays' | 'paths' | 'depletions'>;

/** How much wider than the simulation a tenant's intervals are, before and after the median; below one they are narrower. */
export interface Exponents {
  readonly low: Profile;
  readonly high: Profile;
}

/** Exponents of a tenant without a past of its own. */
export const NO_EXPONENTS: Exponents = { low: [1, 1, 1, 1], high: [1, 1, 1, 1] };

type Shifts = Pick<CalibrationConstants, 'low' | 'high'>;

/** An octave is ln 2 of log time; a shift that changed by more within it could let a later day overtake an earlier one. */
const STEP_MAX = 0.69;

/** No value more than the step above the one before it. */
const slowlyRising = (shifts: readonly number[]): Profile => {
  const [first = 0, second = 0, third = 0, fourth = 0] = shifts.map((shift) => Math.max(0, shift));
  const c = Math.max(third, fourth - STEP_MAX);
  const b = Math.max(second, c - STEP_MAX);
  return [Math.max(first, b - STEP_MAX), b, c, fourth];
};

/** The smallest constants at or above these that are not negative and change slowly enough; equal to them where they do. */
export const lawful = ({ low, high }: Shifts): Shifts => ({
  low: slowlyRising(low),
  high: slowlyRising(high.toReversed()).toReversed() as unknown as Profile,
});

/** From 0 at the median to 1 at the quantile: close to how normal quantiles spread. */
const weight = (distance: number, full: number): number => {
  const share = Math.min(1, distance / Math.max(1, full));
  return share * Math.sqrt(share);
};

/** Adds the paths that run out on `day` with ranks from `first` to `last` where they run out by the told odds. */
const spread = (
  widened: Uint32Array,
  day: number,
  [first, last]: readonly [number, number],
  [low, mid, high]: readonly [number, number, number],
  shifts: Shifts,
): void => {
  const earlier = profileAt(shifts.low, day);
  const later = profileAt(shifts.high, day);
  for (let rank = first; rank <= last; rank += 1) {
    const shift =
      rank < mid ? -earlier * weight(mid - rank, mid - low) : later * weight(rank - mid, high - mid);
    const told = shift === 0 ? day : Math.max(1, Math.floor(day * exp(shift) + 0.5));
    // What lands beyond the horizon is only known to be later.
    if (told < widened.length) widened[told] = (widened[told] ?? 0) + 1;
  }
};

const widenedBy = ({ paths, depletions }: Depletions, shifts: Shifts): Uint32Array => {
  const ranks = [rankOf(0.05, paths), rankOf(0.5, paths), rankOf(0.95, paths)] as const;
  const widened = new Uint32Array(depletions.length);
  let before = depletions[0] ?? 0;
  widened[0] = before;
  for (let day = 1; day < depletions.length; day += 1) {
    const count = depletions[day] ?? 0;
    if (count > 0) spread(widened, day, [before + 1, before + count], ranks, shifts);
    before += count;
  }
  return widened;
};

const toPower = (share: number, power: number): number =>
  power === 1 || share <= 0 || share >= 1 ? share : 1 / (1 + exp(power * ln((1 - share) / share)));

const exponentAt = ({ low, high }: Exponents, share: number, day: number): number =>
  profileAt(share < 0.5 ? low : high, day);

/** What is told where this share of the paths has run out by the day: its odds to the power of one over the exponent. */
export const toldShare = (share: number, exponents: Exponents, day: number): number =>
  toPower(share, 1 / exponentAt(exponents, share, day));

/** The share of the paths at which `share` is told. */
export const simulatedShare = (share: number, exponents: Exponents, day: number): number =>
  toPower(share, exponentAt(exponents, share, day));

/** Paths that have run out by each day, tempered; a day never has fewer than the day before. */
const temperedBy = (depletions: Uint32Array, paths: number, exponents: Exponents): Uint32Array => {
  const told = new Uint32Array(depletions.length);
  const mid = rankOf(0.5, paths);
  let simulated = depletions[0] ?? 0;
  let reached = simulated;
  told[0] = reached;
  for (let day = 1; day < depletions.length; day += 1) {
    simulated += depletions[day] ?? 0;
    const share = toldShare(simulated / paths, exponents, day);
    const rounded = Math.round(share * paths);
    // Half a path of rounding must not move the median.
    const by = Math.max(reached, simulated < mid ? Math.min(rounded, mid - 1) : Math.max(rounded, mid));
    told[day] = by - reached;
    reached = by;
  }
  return told;
};

/** The simulated days as they are told. Equal to them where the constants are 0 and the exponents 1. */
export const calibrated = <Simulated extends Depletions>(
  simulated: Simulated,
  exponents: Exponents = NO_EXPONENTS,
  constants: Shifts = CALIBRATION,
): Simulated => {
  const widened = widenedBy(simulated, lawful(constants));
  const isTempered = [...exponents.low, ...exponents.high].some((exponent) => exponent !== 1);
  return {
    ...simulated,
    depletions: isTempered ? temperedBy(widened, simulated.paths, exponents) : widened,
  };
};

/**
 * Standard error of a told quantile, in days: that of the simulated quantile it comes from, times the slope of the way there,
 * which is the ratio of the two days. It is about the number of paths, as before; calibration itself is not in it.
 */
export const toldStandardErrorDays = (
  simulated: Simulation,
  told: Simulation,
  q: number,
  exponents: Exponents = NO_EXPONENTS,
): number | null => {
  const day = quantileDay(told, q);
  if (day === null) return null;
  const share = simulatedShare(q, exponents, Math.max(1, day));
  const from = quantileDay(simulated, share);
  const error = quantileStandardErrorDays(simulated, share);
  return from === null || error === null || from === 0 ? null : (error * day) / from;
};
