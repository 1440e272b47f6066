/**
 * Exponents of one tenant's intervals, learnt from its own past (adaptive conformal inference: Gibbs and Candes, "Adaptive
 * Conformal Inference Under Distribution Shift", 2021). Each forecast of the past whose outcome is known was a miss or not,
 * under the exponents in force on its day; a miss below p5 widens the lower side of its octave a little, anything else narrows it
 * less, so that one in twenty leaves it as it is; likewise above p95.
 */
import { exp } from '../../forecast/elementary.ts';
import { quantileDay, survival } from '../../forecast/quantile.ts';
import type { Simulation } from '../../forecast/simulation.ts';
import { addDays, type CivilDate } from '../../time/civil-date.ts';
import { octaveOf, type Profile } from './profile.ts';
import { type Exponents, NO_EXPONENTS, toldShare } from './warp.ts';

/** A forecast of the past, with what is needed of it to judge it under any exponents. */
export interface ResolvedForecast {
  readonly origin: CivilDate;
  readonly leadDays: number;
  /** First day on which the outcome was known. */
  readonly resolvedOn: CivilDate;
  /** Octave (0..3) of its median. */
  readonly octave: number;
  /** Day on which cash ran out, or the day after the last that was looked at. */
  readonly outcomeDays: number;
  /** Told probability, at exponents of one, of having run out before that day, and by its end. */
  readonly before: number;
  readonly by: number;
}

/** @param told the forecast at exponents of one @param outcomeDays the day after its horizon where cash lasted longer */
export const resolvedForecast = (
  told: Simulation,
  outcomeDays: number,
  { origin, leadDays }: Pick<ResolvedForecast, 'origin' | 'leadDays'>,
): ResolvedForecast => {
  const by = (day: number): number => 1 - (survival(told, day) ?? 0);
  return {
    origin,
    leadDays,
    resolvedOn: addDays(origin, Math.min(outcomeDays, told.horizonDays)),
    octave: octaveOf(quantileDay(told, 0.5) ?? told.horizonDays + 1),
    outcomeDays,
    before: by(outcomeDays - 1),
    by: by(outcomeDays),
  };
};

const STEP = 0.15;
/** On either side. */
const MISSES_WANTED = 0.05;
export const EXPONENT_MIN = 0.5;
export const EXPONENT_MAX = 3;

const isBelow = ({ outcomeDays, by }: ResolvedForecast, exponents: Exponents): boolean =>
  toldShare(by, exponents, outcomeDays) < 0.05;

const isAbove = ({ outcomeDays, before }: ResolvedForecast, exponents: Exponents): boolean =>
  toldShare(before, exponents, Math.max(1, outcomeDays - 1)) >= 0.95;

const clipped = (exponent: number): number => Math.min(EXPONENT_MAX, Math.max(EXPONENT_MIN, exponent));

const moved = (profile: Profile, octave: number, isMiss: boolean): Profile => {
  const factor = exp(STEP * ((isMiss ? 1 : 0) - MISSES_WANTED));
  const [a, b, c, d] = profile.map((exponent, k) => (k === octave ? clipped(exponent * factor) : exponent));
  return [a ?? 1, b ?? 1, c ?? 1, d ?? 1];
};

const inOrder = (a: ResolvedForecast, b: ResolvedForecast): number => {
  if (a.resolvedOn !== b.resolvedOn) return a.resolvedOn < b.resolvedOn ? -1 : 1;
  if (a.origin !== b.origin) return a.origin < b.origin ? -1 : 1;
  return a.leadDays - b.leadDays;
};

/** The exponents that hold for a forecast of the day `asOf`: only outcomes known by its end count, in the order they came. */
export const exponentsOn = (resolved: readonly ResolvedForecast[], asOf: CivilDate): Exponents => {
  const steps: { readonly date: CivilDate; readonly exponents: Exponents }[] = [];
  const inForce = (date: CivilDate): Exponents =>
    steps.findLast((step) => step.date <= date)?.exponents ?? NO_EXPONENTS;
  for (const forecast of resolved.filter(({ resolvedOn }) => resolvedOn <= asOf).sort(inOrder)) {
    const { origin, octave, resolvedOn: date } = forecast;
    const then = inForce(origin);
    const { low, high } = steps.at(-1)?.exponents ?? NO_EXPONENTS;
    const exponents = {
      low: moved(low, octave, isBelow(forecast, then)),
      high: moved(high, octave, isAbove(forecast, then)),
    };
    steps.push({ date, exponents });
  }
  return inForce(asOf);
};
