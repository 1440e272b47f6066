import type { Currency } from '../money/currency.ts';
import { decimalOf, type Minor } from '../money/money.ts';
import type { CivilDate } from '../time/civil-date.ts';
import { type Tolerance, verdictOf } from './tolerance.ts';

/** One movement, as the source states it or as the ledger counts it. */
export interface Item {
  /** Same on both sides. */
  readonly id: string;
  readonly date: CivilDate;
  readonly currency: Currency;
  readonly amountMinor: Minor;
  /** Not due on the other side yet: too young, or counted at an estimate so far. */
  readonly inFlight: boolean;
}

/** What is wrong with one item; amounts are decimal, null on the side that lacks it. */
export interface Finding {
  readonly id: string;
  readonly date: CivilDate;
  readonly stated: string | null;
  readonly counted: string | null;
}

/** One currency of one source, item by item. */
export interface ItemComparison {
  readonly currency: Currency;
  readonly stated_items: number;
  readonly counted_items: number;
  /** Stated by the source, not in the ledger. */
  readonly missing: readonly Finding[];
  /** In the ledger, unknown to the source. */
  readonly extra: readonly Finding[];
  readonly different: readonly Finding[];
  readonly in_flight: number;
  /** Days of which the source states items and the ledger has none at all. */
  readonly missing_days: readonly CivilDate[];
  /** Sum of the absolute differences, so that two errors do not hide each other. */
  readonly unexplained: string;
  readonly stated_volume: string;
  readonly tolerance: string;
  readonly variance_ratio: number;
  readonly beyond: boolean;
}

const absolute = (amount: Minor): Minor => (amount < 0n ? -amount : amount);
const sum = (amounts: Iterable<Minor>): Minor => {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
};

const byDay = (a: Finding, b: Finding): number =>
  a.date === b.date ? (a.id < b.id ? -1 : 1) : a.date < b.date ? -1 : 1;

const compareCurrency = (
  currency: Currency,
  stated: readonly Item[],
  counted: readonly Item[],
  tolerance: Tolerance,
): ItemComparison => {
  const text = (amount: Minor): string => decimalOf(amount, currency);
  const books = new Map(counted.map((item) => [item.id, item]));
  const source = new Map(stated.map((item) => [item.id, item]));
  const missing: Finding[] = [];
  const extra: Finding[] = [];
  const different: Finding[] = [];
  const unexplained: Minor[] = [];
  let inFlight = 0;
  const note = (list: Finding[], { id, date }: Item, mine?: Item, theirs?: Item): void => {
    list.push({
      id,
      date,
      stated: theirs ? text(theirs.amountMinor) : null,
      counted: mine ? text(mine.amountMinor) : null,
    });
    unexplained.push(absolute((theirs?.amountMinor ?? 0n) - (mine?.amountMinor ?? 0n)));
  };
  for (const theirs of stated) {
    const mine = books.get(theirs.id);
    if (mine === undefined ? theirs.inFlight : mine.inFlight) inFlight += 1;
    else if (mine === undefined) note(missing, theirs, undefined, theirs);
    else if (mine.amountMinor !== theirs.amountMinor || mine.date !== theirs.date)
      note(different, theirs, mine, theirs);
  }
  for (const mine of counted)
    if (!source.has(mine.id)) {
      if (mine.inFlight) inFlight += 1;
      else note(extra, mine, mine);
    }
  const daysCounted = new Set(counted.map(({ date }) => date));
  const volume = sum(stated.map(({ amountMinor }) => absolute(amountMinor)));
  const total = sum(unexplained);
  const verdict = verdictOf(total, volume, currency, tolerance);
  return {
    currency,
    stated_items: stated.length,
    counted_items: counted.length,
    missing: missing.sort(byDay),
    extra: extra.sort(byDay),
    different: different.sort(byDay),
    in_flight: inFlight,
    missing_days: [...new Set(missing.map(({ date }) => date))].filter((date) => !daysCounted.has(date)),
    unexplained: text(total),
    stated_volume: text(volume),
    tolerance: text(verdict.toleranceMinor),
    variance_ratio: verdict.ratio,
    beyond: verdict.beyond,
  };
};

/** Compares what a source states with what the ledger counts, item by item and currency by currency. */
export const compareItems = (
  stated: readonly Item[],
  counted: readonly Item[],
  tolerance: Tolerance,
): readonly ItemComparison[] => {
  const of = (items: readonly Item[], currency: Currency): readonly Item[] =>
    items.filter((item) => item.currency === currency);
  return [...new Set([...stated, ...counted].map(({ currency }) => currency))]
    .sort()
    .map((currency) => compareCurrency(currency, of(stated, currency), of(counted, currency), tolerance));
};
