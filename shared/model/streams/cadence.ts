import { logSpread, medianOf } from './amount-level.ts';
import { monthIndex } from './month.ts';
import { everyDays, everyQuarter, monthly, onTaxDays, type Schedule, semiMonthly } from './schedule.ts';
import type { Series } from './series.ts';

/** A stream whose months cost alike, whatever the days: rent that is paid in pieces. */
export interface MonthSums {
  readonly kind: 'month-sum';
  readonly periodDays: number;
}

export type Cadence = Schedule | MonthSums;

const PAYMENTS_MIN = 3;

const gapsOf = (days: Int32Array): Float64Array =>
  Float64Array.from(days.subarray(1), (day, k) => day - (days[k] ?? 0));

const share = (values: Float64Array, holds: (value: number) => boolean): number =>
  values.length === 0 ? 0 : values.filter(holds).length / values.length;

const near = (gaps: Float64Array, days: number): number => share(gaps, (gap) => Math.abs(gap - days) <= 1);

const weekly = (days: Int32Array, gaps: Float64Array, middleGap: number): Schedule | undefined =>
  middleGap >= 6 && middleGap <= 8 && near(gaps, 7) >= 0.8 ? everyDays('weekly', 7, days) : undefined;

const biweekly = (days: Int32Array, gaps: Float64Array): Schedule | undefined => {
  if (near(gaps, 14) < 0.8) return undefined;
  const schedule = everyDays('biweekly', 14, days);
  return share(Float64Array.from(schedule.lags), (lag) => lag === 0) >= 0.7 ? schedule : undefined;
};

/** Sums of the calendar months that lie between the first and the last. */
const innerMonthSums = ({ days, amounts }: Series): Float64Array => {
  const first = monthIndex(days[0] ?? 0);
  const sums = new Float64Array(monthIndex(days.at(-1) ?? 0) - first + 1);
  days.forEach((day, k) => {
    const month = monthIndex(day) - first;
    sums[month] = (sums[month] ?? 0) + (amounts[k] ?? 0);
  });
  return sums.subarray(1, -1);
};

const monthSums = (series: Series, months: number, perMonth: number): MonthSums | undefined => {
  if (months < 4 || perMonth <= 1.15 || perMonth > 6) return undefined;
  const sums = innerMonthSums(series);
  const paid = sums.filter((sum) => sum > 0);
  if (paid.length < 2 || (paid.length + 2) / months < 0.8) return undefined;
  return logSpread(paid) < 0.3 ? { kind: 'month-sum', periodDays: 30.4 } : undefined;
};

const quarterly = (days: Int32Array, gaps: Float64Array, middleGap: number): Schedule | undefined => {
  if (middleGap < 80 || middleGap > 102) return undefined;
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  return variance < 15 * 15 ? everyQuarter(days, middleGap) : undefined;
};

const isTax = (stream: string): boolean => /(^|[_/])tax(es)?($|[_/])/.test(stream);

/** Payments of the last so many periods without one: the stream has ended. */
const DEAD_PERIODS = 1.7;

/**
 * The rhythm of a stream, by the gaps between its payments and the days of the month they fall on; undefined where it keeps
 * none. Thresholds are judgements: loose enough for weekends, holidays and raises, tight enough to leave card bills out.
 */
export const cadenceOf = (series: Series): Cadence | undefined => {
  const { days, amounts, stream, sign } = series;
  const count = days.length;
  const tax = sign < 0 && (count >= 2 || (count === 1 && isTax(stream))) ? onTaxDays(days) : undefined;
  if (tax !== undefined) return tax;
  if (count < PAYMENTS_MIN) return undefined;
  const gaps = gapsOf(days);
  const middleGap = medianOf(gaps.toSorted());
  const spread = logSpread(amounts);
  const months = monthIndex(days.at(-1) ?? 0) - monthIndex(days[0] ?? 0) + 1;
  const perMonth = count / months;
  const steady = spread < 0.35 ? (weekly(days, gaps, middleGap) ?? biweekly(days, gaps)) : undefined;
  if (steady !== undefined) return steady;
  const ofMonth =
    spread >= 0.45
      ? undefined
      : perMonth >= 0.75 && perMonth <= 1.15
        ? monthly(days, 4)
        : perMonth >= 1.5 && perMonth <= 2.3
          ? semiMonthly(days, 3)
          : undefined;
  return ofMonth ?? monthSums(series, months, perMonth) ?? quarterly(days, gaps, middleGap);
};

/** Whether the stream has missed so much that it is taken for ended. */
export const isDead = ({ days }: Series, { periodDays }: Cadence, today: number): boolean =>
  today - (days.at(-1) ?? 0) > DEAD_PERIODS * periodDays;
