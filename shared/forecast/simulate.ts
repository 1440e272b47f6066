import { type Noise, normalNoise, studentNoise, writeNoise } from './noise.ts';
import { addOccasions, occasionsOf } from './occasions.ts';
import { smallestOf } from './quantile.ts';
import { randomStream, STREAM } from './random.ts';
import type { Simulation, SimulationInput } from './simulation.ts';

/** Days walked at a time when the band is wanted: bounds its memory to paths x 64 numbers. Even, as noise comes in pairs. */
const BAND_WINDOW_DAYS = 64;

/** Element d: cash above the minimum at the end of day d if only certain money moved. */
const certainCash = (input: SimulationInput): Float64Array => {
  const cash = new Float64Array(input.horizonDays + 1);
  const mean = input.residual.kind === 'bootstrap' ? 0 : input.residual.dailyMean;
  let scheduled = 0;
  cash[0] = input.openingCash;
  for (let day = 1; day <= input.horizonDays; day += 1) {
    scheduled += input.scheduled[day - 1] ?? 0;
    cash[day] = input.openingCash + scheduled + mean * day;
  }
  return cash;
};

const residualNoise = ({ residual, seed }: SimulationInput): Noise => {
  const stream = randomStream(seed, STREAM.residual);
  if (residual.kind === 'bootstrap')
    return { kind: 'blocks', stream, values: residual.values, block: residual.block };
  if (residual.kind === 'student_t') return studentNoise(stream, residual.dailyStd, residual.df);
  return normalNoise(stream, residual.dailyStd);
};

/** What a walk leaves behind; one element per path. */
interface Walks {
  /** Sum of all random flows so far. */
  readonly random: Float64Array;
  /** First day at or below the minimum; 0 while there was none. */
  readonly depletionDay: Int32Array;
  readonly lowestCash: Float64Array;
  readonly lowestCashDay: Int32Array;
}

/** Takes one path from the end of day `from` through the flows of the days after it; `cashOn` sees each day's cash. */
const walk = (
  walks: Walks,
  path: number,
  from: number,
  certain: Float64Array,
  flows: Float64Array,
  column: Float64Array | undefined,
): void => {
  const to = Math.min(from + flows.length, certain.length - 1);
  let random = walks.random[path] ?? 0;
  let depletionDay = walks.depletionDay[path] ?? 0;
  let lowest = walks.lowestCash[path] ?? Infinity;
  let lowestDay = walks.lowestCashDay[path] ?? 0;
  for (let day = from + 1; day <= to; day += 1) {
    random += flows[day - from - 1] ?? 0;
    const cash = (certain[day] ?? 0) + random;
    if (cash < lowest) {
      lowest = cash;
      lowestDay = day;
      if (cash <= 0 && depletionDay === 0) depletionDay = day;
    }
    if (column !== undefined) column[(day - from - 1) * walks.random.length + path] = cash;
  }
  walks.random[path] = random;
  walks.depletionDay[path] = depletionDay;
  walks.lowestCash[path] = lowest;
  walks.lowestCashDay[path] = lowestDay;
};

type Band = NonNullable<Simulation['cashBand']>;

const emptyBand = (days: number): Band => ({
  p5: new Float64Array(days),
  p50: new Float64Array(days),
  p95: new Float64Array(days),
});

/** Sorts out the quantiles of the window's days; reorders `column`. */
const writeBand = (band: Band, column: Float64Array, paths: number, from: number, to: number): void => {
  for (let day = from; day < to; day += 1) {
    const cash = column.subarray((day - from) * paths, (day - from + 1) * paths);
    band.p5[day] = smallestOf(cash, 0.05);
    band.p50[day] = smallestOf(cash, 0.5);
    band.p95[day] = smallestOf(cash, 0.95);
  }
};

const depletionsOf = (depletionDay: Int32Array, horizonDays: number): Uint32Array => {
  const depletions = new Uint32Array(horizonDays + 1);
  for (const day of depletionDay) if (day > 0) depletions[day] = (depletions[day] ?? 0) + 1;
  return depletions;
};

/**
 * Walks every path from day 1 to the horizon. A path is a function of its number alone, so neither the order in which paths
 * are walked nor the length of the horizon changes a day of it. Certain money is summed apart from random money: where all
 * amounts are whole numbers of the unit, it is exact.
 * @param options.band also computes `cashBand`, which costs about as much again.
 */
export const simulate = (input: SimulationInput, options: { readonly band?: boolean } = {}): Simulation => {
  const { horizonDays, paths } = input;
  const certain = certainCash(input);
  const residual = residualNoise(input);
  const occasions = occasionsOf(input);
  const walks: Walks = {
    random: new Float64Array(paths),
    depletionDay: new Int32Array(paths),
    lowestCash: new Float64Array(paths).fill(Infinity),
    lowestCashDay: new Int32Array(paths),
  };
  const windowDays = options.band ? BAND_WINDOW_DAYS : horizonDays + (horizonDays % 2);
  const flows = new Float64Array(windowDays);
  const column = options.band ? new Float64Array(windowDays * paths) : undefined;
  const band = emptyBand(options.band ? horizonDays : 0);
  for (let from = 0; from < horizonDays; from += windowDays) {
    const to = Math.min(from + windowDays, horizonDays);
    for (let path = 0; path < paths; path += 1) {
      writeNoise(residual, path, from, to, flows);
      addOccasions(occasions, path, from, to, flows);
      walk(walks, path, from, certain, flows, column);
    }
    if (column !== undefined) writeBand(band, column, paths, from, to);
  }
  return {
    horizonDays,
    paths,
    depletions: depletionsOf(walks.depletionDay, horizonDays),
    lowestCash: walks.lowestCash,
    lowestCashDay: walks.lowestCashDay,
    ...(options.band ? { cashBand: band } : {}),
  };
};
