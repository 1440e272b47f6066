import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import { OPENING_BALANCE } from '../event/category.ts';
import type { Minor } from '../money/money.ts';
import { addDays, type CivilDate } from '../time/civil-date.ts';
import type { AccountDelta, DayAggregate } from './day.ts';

/** The days of one month, rolled up: enough for balances and freshness, so that only recent months are read by day. */
export interface MonthAggregate {
  /** `YYYY-MM` */
  readonly month: string;
  readonly rows: number;
  /** Hash of the days beneath; unchanged means a reader's copy of those days is still good. */
  readonly daysHash: string;
  /**
   * First day of which money is told: that after an opening balance which stands alone. Absent where every fact of the month
   * was corrected into another.
   */
  readonly firstDate?: string;
  readonly accounts: readonly AccountDelta[];
  readonly estimatedCount: number;
  readonly latest: Readonly<Record<string, string>>;
}

/** Sums account deltas by account, currency and source, in key order. */
export const sumAccounts = (deltas: Iterable<AccountDelta>): readonly AccountDelta[] => {
  const sums = new Map<string, AccountDelta>();
  for (const delta of deltas) {
    const key = `${delta.account}|${delta.currency}|${delta.source}`;
    const before: Minor = sums.get(key)?.deltaMinor ?? 0n;
    sums.set(key, { ...delta, deltaMinor: before + delta.deltaMinor });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
};

/** Latest instant per source over several of these records. */
export const mergeLatest = (records: Iterable<Readonly<Record<string, string>>>): Record<string, string> => {
  const latest: Record<string, string> = {};
  for (const record of records)
    for (const [source, at] of Object.entries(record)) if (at > (latest[source] ?? '')) latest[source] = at;
  return latest;
};

/** An opening balance is what there was at the end of its day, so what it opens begins on the next. */
const beginsOn = ({ date, flows }: DayAggregate): CivilDate =>
  flows.length > 0 && flows.every(({ category }) => category === OPENING_BALANCE) ? addDays(date, 1) : date;

/** Rolls up every day aggregate of one month. @throws Error when there is none. */
export const foldMonth = (month: string, days: readonly DayAggregate[]): MonthAggregate => {
  if (days.length === 0) throw new Error(`month ${month} has no days to roll up`);
  /** A day without rows is what a rebuild leaves of one that was made up. */
  const ordered = days
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => (a.date === b.date ? a.slice - b.slice : a.date < b.date ? -1 : 1));
  const [firstDate] = ordered
    .filter(({ accounts }) => accounts.length > 0)
    .map(beginsOn)
    .sort();
  return {
    month,
    rows: ordered.reduce((sum, day) => sum + day.rows, 0),
    daysHash: sha256Of(canonicalJson(ordered.map((day) => [day.date, day.slice, day.rowsHash]))),
    ...(firstDate !== undefined && { firstDate }),
    accounts: sumAccounts(ordered.flatMap((day) => day.accounts)),
    estimatedCount: ordered.reduce((sum, day) => sum + day.estimatedCount, 0),
    latest: mergeLatest(ordered.map((day) => day.latest)),
  };
};
