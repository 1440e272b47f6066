/** A forecast of runway as probabilities of whole days: what is scored, whatever drew it. */
import type { Simulation } from '../forecast/simulation.ts';

/** P(runway <= d) for the days d = 0..horizonDays; what is missing to 1 lies beyond the horizon. */
export interface DayDistribution {
  readonly horizonDays: number;
  readonly cumulative: Float64Array;
}

export const distributionOf = ({
  horizonDays,
  paths,
  depletions,
}: Pick<Simulation, 'horizonDays' | 'paths' | 'depletions'>): DayDistribution => {
  let depleted = 0;
  const cumulative = Float64Array.from(depletions, (count) => {
    depleted += count;
    return depleted / paths;
  });
  return { horizonDays, cumulative };
};

/** The forecast of one day and nothing else; a day beyond the horizon is "later". */
export const certainDay = (day: number, horizonDays: number): DayDistribution => ({
  horizonDays,
  cumulative: Float64Array.from({ length: horizonDays + 1 }, (_, d) => (d >= day ? 1 : 0)),
});

/** The same forecast where no more than this many days can be seen: every later day becomes "later". */
export const seenFor = (forecast: DayDistribution, horizonDays: number): DayDistribution => {
  if (horizonDays > forecast.horizonDays)
    throw new RangeError(`a forecast of ${forecast.horizonDays} days says nothing of day ${horizonDays}`);
  return { horizonDays, cumulative: forecast.cumulative.subarray(0, horizonDays + 1) };
};

/** Smallest day whose probability reaches q; the day after the horizon where none does. */
export const quantileOf = ({ horizonDays, cumulative }: DayDistribution, q: number): number => {
  // The allowance keeps 0.55 x 100 paths at 55, which floats make a hair more.
  const day = cumulative.findIndex((probability) => probability >= q - 1e-12);
  return day === -1 ? horizonDays + 1 : day;
};

/** P(runway <= day); 1 from the day after the horizon on. */
export const probabilityBy = ({ horizonDays, cumulative }: DayDistribution, day: number): number =>
  day > horizonDays ? 1 : (cumulative[day] ?? 0);
