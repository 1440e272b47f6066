/** What the rates have done to foreign money that was held: gained on what has left, and on what is still there. */
import type { Currency } from '../money/currency.ts';
import { dividedBy } from '../money/half-even.ts';
import type { Minor } from '../money/money.ts';
import type { CivilDate } from '../time/civil-date.ts';
import { converted, type NoRate } from './convert.ts';
import type { RateBook } from './rates.ts';

/** What came into (or left) a currency on a day. */
export interface Change {
  readonly date: CivilDate;
  readonly amountMinor: Minor;
}

/** Amounts in the base currency but for `heldMinor`, which is in its own. */
export interface Holding {
  readonly currency: Currency;
  readonly heldMinor: Minor;
  /** By today's rate. */
  readonly valueMinor: Minor;
  /** What it was worth when it came, on average. */
  readonly bookMinor: Minor;
  /** Gained (lost: negative) between coming and leaving, by the rates of the two days, on all that has left. */
  readonly realisedMinor: Minor;
  /** Gained on what is still held. */
  readonly unrealisedMinor: Minor;
}

interface Position {
  readonly heldMinor: Minor;
  readonly bookMinor: Minor;
  readonly realisedMinor: Minor;
}

const NOTHING: Position = { heldMinor: 0n, bookMinor: 0n, realisedMinor: 0n };

const sizeOf = (amountMinor: Minor): Minor => (amountMinor < 0n ? -amountMinor : amountMinor);

/** @param worthMinor of the change, in the base currency, with its sign. */
const after = (position: Position, changeMinor: Minor, worthMinor: Minor): Position => {
  const { heldMinor, bookMinor, realisedMinor } = position;
  if (changeMinor === 0n) return position;
  if (heldMinor === 0n || heldMinor > 0n === changeMinor > 0n)
    return { heldMinor: heldMinor + changeMinor, bookMinor: bookMinor + worthMinor, realisedMinor };
  const [held, change] = [sizeOf(heldMinor), sizeOf(changeMinor)];
  if (change > held) {
    // More leaves than was there: it empties the place first, and is owed from then on.
    const emptying = dividedBy(worthMinor * held, change);
    const emptied = after(position, -heldMinor, emptying);
    return after(emptied, changeMinor + heldMinor, worthMinor - emptying);
  }
  const costMinor = dividedBy(bookMinor * change, held);
  return {
    heldMinor: heldMinor + changeMinor,
    bookMinor: bookMinor - costMinor,
    realisedMinor: realisedMinor - worthMinor - costMinor,
  };
};

/**
 * Follows one currency from its first day at average cost. To the minor unit, the value is the sum of what each change was
 * worth on its day and of both gains.
 * @param changes in any order.
 */
export const holding = (
  book: RateBook,
  currency: Currency,
  base: Currency,
  changes: readonly Change[],
  asOf: CivilDate,
): Holding | NoRate => {
  const byDay = [...Map.groupBy(changes, ({ date }) => date)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, of]) => ({ date, amountMinor: of.reduce((sum, each) => sum + each.amountMinor, 0n) }));
  let position = NOTHING;
  for (const { date, amountMinor } of byDay) {
    const worth = converted(book, amountMinor, currency, base, date);
    if (typeof worth !== 'bigint') return worth;
    position = after(position, amountMinor, worth);
  }
  const { heldMinor, bookMinor, realisedMinor } = position;
  const valueMinor = converted(book, heldMinor, currency, base, asOf);
  if (typeof valueMinor !== 'bigint') return valueMinor;
  return {
    currency,
    heldMinor,
    valueMinor,
    bookMinor,
    realisedMinor,
    unrealisedMinor: valueMinor - bookMinor,
  };
};
