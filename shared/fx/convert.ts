import { type Currency, exponentOf } from '../money/currency.ts';
import { dividedBy } from '../money/half-even.ts';
import type { Minor } from '../money/money.ts';
import type { CivilDate } from '../time/civil-date.ts';
import { type RateBook, rateOn } from './rates.ts';

/** Why an amount has no value: no rate of this currency holds on this day. */
export interface NoRate {
  readonly currency: string;
  readonly date: CivilDate;
}

/** A positive decimal as a fraction, exactly. */
const fraction = (decimal: string): readonly [numerator: bigint, denominator: bigint] => {
  const [whole = '', decimals = ''] = decimal.split('.');
  return [BigInt(whole + decimals), 10n ** BigInt(decimals.length)];
};

/**
 * What an amount is worth in another currency by the reference rates of a day: across the euro with every digit that was
 * published, and rounded once, at the end.
 */
export const converted = (
  book: RateBook,
  amountMinor: Minor,
  from: Currency,
  to: Currency,
  date: CivilDate,
): Minor | NoRate => {
  if (from === to || amountMinor === 0n) return amountMinor;
  const [given, wanted] = [rateOn(book, from, date), rateOn(book, to, date)];
  if (given === undefined) return { currency: from, date };
  if (wanted === undefined) return { currency: to, date };
  const [givenNumerator, givenDenominator] = fraction(given.rate);
  const [wantedNumerator, wantedDenominator] = fraction(wanted.rate);
  return dividedBy(
    amountMinor * wantedNumerator * givenDenominator * 10n ** BigInt(exponentOf(to)),
    givenNumerator * wantedDenominator * 10n ** BigInt(exponentOf(from)),
  );
};
