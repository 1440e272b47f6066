/** Dated reference rates: what one euro is worth in other currencies, as published. */
import type { Statement } from '../event/statement.ts';
import { addDays, type CivilDate, daysBetween } from '../time/civil-date.ts';

/** The currency that reference rates are stated against. */
export const REFERENCE = 'EUR';

/** What one euro is worth in a currency on a day, and who says so. */
export interface DatedRate {
  readonly currency: string;
  readonly date: CivilDate;
  /** Decimal, as published. */
  readonly rate: string;
  readonly source: string;
}

/** Rates by currency, the oldest first. */
export type RateBook = ReadonlyMap<string, readonly DatedRate[]>;

/** Nothing is published on weekends and holidays; over Easter that is four days. Older than this, a rate says nothing. */
export const MAX_AGE_DAYS = 7;

/** Currencies that the euro replaced, at the rate fixed for ever on the day it did. */
const REPLACED: Readonly<Record<string, { readonly from: CivilDate; readonly rate: string }>> = {
  EEK: { from: '2011-01-01' as CivilDate, rate: '15.6466' },
  LVL: { from: '2014-01-01' as CivilDate, rate: '0.702804' },
  LTL: { from: '2015-01-01' as CivilDate, rate: '3.45280' },
  HRK: { from: '2023-01-01' as CivilDate, rate: '7.53450' },
  BGN: { from: '2026-01-01' as CivilDate, rate: '1.95583' },
};

/** Reads what was stated of rates; what is not stated against the euro is left out. */
export const rateBook = (statements: readonly Statement<'rate'>[]): RateBook => {
  const rates = statements
    .filter(({ body }) => body.base === REFERENCE)
    .map(({ date, source, body: { currency, rate } }) => ({ currency, date, rate, source }))
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  return Map.groupBy(rates, ({ currency }) => currency);
};

/** The last rate at or before a day, however old. */
export const lastRate = (book: RateBook, currency: string, date: CivilDate): DatedRate | undefined => {
  const rates = book.get(currency) ?? [];
  let [low, high] = [0, rates.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rates[middle]?.date ?? '') <= date) low = middle + 1;
    else high = middle;
  }
  return rates[low - 1];
};

/** The rate that holds on a day: of that day, or the last one before it while that is not too old. */
export const rateOn = (book: RateBook, currency: string, date: CivilDate): DatedRate | undefined => {
  if (currency === REFERENCE) return { currency, date, rate: '1', source: REFERENCE };
  const replaced = REPLACED[currency];
  if (replaced !== undefined && date >= replaced.from)
    return { currency, date: replaced.from, rate: replaced.rate, source: 'fixed' };
  const rate = lastRate(book, currency, date);
  return rate !== undefined && daysBetween(rate.date, date) <= MAX_AGE_DAYS ? rate : undefined;
};

/** First day whose rates are needed to value a day. */
export const firstRateDay = (date: CivilDate): CivilDate => addDays(date, -MAX_AGE_DAYS);
