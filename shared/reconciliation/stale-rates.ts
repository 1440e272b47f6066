import type { Currency } from '../money/currency.ts';
import { type CivilDate, daysBetween } from '../time/civil-date.ts';

/** A published exchange rate, as far as its age matters. */
export interface DatedRate {
  readonly base: string;
  readonly currency: string;
  readonly date: CivilDate;
}

/** From Maundy Thursday to the Tuesday after Easter nobody publishes. */
const RATE_AGE_DAYS_MAX = 5;

/** What to say of held currencies whose latest rate is too old to value them, where rates are told at all. */
export const staleRates = (
  held: readonly Currency[],
  base: Currency,
  rates: readonly DatedRate[],
  today: CivilDate,
): readonly string[] => {
  if (rates.length === 0) return [];
  return held
    .filter((currency) => currency !== base)
    .flatMap((currency) => {
      const latest = rates
        .filter((rate) => rate.base === currency || rate.currency === currency)
        .map(({ date }) => date)
        .sort()
        .at(-1);
      if (latest === undefined) return [`${currency} is held, and no rate of it is known`];
      const age = daysBetween(latest, today);
      return age > RATE_AGE_DAYS_MAX
        ? [`the rate of ${currency} is ${age} days old: the latest known is of ${latest}`]
        : [];
    });
};
