/**
 * Money without a rhythm, in one direction: a weekly level that is not known exactly and wanders, times the daily shape of
 * past weeks. How far back the level looks is not known either: each path draws one of four half-lives, the more likely the
 * better it would have forecast this very history.
 */
import { studentValue } from '../../forecast/noise.ts';
import { draw, type RandomStream, uniformOf } from '../../forecast/random.ts';
import { namedNoise } from './named-noise.ts';

const HALF_LIVES = [6, 13, 26, 60] as const;
/** A trend needs a longer look than a level. */
const TREND_HALF_LIFE_MIN = 16;
/** Relative growth a week that is usual before anything is seen. */
const TREND_PRIOR_STD = 0.006;
/** Weeks of one sum: a month's payments do not scatter like single weeks. */
const SUM_WEEKS = 4;
const DF_MIN = 3;

/** What one half-life says of the level. All in minor units a week. */
export interface LevelView {
  /** Share of the paths that draw this view or one before it. */
  readonly reach: number;
  readonly level: number;
  /** Standard deviation of a week, as months show it. */
  readonly weekStd: number;
  /** Scale and degrees of freedom of the level's t. */
  readonly scale: number;
  readonly df: number;
  /** Relative growth a week and its standard deviation; zero where no trend is looked for. */
  readonly trend: number;
  readonly trendStd: number;
  /** Mean age of the level in weeks: by so much it is brought forward. */
  readonly age: number;
}

export interface Pool {
  readonly noise: RandomStream;
  readonly views: readonly LevelView[];
  /** Flow of each day of the history over the mean day's, oldest first. */
  readonly shape: Float64Array;
}

/** Weights of ages 0, 1, ... weeks that sum to 1. */
const weightsOf = (count: number, halfLife: number): Float64Array => {
  const step = halfOf(halfLife);
  const weights = new Float64Array(count);
  let sum = 0;
  for (let age = 0, weight = 1; age < count; age += 1, weight *= step) {
    weights[age] = weight;
    sum += weight;
  }
  return weights.map((weight) => weight / sum);
};

/** 2 to the power -1 / halfLife, by bisection on its defining equation: roots alone are not exact everywhere. */
const halfOf = (halfLife: number): number => {
  let low = 0;
  let high = 1;
  for (let k = 0; k < 60; k += 1) {
    const middle = (low + high) / 2;
    let power = 1;
    for (let j = 0; j < halfLife; j += 1) power *= middle;
    if (power < 0.5) low = middle;
    else high = middle;
  }
  return high;
};

/** Weekly sums, latest first. */
export const weeklySums = (daily: Float64Array): Float64Array =>
  Float64Array.from({ length: daily.length / 7 }, (_, age) => {
    const end = daily.length - 7 * age;
    return daily.subarray(end - 7, end).reduce((sum, flow) => sum + flow, 0);
  });

const weightedMean = (values: Float64Array, weights: Float64Array): number =>
  values.reduce((sum, value, k) => sum + value * (weights[k] ?? 0), 0);

/** Weighted, corrected for the mean that it is taken about. */
const weightedVariance = (values: Float64Array, weights: Float64Array): number => {
  const mean = weightedMean(values, weights);
  const spread = values.reduce((sum, value, k) => sum + (weights[k] ?? 0) * (value - mean) ** 2, 0);
  const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
  return squares >= 1 ? 0 : spread / (1 - squares);
};

/** Standard deviation of a week from sums of four, kept within twice and half of what single weeks show. */
const weekStdOf = (weeks: Float64Array, weights: Float64Array, halfLife: number): number => {
  const single = Math.sqrt(weightedVariance(weeks, weights));
  const count = Math.floor(weeks.length / SUM_WEEKS);
  const sums = Float64Array.from({ length: count }, (_, k) =>
    weeks.subarray(k * SUM_WEEKS, (k + 1) * SUM_WEEKS).reduce((sum, week) => sum + week, 0),
  );
  const byMonth = Math.sqrt(weightedVariance(sums, weightsOf(count, halfLife / SUM_WEEKS)) / SUM_WEEKS);
  return Math.min(2 * single, Math.max(single / 2, byMonth));
};

