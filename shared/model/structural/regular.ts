/** Streams that keep a rhythm: when their next payments fall, and what they may come to. */
import { exp } from '../../forecast/elementary.ts';
import { cosineAt, normalOf, normalRadius, sineAt } from '../../forecast/noise.ts';
import { draw, type RandomStream } from '../../forecast/random.ts';
import { type AmountLevel, amountLevel } from '../streams/amount-level.ts';
import { type Cadence, isDead } from '../streams/cadence.ts';
import { knownOf } from '../streams/known.ts';
import { monthIndex, monthStart } from '../streams/month.ts';
import type { Schedule } from '../streams/schedule.ts';
import { type Series, seriesKey, through } from '../streams/series.ts';
import { namedNoise } from './named-noise.ts';
import type { Span } from './part.ts';

/** Ways in which an occurrence was paid, each as likely as the others: shares of its amount by days after the day that names it. */
export interface Patterns {
  /** Element p: place of pattern p in `days` and `shares`, which ends where the next begins. */
  readonly from: Int32Array;
  readonly days: Int32Array;
  readonly shares: Float64Array;
}

export interface Regular {
  readonly stream: string;
  readonly sign: 1 | -1;
  readonly periodDays: number;
  /** What it moves on an average day, in minor units. */
  readonly dailyMinor: number;
  readonly level: AmountLevel;
  /** Months from its first payment to its last. */
  readonly months: number;
  readonly noise: RandomStream;
  /** Days, 1 is the first of the forecast, that name the coming occurrences; below 1 where one is overdue. */
  readonly named: Int32Array;
  readonly patterns: Patterns;
  /** Whether an occurrence is one payment: then one that is overdue comes at the earliest tomorrow. */
  readonly isWhole: boolean;
  readonly isForeign?: true;
}

const GRACE_DAYS = 4;
const TAX_STD = 0.25;

/** The occurrences after the last that was paid; one that is overdue by some days only is still expected. */
const comingDays = (
  { named, lags, periodDays }: Schedule,
  lastPaid: number,
  { asOf, horizonDays }: Span,
): Int32Array => {
  const lastLag = lags.at(-1) ?? 0;
  const slack = Math.max(
    1,
    Math.min(
      lags.reduce((most, lag) => Math.max(most, lag), 0),
      periodDays / 2,
    ),
  );
  const paidFor = Math.min(lastPaid, lastPaid - lastLag);
  // Half a period after the occurrence that was paid last, the next one has not been: payments drift by less.
  const from = Math.max(paidFor + Math.ceil(periodDays / 2), asOf - slack - GRACE_DAYS);
  // One that is named after the horizon may be paid before it ends.
  const early = lags.reduce((most, lag) => Math.max(most, -lag), 0);
  const days = named(from, asOf + horizonDays + early);
  const overdue = days.filter((day) => day <= asOf).length;
  return Int32Array.from(days.slice(Math.max(0, overdue - 1)), (day) => day - asOf);
};

/** Whole months, each paid in the way one of the past was. */
const monthPatterns = ({ days, amounts }: Series): Patterns => {
  const months = [...Map.groupBy(days.keys(), (k) => monthIndex(days[k] ?? 0))].slice(1, -1);
  const from = [0];
  const places: number[] = [];
  const shares: number[] = [];
  for (const [month, paid] of months) {
    const sum = paid.reduce((total, k) => total + (amounts[k] ?? 0), 0);
    for (const k of paid) {
      places.push((days[k] ?? 0) - monthStart(month));
      shares.push((amounts[k] ?? 0) / sum);
    }
    from.push(places.length);
  }
  return { from: Int32Array.from(from), days: Int32Array.from(places), shares: Float64Array.from(shares) };
};

const monthsAhead = ({ asOf, horizonDays }: Span): Int32Array => {
  const first = monthIndex(asOf);
  const count = monthIndex(asOf + horizonDays) - first + 1;
  return Int32Array.from({ length: count }, (_, k) => monthStart(first + k) - asOf);
};

const lagPatterns = (lags: Int32Array): Patterns => ({
  from: Int32Array.from({ length: lags.length + 1 }, (_, k) => k),
  days: lags,
  shares: new Float64Array(lags.length).fill(1),
});

