import type { Currency } from '../money/currency.ts';
import { decimalOf, type Minor } from '../money/money.ts';
import { addDays, type CivilDate } from '../time/civil-date.ts';
import { type Tolerance, verdictOf } from './tolerance.ts';

/** What whoever holds the money says is there, at the end of a day. */
export interface StatedBalance {
  readonly account: string;
  readonly date: CivilDate;
  readonly currency: Currency;
  readonly amountMinor: Minor;
  /** What may be on its way between the two sides; beside the tolerance. */
  readonly inFlightMinor?: Minor;
}

export interface BalanceComparison {
  readonly account: string;
  readonly date: CivilDate;
  readonly currency: Currency;
  readonly stated: string;
  readonly counted: string;
  /** Stated less counted, after what is in flight. */
  readonly difference: string;
  readonly in_flight: string;
  readonly tolerance: string;
  readonly variance_ratio: number;
  readonly beyond: boolean;
}

const absolute = (amount: Minor): Minor => (amount < 0n ? -amount : amount);

/** Days by which a line may be booked apart from the balance that holds it: the evening's, and the morning's after. */
const TIMING = [0, -1, 1] as const;

/** @param countedAt the ledger's balance of the account at the end of a day. */
export const compareBalance = (
  stated: StatedBalance,
  countedAt: (date: CivilDate) => Minor,
  tolerance: Tolerance,
): BalanceComparison => {
  const { account, date, currency, amountMinor, inFlightMinor = 0n } = stated;
  const counted = TIMING.map((days) => countedAt(addDays(date, days)));
  const best = counted.reduce((closest, each) =>
    absolute(amountMinor - each) < absolute(amountMinor - closest) ? each : closest,
  );
  const gap = amountMinor - best;
  const left = absolute(gap) - absolute(inFlightMinor);
  const differenceMinor = left <= 0n ? 0n : gap < 0n ? -left : left;
  const verdict = verdictOf(differenceMinor, amountMinor, currency, tolerance);
  const text = (amount: Minor): string => decimalOf(amount, currency);
  return {
    account,
    date,
    currency,
    stated: text(amountMinor),
    counted: text(best),
    difference: text(differenceMinor),
    in_flight: text(absolute(inFlightMinor)),
    tolerance: text(verdict.toleranceMinor),
    variance_ratio: verdict.ratio,
    beyond: verdict.beyond,
  };
};

/**
 * Where an account first went wrong: after the last day on which both sides agreed, by the first on which they did not.
 * Undefined where they agree at the end.
 */
export const brokenWithin = (
  comparisons: readonly BalanceComparison[],
): { readonly after: CivilDate | null; readonly by: CivilDate } | undefined => {
  const ordered = [...comparisons].sort((a, b) => (a.date < b.date ? -1 : 1));
  if (ordered.at(-1)?.beyond !== true) return undefined;
  const lastGood = ordered.findLastIndex(({ beyond }) => !beyond);
  const first = ordered[lastGood + 1];
  return first && { after: ordered[lastGood]?.date ?? null, by: first.date };
};
