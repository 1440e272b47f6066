/**
 * Answers read off a simulation. Quantiles are type 1: the smallest value whose share of the paths reaches q, so a quantile
 * is always a day (or an amount) that some path had, and `quantileDay(q) <= n` exactly where `1 - survival(n) >= q`.
 */
import { normalCdf } from './probability.ts';
import type { Simulation } from './simulation.ts';

/** Rank (1..count) of the q-quantile. The allowance keeps 0.55 x 100 at 55, which floats make a hair more. */
export const rankOf = (q: number, count: number): number => Math.max(1, Math.ceil(q * count - 1e-9));

/** Smallest day by which a share q of the paths has run out; null where that lies beyond the horizon. */
export const quantileDay = (simulation: Simulation, q: number): number | null => {
  const { depletions } = simulation;
  let missing = rankOf(q, simulation.paths);
  for (let day = 0; day < depletions.length; day += 1) {
    missing -= depletions[day] ?? 0;
    if (missing <= 0) return day;
  }
  return null;
};

/**
 * Standard error of `quantileDay`, in days; null where the quantile is censored.
 *
 * The quantile is at most d where at least r of n paths ran out by d, r its rank. Over repetitions with other random numbers
 * that count is binomial with the true share F(d), so P(quantile <= d) = P(Bin(n, F(d)) >= r), here with the simulated share
 * for F and the normal approximation of the binomial, continuity corrected. The standard deviation of that distribution over
 * the days is the standard error (Maritz and Jarrett 1978). Unlike a density estimate it is right on whole days, in the flat
 * stretch between two ways to fail and where a payday takes many paths at once. Repetitions beyond the horizon count as the
 * day after it.
 */
export const quantileStandardErrorDays = (simulation: Simulation, q: number): number | null => {
  if (quantileDay(simulation, q) === null) return null;
  const { paths, horizonDays, depletions } = simulation;
  const rank = rankOf(q, paths);
  let before = 0;
  let mean = 0;
  let square = 0;
  const add = (day: number, by: number): void => {
    mean += day * (by - before);
    square += day * day * (by - before);
    before = by;
  };
  let count = 0;
  for (let day = 0; day <= horizonDays; day += 1) {
    count += depletions[day] ?? 0;
    const spread = Math.sqrt(count * (1 - count / paths));
    const certain = count >= rank ? 1 : 0;
    add(day, spread === 0 ? certain : normalCdf((count - rank + 0.5) / spread));
  }
  add(horizonDays + 1, 1);
  return Math.sqrt(Math.max(0, square - mean * mean));
};

/** P(runway > day) over the paths; null where the day lies beyond the horizon. */
export const survival = (simulation: Simulation, day: number): number | null => {
  if (day > simulation.horizonDays) return null;
  let ruined = 0;
  for (let d = 0; d <= day; d += 1) ruined += simulation.depletions[d] ?? 0;
  return (simulation.paths - ruined) / simulation.paths;
};

/** Standard error of a share p of n independent paths: sqrt(p (1 - p) / n). */
export const survivalStandardError = (simulation: Simulation, day: number): number | null => {
  const p = survival(simulation, day);
  return p === null ? null : Math.sqrt((p * (1 - p)) / simulation.paths);
};

/**
 * The type-1 median of days 0 to `last`. Four counts a day, added up at the end: most paths are lowest on the same few days, and
 * a processor waits for the sum it has just stored before it can add to it again.
 */
export const medianDay = (days: Int32Array, last: number): number => {
  const size = last + 1;
  const counts = new Uint32Array(4 * size);
  for (let k = 0; k < days.length; k += 1) {
    const at = (k & 3) * size + (days[k] ?? 0);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  let missing = rankOf(0.5, days.length);
  let day = 0;
  for (; day < last; day += 1) {
    for (let at = day; at < counts.length; at += size) missing -= counts[at] ?? 0;
    if (missing <= 0) break;
  }
  return day;
};

const BUCKETS = 1024;

/** Scratch, because fresh memory costs more than what is done in it. Every call writes it before it reads it. */
const counts = new Int32Array(BUCKETS + 1);
let bucketOf = new Uint16Array(0);

/**
 * The type-1 q-quantile of `values` for each q. Counts them into buckets of equal width and sorts only those that hold a
 * quantile: sorting by comparison is a coin toss for the processor each time, counting is none.
 */
export const quantilesOf = (values: Float64Array, qs: readonly number[]): number[] => {
  let min = Infinity;
  let max = -Infinity;
  for (let k = 0; k < values.length; k += 1) {
    const value = values[k] ?? 0;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  // Where values are all alike, or too far apart to tell how far, they share bucket 0: slower, and as right.
  const scale = BUCKETS / (max - min);
  if (bucketOf.length < values.length) bucketOf = new Uint16Array(values.length);
  counts.fill(0);
  for (let k = 0; k < values.length; k += 1) {
    const bucket = (((values[k] ?? 0) - min) * scale) | 0;
    bucketOf[k] = bucket;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  /** Per bucket: 0, or one more than the place of its candidates. */
  const wanted = new Uint8Array(BUCKETS + 1);
  const candidates: Float64Array[] = [];
  const ranks = qs.map((q) => {
    let rank = rankOf(q, values.length);
    let bucket = 0;
    for (; rank > (counts[bucket] ?? rank); bucket += 1) rank -= counts[bucket] ?? 0;
    if (wanted[bucket] === 0) wanted[bucket] = candidates.push(new Float64Array(counts[bucket] ?? 0));
    return { rank, place: (wanted[bucket] ?? 0) - 1 };
  });
  const found = new Uint32Array(candidates.length);
  for (let k = 0; k < values.length; k += 1) {
    const place = (wanted[bucketOf[k] ?? 0] ?? 0) - 1;
    if (place < 0) continue;
    const list = candidates[place];
    if (list !== undefined) list[found[place] ?? 0] = values[k] ?? 0;
    found[place] = (found[place] ?? 0) + 1;
  }
  for (const list of candidates) list.sort();
  return ranks.map(({ rank, place }) => candidates[place]?.[rank - 1] ?? Number.NaN);
};
