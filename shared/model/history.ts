import { Decimal } from 'decimal.js';
import type { Currency } from '../money/currency.ts';
import { decimalOf, type Minor } from '../money/money.ts';
import { addDays, type CivilDate, daysBetween } from '../time/civil-date.ts';

/** What one stream moved on a day; amounts are positive, in minor units. */
export interface StreamFlow {
  /** A category, or `category/payee` where it is known who was paid. */
  readonly stream: string;
  readonly inflowMinor: Minor;
  readonly outflowMinor: Minor;
  readonly inflowCount: number;
  readonly outflowCount: number;
  /** What of both was foreign money, by the rates of the day. */
  readonly foreignMinor?: Minor;
}

/** What moved on one closed day; `outflowMinor` is positive, `netMinor` is inflow less outflow. */
export interface HistoryDay {
  readonly date: CivilDate;
  readonly netMinor: Minor;
  readonly inflowMinor: Minor;
  readonly outflowMinor: Minor;
  readonly outflowCount: number;
  /** The same by stream, each once, as far as it is known; what they leave of the day has no name. */
  readonly streams?: readonly StreamFlow[];
  /** Money raised on that day (given back: negative), in none of the above, and so in no pattern. */
  readonly fundingMinor?: Minor;
}

/** The last whole weeks of the ledger, at most a year of them, one number a day. */
export interface HistoryWindow {
  readonly firstDate: CivilDate;
  /** Oldest first, ending on the day of the forecast; the length is a multiple of 7. */
  readonly netMinor: readonly Minor[];
  readonly outflowMinor: Minor;
  readonly outflowCount: number;
}

/** A whole year of weeks, so that no season counts twice. */
const WINDOW_DAYS_MAX = 364;
/** A quarter and six payments: below that the level of spending is a guess. */
export const HISTORY_DAYS_MIN = 91;
export const OUTFLOWS_MIN = 6;
/** Days of one block: payroll, rent and subscriptions all recur within it. */
export const BLOCK_DAYS = 28;

/**
 * Cuts the window that ends on `through`; days absent from `days` moved nothing, days after it are not history.
 * @param from first day of the ledger where that was before the first of `days`
 */
export const historyWindow = (
  days: readonly HistoryDay[],
  through: CivilDate,
  from?: CivilDate,
): HistoryWindow => {
  let first = from ?? addDays(through, 1);
  for (const { date } of days) if (date < first) first = date;
  const spanDays = Math.max(0, daysBetween(first, through) + 1);
  const length = Math.min(WINDOW_DAYS_MAX, Math.floor(spanDays / 7) * 7);
  const firstDate = addDays(through, 1 - length);
  const netMinor = Array.from({ length }, () => 0n);
  let outflowMinor = 0n;
  let outflowCount = 0;
  for (const day of days) {
    const index = daysBetween(firstDate, day.date);
    const before = netMinor[index];
    if (before === undefined) continue;
    netMinor[index] = before + day.netMinor;
    outflowMinor += day.outflowMinor;
    outflowCount += day.outflowCount;
  }
  return { firstDate, netMinor, outflowMinor, outflowCount };
};

/** Why the window carries no forecast; empty where it does. */
export const shortcomings = ({ netMinor, outflowCount }: HistoryWindow): readonly string[] => {
  if (netMinor.length < HISTORY_DAYS_MIN)
    return [`the ledger covers ${netMinor.length} days in whole weeks: a forecast needs ${HISTORY_DAYS_MIN}`];
  if (outflowCount < OUTFLOWS_MIN)
    return [
      `the last ${netMinor.length} days of the ledger show ${outflowCount} payments: a forecast needs ${OUTFLOWS_MIN}`,
    ];
  return [];
};

const sampleVariance = (values: readonly Decimal[]): Decimal => {
  if (values.length < 2) return new Decimal(0);
  const mean = values.reduce((sum, value) => sum.plus(value), new Decimal(0)).dividedBy(values.length);
  return values
    .reduce((sum, value) => sum.plus(value.minus(mean).pow(2)), new Decimal(0))
    .dividedBy(values.length - 1);
};

const decimals = (values: readonly Minor[]): readonly Decimal[] =>
  values.map((value) => new Decimal(value.toString()));

/** How far the average day may lie from the one observed: a Student-t of this spread, in minor units a day. */
export interface LevelUncertainty {
  readonly stdMinor: number;
  readonly df: number;
}

/**
 * Long-run variance of the net flow per day, from sums over blocks of 28 days: payroll comes twice a month, so single days
 * would overstate it.
 */
const longRunVariance = (window: HistoryWindow): Decimal => {
  const sums: Minor[] = [];
  for (let end = window.netMinor.length; end >= BLOCK_DAYS; end -= BLOCK_DAYS)
    sums.push(window.netMinor.slice(end - BLOCK_DAYS, end).reduce((sum, day) => sum + day, 0n));
  return sampleVariance(decimals(sums)).dividedBy(BLOCK_DAYS);
};

/** Spread of the daily level as the window shows it: its long-run variance, over as many days as the window holds. */
export const levelUncertainty = (window: HistoryWindow): LevelUncertainty => {
  const days = window.netMinor.length;
  return {
    stdMinor: longRunVariance(window).dividedBy(days).sqrt().toNumber(),
    df: Math.max(3, days / BLOCK_DAYS - 1),
  };
};

/** Daily averages over the window, in the currency's decimals, half-even; burn is positive when cash shrinks. */
export interface Burn {
  readonly netDailyMean: string;
  /** Standard deviation of a day's net flow (divisor n - 1). */
  readonly netDailyStd: string;
  /** Square root of the long-run variance per day: what is left when days of payroll and rent are not taken for noise. */
  readonly longRunDailyStd: string;
  /** Money out alone. */
  readonly grossDailyMean: string;
}

export const burnOf = (window: HistoryWindow, currency: Currency): Burn => {
  const days = window.netMinor.length;
  const stated = (minor: Decimal): string =>
    decimalOf(BigInt(minor.toFixed(0, Decimal.ROUND_HALF_EVEN)), currency);
  const netMinor = window.netMinor.reduce((sum, day) => sum + day, 0n);
  return {
    netDailyMean: stated(new Decimal((-netMinor).toString()).dividedBy(days)),
    netDailyStd: stated(sampleVariance(decimals(window.netMinor)).sqrt()),
    longRunDailyStd: stated(longRunVariance(window).sqrt()),
    grossDailyMean: stated(new Decimal(window.outflowMinor.toString()).dividedBy(days)),
  };
};
