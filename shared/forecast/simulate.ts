import { type Noise, normalNoise, studentNoise, writeNoise } from './noise.ts';
import { addOccasions, occasionsOf } from './occasions.ts';
import { quantilesOf } from './quantile.ts';
import { randomStream, STREAM } from './random.ts';
import type { Simulation, SimulationInput } from './simulation.ts';

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
  /** First day at or below the minimum; 0 while there was none. */
  readonly depletionDay: Int32Array;
  readonly lowestCash: Float64Array;
  readonly lowestCashDay: Int32Array;
}

/** Cash of every path on the days of the band: element k of a path's row is day `days[k]`. */
interface Columns {
  readonly days: Int32Array;
  readonly cash: Float64Array;
}

/** Turns flows into the cash at the end of each day, and returns the first day without any; 0 where there is none. */
const settle = (flows: Float64Array, certain: Float64Array): number => {
  let random = 0;
  let depletionDay = 0;
  for (let day = 1; day < certain.length; day += 1) {
    random += flows[day - 1] ?? 0;
    const cash = (certain[day] ?? 0) + random;
    flows[day - 1] = cash;
    if (cash <= 0 && depletionDay === 0) depletionDay = day;
  }
  return depletionDay;
};

/**
 * First day of the lowest cash. Looks from the lower end, where new lows are few: a processor that guesses each comparison
 * then guesses right.
 */
const lowestDay = (cash: Float64Array, days: number): number => {
  let lowest = cash[0] ?? 0;
  let at = 0;
  if (lowest < (cash[days - 1] ?? 0)) {
    for (let k = 1; k < days; k += 1)
      if ((cash[k] ?? 0) < lowest) {
        lowest = cash[k] ?? 0;
        at = k;
      }
    return at + 1;
  }
  lowest = Infinity;
  for (let k = days - 1; k >= 0; k -= 1)
    if ((cash[k] ?? 0) <= lowest) {
      lowest = cash[k] ?? 0;
      at = k;
    }
  return at + 1;
};

/** Takes one path through its flows, which become its cash. */
const walk = (
  walks: Walks,
  path: number,
  certain: Float64Array,
  flows: Float64Array,
  columns: Columns | undefined,
): void => {
  walks.depletionDay[path] = settle(flows, certain);
  const day = lowestDay(flows, certain.length - 1);
  walks.lowestCashDay[path] = day;
  walks.lowestCash[path] = flows[day - 1] ?? 0;
  if (columns === undefined) return;
  const paths = walks.depletionDay.length;
  for (let column = 0; column < columns.days.length; column += 1)
    columns.cash[column * paths + path] = flows[(columns.days[column] ?? 0) - 1] ?? 0;
};

type Band = NonNullable<Simulation['cashBand']>;

const bandOf = ({ days, cash }: Columns, paths: number): Band => {
  const band = {
    days,
    p5: new Float64Array(days.length),
    p50: new Float64Array(days.length),
    p95: new Float64Array(days.length),
  };
  for (let column = 0; column < days.length; column += 1) {
    const values = cash.subarray(column * paths, (column + 1) * paths);
    const [p5 = 0, p50 = 0, p95 = 0] = quantilesOf(values, [0.05, 0.5, 0.95]);
    band.p5[column] = p5;
    band.p50[column] = p50;
    band.p95[column] = p95;
  }
  return band;
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
 * @param options.bandDays ascending days of which `cashBand` tells the quantiles; memory is paths x days numbers.
 */
export const simulate = (
  input: SimulationInput,
  options: { readonly bandDays?: readonly number[] } = {},
): Simulation => {
  const { horizonDays, paths } = input;
  const certain = certainCash(input);
  const residual = residualNoise(input);
  const occasions = occasionsOf(input);
  const walks: Walks = {
    depletionDay: new Int32Array(paths),
    lowestCash: new Float64Array(paths),
    lowestCashDay: new Int32Array(paths),
  };
  /** Noise comes in pairs. */
  const flows = new Float64Array(horizonDays + (horizonDays % 2));
  const days = options.bandDays && Int32Array.from(options.bandDays);
  const columns = days && { days, cash: new Float64Array(days.length * paths) };
  for (let path = 0; path < paths; path += 1) {
    writeNoise(residual, path, 0, horizonDays, flows);
    addOccasions(occasions, path, 0, horizonDays, flows);
    walk(walks, path, certain, flows, columns);
  }
  return {
    horizonDays,
    paths,
    depletions: depletionsOf(walks.depletionDay, horizonDays),
    lowestCash: walks.lowestCash,
    lowestCashDay: walks.lowestCashDay,
    ...(columns && { cashBand: bandOf(columns, paths) }),
  };
};