/** Mean square error of the mean of the four weeks ahead, forecast every other week of the history. */
const pastError = (weeks: Float64Array, weights: Float64Array): number => {
  const last = weeks.length - Math.max(8, Math.floor(weeks.length / 3));
  let square = 0;
  let origins = 0;
  for (let age = SUM_WEEKS; age <= last; age += 2) {
    const known = weeks.subarray(age);
    let mean = 0;
    let sum = 0;
    for (let k = 0; k < known.length; k += 1) {
      mean += (weights[k] ?? 0) * (known[k] ?? 0);
      sum += weights[k] ?? 0;
    }
    let ahead = 0;
    for (let k = age - SUM_WEEKS; k < age; k += 1) ahead += weeks[k] ?? 0;
    square += (ahead / SUM_WEEKS - mean / sum) ** 2;
    origins += 1;
  }
  return origins === 0 ? 1 : square / origins;
};

/** Least-squares slope over level, weighed against a prior of no growth. */
const trendOf = (
  weeks: Float64Array,
  halfLife: number,
  weekStd: number,
): { readonly trend: number; readonly trendStd: number } => {
  const weights = weightsOf(weeks.length, Math.max(TREND_HALF_LIFE_MIN, halfLife));
  const ages = Float64Array.from(weeks, (_, age) => age);
  const level = weightedMean(weeks, weights);
  const meanAge = weightedMean(ages, weights);
  let product = 0;
  let square = 0;
  let noise = 0;
  for (let age = 0; age < weeks.length; age += 1) {
    const weight = weights[age] ?? 0;
    product += weight * (meanAge - age) * ((weeks[age] ?? 0) - level);
    square += weight * (meanAge - age) ** 2;
    noise += (weight * (meanAge - age)) ** 2;
  }
  if (level <= 0 || square === 0) return { trend: 0, trendStd: 0 };
  const slope = product / square / level;
  const variance = ((weekStd / level) ** 2 * noise) / (square * square);
  const prior = TREND_PRIOR_STD * TREND_PRIOR_STD;
  if (weekStd === 0) return { trend: slope, trendStd: 0 };
  const trust = prior / (prior + variance);
  return { trend: slope * trust, trendStd: Math.sqrt(prior * (1 - trust)) };
};

const viewOf = (weeks: Float64Array, halfLife: number, hasTrend: boolean, reach: number): LevelView => {
  const weights = weightsOf(weeks.length, halfLife);
  const weekStd = weekStdOf(weeks, weights, halfLife);
  const effective = 1 / weights.reduce((sum, weight) => sum + weight * weight, 0);
  return {
    reach,
    level: weightedMean(weeks, weights),
    weekStd,
    scale: weekStd / Math.sqrt(effective),
    df: Math.max(DF_MIN, effective - 1),
    ...(hasTrend ? trendOf(weeks, halfLife, weekStd) : { trend: 0, trendStd: 0 }),
    age: weightedMean(
      Float64Array.from(weeks, (_, age) => age),
      weights,
    ),
  };
};

/**
 * @param daily flows of whole weeks, oldest first, not negative
 * @returns undefined where nothing moved
 */
export const poolOf = (
  daily: Float64Array,
  options: { readonly name: string; readonly hasTrend: boolean; readonly seed: number },
): Pool | undefined => {
  const sum = daily.reduce((total, flow) => total + flow, 0);
  if (sum === 0) return undefined;
  const weeks = weeklySums(daily);
  const errors = HALF_LIVES.map((halfLife) => pastError(weeks, weightsOf(weeks.length, halfLife)));
  const least = Math.min(...errors);
  const votes = errors.map((error) => (least === 0 ? 1 : (least / error) ** 2));
  const all = votes.reduce((total, vote) => total + vote, 0);
  let reach = 0;
  return {
    noise: namedNoise(options.seed, `pool ${options.name}`),
    views: HALF_LIVES.map((halfLife, k) => {
      reach += (votes[k] ?? 0) / all;
      return viewOf(weeks, halfLife, options.hasTrend, reach);
    }),
    shape: daily.map((flow) => flow / (sum / daily.length)),
  };
};

/** What a path draws once for a pool. */
export interface PoolDraw {
  level: number;
  weekStd: number;
  trend: number;
}

/** Draws the path's level and trend into `drawn`. */
export const drawPool = ({ noise, views }: Pool, path: number, drawn: PoolDraw): void => {
  draw(noise, path, 0);
  const u = uniformOf(noise.words[0] ?? 0);
  let view = views[0];
  for (let k = 1; view !== undefined && u > view.reach && k < views.length; k += 1) view = views[k];
  if (view === undefined) return;
  const { level, scale, df, trend, trendStd, age, weekStd } = view;
  drawn.trend = trendStd === 0 ? trend : trend + trendStd * studentValue(noise, Infinity, path, 2);
  drawn.level = scale === 0 ? level : level + scale * studentValue(noise, df, path, 1);
  drawn.level *= Math.max(0, 1 + drawn.trend * age);
  drawn.weekStd = weekStd;
};