const monthTotals = ({ days, amounts }: Series): Float64Array => {
  const first = monthIndex(days[0] ?? 0);
  const sums = new Float64Array(monthIndex(days.at(-1) ?? 0) - first + 1);
  days.forEach((day, k) => {
    sums[monthIndex(day) - first] = (sums[monthIndex(day) - first] ?? 0) + (amounts[k] ?? 0);
  });
  return sums.subarray(1, -1).filter((sum) => sum > 0);
};

/** Taxes follow the quarter's income, not the one before: the mean of the last two, loosely. */
const taxLevel = (amounts: Float64Array): AmountLevel => {
  const recent = amounts.subarray(-2);
  const mean = recent.reduce((sum, amount) => sum + amount, 0) / recent.length;
  const level = amountLevel(Float64Array.of(mean));
  return { ...level, variance: TAX_STD * TAX_STD, gain: 0 };
};

const levelFor = (series: Series, cadence: Cadence, own: AmountLevel): AmountLevel => {
  if (cadence.kind === 'month-sum') return amountLevel(monthTotals(series));
  return cadence.kind === 'tax-days' ? taxLevel(series.amounts) : own;
};

/**
 * The stream as a regular one; undefined where it keeps no rhythm, null where it did and has ended.
 * @param told payments known, today's included: they are no part of the pattern, but tell what has been paid
 */
export const regularOf = (told: Series, span: Span): Regular | undefined | null => {
  const series = through(told, span.through);
  if (series.days.length === 0) return undefined;
  const { cadence, level: own } = knownOf(series);
  if (cadence === undefined) return undefined;
  if (isDead(told, cadence, span.asOf)) return null;
  const level = levelFor(series, cadence, own);
  const lastPaid = told.days.at(-1) ?? 0;
  return {
    stream: told.stream,
    sign: told.sign,
    periodDays: cadence.periodDays,
    dailyMinor: exp(level.logLevel) / cadence.periodDays,
    level,
    months: (lastPaid - (series.days[0] ?? 0)) / 30.4,
    noise: namedNoise(span.seed, seriesKey(told)),
    ...(told.isForeign && { isForeign: true }),
    ...(cadence.kind === 'month-sum'
      ? { named: monthsAhead(span), patterns: monthPatterns(series), isWhole: false }
      : { named: comingDays(cadence, lastPaid, span), patterns: lagPatterns(cadence.lags), isWhole: true }),
  };
};

/**
 * Adds the stream's payments of one path: its level is drawn once, each payment about it. A factor of growth multiplies
 * them where `factors` has one for each week.
 * @param weekOffset days that the first week had behind it on day 0
 */
export const addRegular = (
  regular: Regular,
  path: number,
  flows: Float64Array,
  factors: Float64Array | undefined,
  weekOffset: number,
): void => {
  const { noise, level, named, sign, isWhole } = regular;
  const { from, days, shares } = regular.patterns;
  const { variance, gain, logLevel } = level;
  const std = Math.sqrt(variance);
  const ways = from.length - 1;
  draw(noise, path, 0);
  const base = logLevel + std * Math.sqrt(gain) * normalOf(noise) - 0.5 * variance * (1 + gain);
  let other = 0;
  let bits = 0;
  for (let k = 0; k < named.length; k += 1) {
    let normal = other;
    bits >>>= 8;
    if (k % 2 === 0) {
      // One draw serves two occurrences; the last bits of its angle are far below what a cosine tells apart.
      draw(noise, path, 1 + k / 2);
      const radius = normalRadius(noise);
      const angle = noise.words[1] ?? 0;
      normal = radius * cosineAt(angle);
      other = radius * sineAt(angle);
      bits = angle & 0xffff;
    }
    const amount = sign * exp(base + std * normal);
    const way = ((bits & 0xff) * ways) >>> 8;
    const end = from[way + 1] ?? 0;
    for (let piece = from[way] ?? 0; piece < end; piece += 1) {
      const day = (named[k] ?? 0) + (days[piece] ?? 0);
      const index = isWhole && day < 1 ? 0 : day - 1;
      if (index < 0 || index >= flows.length) continue;
      const factor = factors === undefined ? 1 : (factors[((index + weekOffset) / 7) | 0] ?? 1);
      flows[index] = (flows[index] ?? 0) + amount * (shares[piece] ?? 0) * factor;
    }
  }
};
