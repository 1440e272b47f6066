/** Streams that keep a rhythm: when their next payments fall, and what they may come to. */
import { exp } from '../../forecast/elementary.ts';
import { normalOf } from '../../forecast/noise.ts';
import { draw, type RandomStream } from '../../forecast/random.ts';
import { type AmountLevel, amountLevel } from '../streams/amount-level.ts';
import { type Cadence, cadenceOf, isDead } from '../streams/cadence.ts';
import { monthIndex, monthStart } from '../streams/month.ts';
import type { Schedule } from '../streams/schedule.ts';
import { type Series, seriesKey, through } from '../streams/series.ts';
import { namedNoise } from './named-noise.ts';
import type { Span } from './part.ts';

/** Payments of one occurrence: shares of its amount by days after the day that names it. */
export interface Pattern {
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
  /** How occurrences were paid, each as likely as the others. */
  readonly patterns: readonly Pattern[];
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
const monthPatterns = ({ days, amounts }: Series): readonly Pattern[] => {
  const months = Map.groupBy(days.keys(), (k) => monthIndex(days[k] ?? 0));
  return [...months.keys()]
    .sort((a, b) => a - b)
    .slice(1, -1)
    .map((month) => {
      const paid = months.get(month) ?? [];
      const sum = paid.reduce((total, k) => total + (amounts[k] ?? 0), 0);
      return {
        days: Int32Array.from(paid, (k) => (days[k] ?? 0) - monthStart(month)),
        shares: Float64Array.from(paid, (k) => (amounts[k] ?? 0) / sum),
      };
    });
};

const monthsAhead = ({ asOf, horizonDays }: Span): Int32Array => {
  const first = monthIndex(asOf);
  const count = monthIndex(asOf + horizonDays) - first + 1;
  return Int32Array.from({ length: count }, (_, k) => monthStart(first + k) - asOf);
};

const lagPatterns = (lags: Int32Array): readonly Pattern[] =>
  Array.from(lags, (lag) => ({ days: Int32Array.of(lag), shares: Float64Array.of(1) }));

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

const levelFor = (series: Series, cadence: Cadence): AmountLevel => {
  if (cadence.kind === 'month-sum') return amountLevel(monthTotals(series));
  return cadence.kind === 'tax-days' ? taxLevel(series.amounts) : amountLevel(series.amounts);
};

/**
 * The stream as a regular one; undefined where it keeps no rhythm, null where it did and has ended.
 * @param told payments known, today's included: they are no part of the pattern, but tell what has been paid
 */
export const regularOf = (told: Series, span: Span): Regular | undefined | null => {
  const series = through(told, span.through);
  if (series.days.length === 0) return undefined;
  const cadence = cadenceOf(series);
  if (cadence === undefined) return undefined;
  if (isDead(told, cadence, span.asOf)) return null;
  const level = levelFor(series, cadence);
  const lastPaid = told.days.at(-1) ?? 0;
  return {
    stream: told.stream,
    sign: told.sign,
    periodDays: cadence.periodDays,
    dailyMinor: exp(level.logLevel) / cadence.periodDays,
    level,
    months: (lastPaid - (series.days[0] ?? 0)) / 30.4,
    noise: namedNoise(span.seed, seriesKey(told)),
    ...(cadence.kind === 'month-sum'
      ? { named: monthsAhead(span), patterns: monthPatterns(series) }
      : { named: comingDays(cadence, lastPaid, span), patterns: lagPatterns(cadence.lags) }),
  };
};

/** First day on which an occurrence may be paid: a month already begun is paid in part. */
const mayFall = (day: number, isWhole: boolean): number => (isWhole && day < 1 ? 1 : day);

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
  const { noise, level, named, patterns, sign } = regular;
  const { variance, gain, logLevel } = level;
  const std = Math.sqrt(variance);
  draw(noise, path, 0);
  const base = logLevel + std * Math.sqrt(gain) * normalOf(noise) - 0.5 * variance * (1 + gain);
  for (let k = 0; k < named.length; k += 1) {
    draw(noise, path, k + 1);
    const amount = sign * exp(base + std * normalOf(noise));
    // The last bits of the angle are far below what its cosine tells apart.
    const pattern = patterns[((noise.words[1] ?? 0) & 0xffff) % patterns.length];
    if (pattern === undefined) continue;
    const { days, shares } = pattern;
    for (let piece = 0; piece < days.length; piece += 1) {
      const day = mayFall((named[k] ?? 0) + (days[piece] ?? 0), days.length === 1);
      const index = day - 1;
      if (index < 0 || index >= flows.length) continue;
      const factor = factors === undefined ? 1 : (factors[((index + weekOffset) / 7) | 0] ?? 1);
      flows[index] = (flows[index] ?? 0) + amount * (shares[piece] ?? 0) * factor;
    }
  }
};
