/**
 * Payments too large and too rare to be part of a level: how often they come is a gamma guess updated by what was seen,
 * what they come to is what they came to before or, the less was seen, a heavy tail.
 */
import { exp, ln } from '../../forecast/elementary.ts';
import { normalOf } from '../../forecast/noise.ts';
import { gammaCdf } from '../../forecast/probability.ts';
import { draw, type RandomStream, uniformOf } from '../../forecast/random.ts';
import type { Series } from '../streams/series.ts';
import { namedNoise } from './named-noise.ts';

/** Above this share of an average month's money out, a payment is large. */
export const LARGE_SHARE = 0.25;
const PRIOR_COUNT = 0.25;
const PRIOR_DAYS = { out: 60, in: 90 } as const;
const SIZE_STD = 0.3;
/** A size never seen: Pareto with this exponent, in large payments, cut off. */
const TAIL = { exponent: 1.8, max: 6 } as const;

const RATES = 128;

export interface LargeEvents {
  readonly sign: 1 | -1;
  readonly noise: RandomStream;
  /** Events a day, at equal steps of probability. */
  readonly rates: Float64Array;
  /** Sizes seen, in minor units. */
  readonly sizes: Float64Array;
  /** Element k: 1 where size k was in another currency. */
  readonly areForeign: Uint8Array;
  /** Probability of a size never seen, and its unit; zero where only sizes seen come again. */
  readonly unseen: number;
  readonly unitMinor: number;
}

/** Quantiles of a gamma with scale 1, in the middle of equal steps of probability. */
const gammaQuantiles = (shape: number): Float64Array =>
  Float64Array.from({ length: RATES }, (_, k) => {
    const probability = (k + 0.5) / RATES;
    let low = 0;
    let high = shape + 10 * Math.sqrt(shape) + 10;
    for (let step = 0; step < 30; step += 1) {
      const middle = (low + high) / 2;
      if (gammaCdf(shape, middle) < probability) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  });

/** By the number of events seen: a few shapes, each the same for every ledger. */
const quantilesByCount = new Map<number, Float64Array>();

const ratesOf = (count: number, days: number): Float64Array => {
  const quantiles = quantilesByCount.get(count) ?? gammaQuantiles(count + PRIOR_COUNT);
  quantilesByCount.set(count, quantiles);
  return quantiles.map((quantile) => quantile / days);
};

/** A payment of the past. */
export interface LargePayment {
  readonly amount: number;
  readonly isForeign: boolean;
}

/** Takes the large payments of a stream out of it. @returns the stream that is left, and their sizes */
export const withoutLarge = (
  series: Series,
  { days, monthlyOutMinor }: { readonly days: number; readonly monthlyOutMinor: number },
): { readonly rest: Series; readonly large: readonly LargePayment[] } => {
  const from = LARGE_SHARE * monthlyOutMinor;
  if (series.days.length >= days / 30 || series.amounts.every((amount) => amount <= from))
    return { rest: series, large: [] };
  const kept = [...series.days.keys()].filter((k) => (series.amounts[k] ?? 0) <= from);
  return {
    rest: {
      ...series,
      days: Int32Array.from(kept, (k) => series.days[k] ?? 0),
      amounts: Float64Array.from(kept, (k) => series.amounts[k] ?? 0),
    },
    large: [...series.amounts]
      .filter((amount) => amount > from)
      .map((amount) => ({ amount, isForeign: series.isForeign === true })),
  };
};

/** @param days of history; @returns undefined where nothing large is expected */
export const largeEventsOf = (
  sign: 1 | -1,
  seen: readonly LargePayment[],
  {
    days,
    monthlyOutMinor,
    seed,
  }: { readonly days: number; readonly monthlyOutMinor: number; readonly seed: number },
): LargeEvents | undefined => {
  if (monthlyOutMinor === 0 || (sign > 0 && seen.length === 0)) return undefined;
  const sizes = seen.toSorted((a, b) => a.amount - b.amount || Number(a.isForeign) - Number(b.isForeign));
  const prior = sign > 0 ? PRIOR_DAYS.in : PRIOR_DAYS.out;
  return {
    sign,
    noise: namedNoise(seed, sign > 0 ? 'large in' : 'large out'),
    rates: ratesOf(sizes.length, days + prior),
    sizes: Float64Array.from(sizes, ({ amount }) => amount),
    areForeign: Uint8Array.from(sizes, ({ isForeign }) => Number(isForeign)),
    unseen: sign > 0 ? 0 : 1 / (sizes.length + 1),
    unitMinor: LARGE_SHARE * monthlyOutMinor,
  };
};

/** @param rate what foreign money is worth against day 0 */
const sizeOf = (
  { sizes, areForeign, unseen, unitMinor, noise }: LargeEvents,
  path: number,
  index: number,
  rate: number,
): number => {
  draw(noise, path, index);
  const u = uniformOf(noise.words[0] ?? 0);
  if (u < unseen) return unitMinor * Math.min(TAIL.max, exp(-ln(u / unseen) / TAIL.exponent));
  const which = Math.floor(((u - unseen) / (1 - unseen)) * sizes.length);
  draw(noise, path, index + 1);
  return (sizes[which] ?? 0) * (areForeign[which] === 1 ? rate : 1) * exp(SIZE_STD * normalOf(noise));
};

/**
 * Adds a Poisson process of them: exponential gaps, so that a longer horizon moves none of the earlier ones.
 * @param factors what foreign money is worth in each week; @param offset days that the first week had behind it on day 0
 */
export const addLargeEvents = (
  events: LargeEvents,
  path: number,
  flows: Float64Array,
  factors: Float64Array | undefined,
  offset: number,
): void => {
  const { noise, rates, sign } = events;
  draw(noise, path, 0);
  const rate = rates[Math.floor(uniformOf(noise.words[0] ?? 0) * RATES)] ?? 0;
  let at = -ln(uniformOf(noise.words[1] ?? 0)) / rate;
  for (let index = 1; at < flows.length; index += 3) {
    const day = Math.floor(at);
    const exchange = factors?.[((day + offset) / 7) | 0] ?? 1;
    flows[day] = (flows[day] ?? 0) + sign * sizeOf(events, path, index, exchange);
    draw(noise, path, index + 2);
    at -= ln(uniformOf(noise.words[0] ?? 0)) / rate;
  }
};
