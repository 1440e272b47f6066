import { type DayAggregate, foldDay } from '../../shared/aggregate/day.ts';
import { foldMonth } from '../../shared/aggregate/month.ts';
import { foldPlan, foldReview } from '../../shared/aggregate/plan.ts';
import { foldStatements, type StatementsAggregate } from '../../shared/aggregate/statements.ts';
import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import type { Overview, StateStore } from '../../shared/aws/state-store.ts';
import { atMost } from '../../shared/concurrency/at-most.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { Subject } from '../../shared/event/statement.ts';
import { type Bucket, bucketKey } from '../../shared/ledger/bucket.ts';
import { type DateRange, dayBuckets } from '../../shared/ledger/range.ts';
import type { BucketRow } from '../../shared/ledger/row.ts';
import { monthOf } from '../../shared/time/civil-date.ts';

const CONCURRENCY = 32;

/** State as it would have been: made from the ledger, of what was known by then. */
export type PastState = Pick<StateStore, 'overview' | 'daysOfMonth' | 'statements'>;

/**
 * Folds what the ledger knew by an instant, of the days of a range, as State would hold it. A correction that came later has not
 * happened yet: neither what it says nor what it takes back. Plan, review and what sources stated have no end of range, for they
 * speak of days to come.
 * @param known whether a row was recorded by then.
 * @param stated months in which anything was stated of a subject.
 */
export const pastState = async (
  ledger: Pick<LedgerStore, 'bucketRows'>,
  settings: TenantSettings,
  range: DateRange,
  known: (row: BucketRow) => boolean,
  stated: (subject: Subject) => Promise<readonly string[]>,
): Promise<PastState> => {
  const { tenant } = settings;
  const read = async (bucket: Bucket): Promise<readonly BucketRow[]> =>
    (await ledger.bucketRows(bucketKey(bucket))).filter(known);
  const days = new Map<string, DayAggregate[]>();
  await atMost(CONCURRENCY, dayBuckets(settings, range), async (bucket) => {
    const rows = await read(bucket);
    if (bucket.kind !== 'day' || rows.length === 0) return;
    const month = monthOf(bucket.date);
    days.set(month, [...(days.get(month) ?? []), foldDay(bucket.date, bucket.slice, rows)]);
  });
  for (const [month, unordered] of days)
    days.set(
      month,
      unordered.sort((a, b) => (a.date === b.date ? a.slice - b.slice : a.date < b.date ? -1 : 1)),
    );
  const [plan, review] = [await read({ kind: 'plan', tenant }), await read({ kind: 'review', tenant })];
  const overview: Overview = {
    months: [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([month, of]) => foldMonth(month, of)),
    plan: plan.length > 0 ? foldPlan(plan) : undefined,
    review: review.length > 0 ? foldReview(review) : undefined,
  };
  return {
    overview: async () => overview,
    daysOfMonth: async (_tenant, month) => days.get(month) ?? [],
    statements: async <Of extends Subject>(_tenant: string, subject: Of, months?: readonly string[]) => {
      const wanted = (await stated(subject)).filter(
        (month) => months === undefined || months.includes(month),
      );
      const folded: StatementsAggregate<Of>[] = [];
      await atMost(CONCURRENCY, wanted, async (month) => {
        const rows = await read({ kind: 'statements', tenant, subject, month });
        if (rows.length > 0) folded.push(foldStatements(subject, month, rows) as StatementsAggregate<Of>);
      });
      return folded.sort((a, b) => (a.month < b.month ? -1 : 1));
    },
  };
};
