/** Foreign money in the base currency, as far as there are rates; what has none is named. */
import type { AccountDelta, CategoryFlow, DayAggregate } from '../aggregate/day.ts';
import type { ExpectedPayment } from '../cash/count-once.ts';
import { FX_CONVERSION } from '../event/category.ts';
import { converted } from '../fx/convert.ts';
import { type Change, type Holding, holding } from '../fx/holding.ts';
import { lastRate, type RateBook } from '../fx/rates.ts';
import type { ForeignCash } from '../model/structural/rates.ts';
import { type Currency, currency as currencyOf } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import type { CivilDate } from '../time/civil-date.ts';

/** Money that is held and has no value yet. */
export interface Unvalued {
  readonly currency: Currency;
  readonly amountMinor: Minor;
  /** Day of the last rate there is, too old to be used. */
  readonly lastRate?: CivilDate;
}

/** Days of which a currency's movements are in no pattern, because they have no value. */
export interface UnvaluedDays {
  readonly currency: string;
  readonly days: number;
  readonly first: CivilDate;
  readonly last: CivilDate;
}

export interface Valuer {
  readonly base: Currency;
  readonly book: RateBook;
  readonly asOf: CivilDate;
}

/** Flows in the base currency; foreign are those that were in another. */
export type ValuedDay = Omit<DayAggregate, 'flows'> & { readonly flows: readonly ValuedFlow[] };
export type ValuedFlow = CategoryFlow & { readonly isForeign?: true };

/** The same days with flows in the base currency, each by the rates of its own day. */
export const valuedDays = (
  days: readonly DayAggregate[],
  { base, book }: Valuer,
): { readonly days: readonly ValuedDay[]; readonly unvalued: readonly UnvaluedDays[] } => {
  const missing: { currency: string; date: CivilDate }[] = [];
  const valued = days.map((day) => {
    if (day.flows.every(({ currency }) => currency === base)) return day;
    const flows = day.flows.flatMap((flow): ValuedFlow[] => {
      if (flow.currency === base) return [flow];
      const worth = (amountMinor: Minor) => converted(book, amountMinor, flow.currency, base, day.date);
      const [inflowMinor, outflowMinor] = [worth(flow.inflowMinor), worth(flow.outflowMinor)];
      if (typeof inflowMinor === 'bigint' && typeof outflowMinor === 'bigint')
        return [{ ...flow, currency: base, inflowMinor, outflowMinor, isForeign: true }];
      missing.push({ currency: flow.currency, date: day.date });
      return [];
    });
    return { ...day, flows };
  });
  const unvalued = [...Map.groupBy(missing, ({ currency }) => currency)].map(([currency, of]) => {
    const dates = [...new Set(of.map(({ date }) => date))].sort();
    const [first] = dates;
    const last = dates.at(-1);
    return first && last ? [{ currency, days: dates.length, first, last }] : [];
  });
  return { days: valued, unvalued: unvalued.flat().sort((a, b) => (a.currency < b.currency ? -1 : 1)) };
};

/** What these amounts are worth today, and those that have no rate. */
export const worthOf = (
  amounts: Iterable<readonly [Currency, Minor]>,
  { base, book, asOf }: Valuer,
): { readonly totalMinor: Minor; readonly unvalued: readonly Unvalued[] } => {
  let totalMinor = 0n;
  const unvalued: Unvalued[] = [];
  for (const [currency, amountMinor] of amounts) {
    const worth = converted(book, amountMinor, currency, base, asOf);
    const last = lastRate(book, currency, asOf)?.date;
    if (typeof worth === 'bigint') totalMinor += worth;
    else unvalued.push({ currency, amountMinor, ...(last !== undefined && { lastRate: last }) });
  }
  return { totalMinor, unvalued };
};

/** The foreign money among these amounts, as far as it has a worth. */
export const foreignCash = (
  amounts: Iterable<readonly [Currency, Minor]>,
  valuer: Valuer,
): readonly ForeignCash[] =>
  [...amounts]
    .filter(([currency, amountMinor]) => currency !== valuer.base && amountMinor !== 0n)
    .map(([currency, amountMinor]) => {
      const worthMinor = worthOf([[currency, amountMinor]], valuer).totalMinor;
      return { currency, amountMinor, worthMinor };
    })
    .filter(({ worthMinor }) => worthMinor !== 0n)
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));

/** Payments to come in the base currency, by today's rates; those without a rate stay as they are. */
export const valuedExpected = (
  expected: readonly ExpectedPayment[],
  { base, book, asOf }: Valuer,
): readonly ExpectedPayment[] =>
  expected.map((each) => {
    const told = currencyOf(each.currency);
    const worth = told && converted(book, each.amountMinor, told, base, asOf);
    if (typeof worth !== 'bigint') return each;
    return {
      ...each,
      currency: base,
      amountMinor: worth,
      ...(told !== base && { isForeign: true as const }),
    };
  });

export interface ExchangeGains {
  /** Foreign money held, with what rates did to it; none of a currency of which a day has no rate. */
  readonly holdings: readonly Holding[];
  /** What exchanging money between own accounts brought (cost: negative) against the reference rates of the days. */
  readonly settledMinor: Minor;
}

/** @param moved between places besides the days; it has no day of its own. */
export const exchangeGains = (
  days: readonly DayAggregate[],
  moved: readonly AccountDelta[],
  valued: readonly ValuedDay[],
  { base, book, asOf }: Valuer,
): ExchangeGains => {
  const changes = new Map<Currency, Change[]>();
  const add = (date: CivilDate, { currency, deltaMinor }: AccountDelta): void => {
    if (currency === base) return;
    const known = changes.get(currency) ?? [];
    known.push({ date, amountMinor: deltaMinor });
    changes.set(currency, known);
  };
  for (const { date, accounts } of days) for (const delta of accounts) add(date, delta);
  for (const delta of moved) add(asOf, delta);
  const holdings = [...changes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, of]) => holding(book, currency, base, of, asOf))
    .filter((each): each is Holding => 'heldMinor' in each);
  const exchanged = valued.flatMap(({ flows }) => flows.filter(({ category }) => category === FX_CONVERSION));
  return {
    holdings,
    settledMinor: exchanged.reduce((sum, each) => sum + each.inflowMinor - each.outflowMinor, 0n),
  };
};
