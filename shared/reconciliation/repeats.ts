import type { CashFact } from '../event/fact.ts';
import { type CivilDate, daysBetween } from '../time/civil-date.ts';

/** A fact and the delivery that told it. */
export interface ToldFact {
  readonly fact: CashFact;
  /** pk of the delivery row. */
  readonly delivery: string;
}

/** Rows of one delivery that another told before: day by day the same amounts, under other names. */
export interface Repeat {
  readonly delivery: string;
  readonly repeats: string;
  readonly accounts: readonly string[];
  readonly rows: number;
  readonly of: number;
  readonly from: CivilDate;
  readonly to: CivilDate;
}

/** Two months of rent and wages look alike too: so few rows prove nothing. */
const ROWS_MIN = 5;
const SHARE_MIN = 0.8;
/** A payroll that is told every fortnight is no copy of itself. */
const SPAN_DAYS_MIN = 2;

const signature = ({ date, currency, lines }: CashFact): string =>
  `${date}|${currency}|${lines.reduce((sum, line) => sum + line.amountMinor, 0n)}`;

const counted = (facts: readonly CashFact[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const fact of facts) counts.set(signature(fact), (counts.get(signature(fact)) ?? 0) + 1);
  return counts;
};

const shared = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number =>
  [...a].reduce((sum, [key, count]) => sum + Math.min(count, b.get(key) ?? 0), 0);

/**
 * Files that were taken in twice under different names: nearly all rows of one delivery are also in another, on the same days
 * and of the same amounts. Files that overlap under the same names leave no second fact, so they are not seen here.
 */
export const repeatedDeliveries = (told: readonly ToldFact[]): readonly Repeat[] => {
  const groups = [...Map.groupBy(told, ({ delivery }) => delivery)]
    .map(([delivery, rows]) => ({ delivery, facts: rows.map(({ fact }) => fact) }))
    .filter(({ facts }) => facts.length >= ROWS_MIN)
    .map((group) => ({ ...group, counts: counted(group.facts) }));
  const repeats: Repeat[] = [];
  groups.forEach((later, index) => {
    for (const earlier of groups.slice(0, index)) {
      const [small, large] = later.facts.length <= earlier.facts.length ? [later, earlier] : [earlier, later];
      const rows = shared(small.counts, large.counts);
      const dates = small.facts.map(({ date }) => date).sort();
      const [from, to] = [dates[0], dates.at(-1)];
      if (rows < ROWS_MIN || rows < SHARE_MIN * small.facts.length) continue;
      if (from === undefined || to === undefined || daysBetween(from, to) < SPAN_DAYS_MIN) continue;
      const accounts = [...new Set([...small.facts, ...large.facts].map(({ account }) => account))].sort();
      repeats.push({
        delivery: later.delivery,
        repeats: earlier.delivery,
        accounts,
        rows,
        of: small.facts.length,
        from,
        to,
      });
    }
  });
  return repeats;
};

export const repeatSentence = ({ delivery, repeats, accounts, rows, of, from, to }: Repeat): string =>
  `${delivery} looks like ${repeats} taken in again: ${rows} of ${of} rows from ${from} to ${to} are on the same days and of the same amounts, in ${accounts.join(' and ')}`;
