/** The walk: takes every path through its days, whatever moves its cash, and keeps what the answers are read from. */
import { quantileDay } from './quantile.ts';
import type { Simulation } from './simulation.ts';

export interface Walk {
  readonly horizonDays: number;
  /** 1 to 2^24 - 1. */
  readonly paths: number;
  /** Element d: cash above the minimum at the end of day d if only certain money moved; element 0 is the opening. */
  readonly certain: Float64Array;
  /** What `requiredCash` and `stableCash` are to answer; costs a second walk, and paths x days numbers. */
  readonly required?:
    | {
        /** Runways in days, 1 to the horizon and one more, of which the price is to be known. */
        readonly days: readonly number[];
        /** Quantiles of which is to be known how much cash leaves their day as it is. */
        readonly quantiles: readonly number[];
      }
    | undefined;
}

/** Writes the flows of days 1..horizonDays of a path beside the certain ones: `flows[0]`, `flows[1]`... holds another path's. */
export type WriteFlows = (path: number, flows: Float64Array) => void;

/** What a walk leaves behind; one element per path. */
interface Walked {
  /** First day at or below the minimum; 0 while there was none. */
  readonly depletionDay: Int32Array;
  readonly lowestCash: Float64Array;
  readonly lowestCashDay: Int32Array;
}

/** One number per path for each of some days: element `k * paths + path` is that of day `days[k]`. */
interface Columns {
  readonly days: Int32Array;
  readonly values: Float64Array;
}

const columnsOf = (days: Iterable<number>, paths: number): Columns => {
  const ascending = Int32Array.from(new Set(days)).sort();
  return { days: ascending, values: new Float64Array(ascending.length * paths) };
};

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
const walkOne = (walked: Walked, path: number, certain: Float64Array, flows: Float64Array): void => {
  walked.depletionDay[path] = settle(flows, certain);
  const day = lowestDay(flows, certain.length - 1);
  walked.lowestCashDay[path] = day;
  walked.lowestCash[path] = flows[day - 1] ?? 0;
};

const depletionsOf = (depletionDay: Int32Array, horizonDays: number): Uint32Array => {
  const depletions = new Uint32Array(horizonDays + 1);
  for (const day of depletionDay) if (day > 0) depletions[day] = (depletions[day] ?? 0) + 1;
  return depletions;
};

/**
 * For each of the columns' days n: the highest whole opening cash with which this path's runway is below n, that is the
 * greatest cumulative outflow of days 0 to n - 1. The opening adds to every day alike, so this holds for any opening.
 */
const priceRunways = (
  flows: Float64Array,
  certain: Float64Array,
  path: number,
  paths: number,
  { days, values }: Columns,
): void => {
  const opening = certain[0] ?? 0;
  let random = 0;
  let outflow = 0;
  let day = 0;
  for (let column = 0; column < days.length; column += 1) {
    while (day + 1 < (days[column] ?? 0)) {
      random += flows[day] ?? 0;
      day += 1;
      // Floored before certain money is added, which is whole: so no rounding enters.
      outflow = Math.max(outflow, Math.floor(-random) - ((certain[day] ?? 0) - opening));
    }
    values[column * paths + path] = outflow;
  }
};

/** The days asked for, and for each quantile its own day and the one after. */
const pricedDays = (required: NonNullable<Walk['required']>, simulation: Simulation): Set<number> => {
  const censored = simulation.horizonDays + 1;
  const published = required.quantiles.map((q) => quantileDay(simulation, q) ?? censored);
  return new Set([...required.days, ...published.flatMap((day) => [day, Math.min(day + 1, censored)])]);
};

/**
 * Walks every path from day 1 to the horizon. A path is a function of its number alone, so neither the order in which paths
 * are walked nor the length of the horizon changes a day of it. Certain money is summed apart from random money: where all
 * amounts are whole numbers of the unit, it is exact.
 */
export const walkPaths = (walk: Walk, writeFlows: WriteFlows): Simulation => {
  const { horizonDays, paths, certain } = walk;
  const walked: Walked = {
    depletionDay: new Int32Array(paths),
    lowestCash: new Float64Array(paths),
    lowestCashDay: new Int32Array(paths),
  };
  const flows = new Float64Array(horizonDays);
  for (let path = 0; path < paths; path += 1) {
    writeFlows(path, flows);
    walkOne(walked, path, certain, flows);
  }
  const simulation: Simulation = {
    horizonDays,
    paths,
    depletions: depletionsOf(walked.depletionDay, horizonDays),
    lowestCash: walked.lowestCash,
    lowestCashDay: walked.lowestCashDay,
  };
  if (walk.required === undefined) return simulation;
  const prices = columnsOf(pricedDays(walk.required, simulation), paths);
  for (let path = 0; path < paths; path += 1) {
    writeFlows(path, flows);
    priceRunways(flows, certain, path, paths, prices);
  }
  return { ...simulation, runwayPrices: { days: prices.days, perPath: prices.values } };
};
