import { effectiveFacts } from '../../shared/aggregate/day.ts';
import type { CashFact } from '../../shared/event/fact.ts';
import type { BucketRow } from '../../shared/ledger/row.ts';
import { CSV, isNamedById, type StatementFact } from '../../shared/providers/csv/facts.ts';
import type { Statement } from '../../shared/providers/csv/request.ts';
import type { CivilDate } from '../../shared/time/civil-date.ts';

/** All rows of one bucket of a day. */
export interface DayRows {
  readonly date: CivilDate;
  readonly rows: readonly BucketRow[];
}

/** The account's rows that earlier files told, out of the rows of whole days. */
export const knownOf = (account: string, days: readonly DayRows[]): readonly CashFact[] =>
  days
    .flatMap(({ rows }) => effectiveFacts(rows))
    .map(({ fact }) => fact)
    .filter(
      (fact): fact is CashFact =>
        fact.kind === 'cash' &&
        fact.source === CSV &&
        fact.account === account &&
        fact.key.startsWith(`${CSV}:`),
    )
    .sort((a, b) => (a.date === b.date ? (a.key < b.key ? -1 : 1) : a.date < b.date ? -1 : 1));

/** Rows that the ledger holds and a file that is complete for their day does not. Nothing follows by itself from them. */
export const missingFrom = (
  { coverage }: Statement,
  facts: readonly StatementFact[],
  known: readonly CashFact[],
): readonly CashFact[] => {
  const told = new Set(facts.map(({ fact }) => fact.key));
  const partial = new Set(coverage.partialDays);
  return known.filter(
    ({ key, date }) => date >= coverage.from && date <= coverage.to && !partial.has(date) && !told.has(key),
  );
};

/**
 * Whether the days that a file shares with earlier ones were named in another way: by the bank's ids there and by content
 * here, or the reverse. Every row would count twice.
 */
export const namedOtherwise = (
  { account }: Statement,
  facts: readonly StatementFact[],
  known: readonly CashFact[],
): boolean => {
  const namedByIds = (of: readonly CashFact[]): ReadonlySet<boolean> =>
    new Set(of.map(({ key }) => isNamedById(key, account)));
  const days = Map.groupBy(known, ({ date }) => date);
  const told = Map.groupBy(
    facts.map(({ fact }) => fact),
    ({ date }) => date,
  );
  return [...told].some(([date, now]) => {
    const before = namedByIds(days.get(date) ?? []);
    const after = namedByIds(now);
    return before.size === 1 && after.size === 1 && [...before][0] !== [...after][0];
  });
};
