import type { TenantSettings } from '../contract/tenant.ts';
import type { Subject } from '../event/statement.ts';
import { addDays, type CivilDate, daysBetween, monthOf } from '../time/civil-date.ts';
import type { Bucket } from './bucket.ts';

export interface DateRange {
  readonly from: CivilDate;
  readonly to: CivilDate;
}

/** A record, so that none can be forgotten. */
const NAMED: Readonly<Record<Subject, true>> = {
  commitment: true,
  payout: true,
  subscription: true,
  invoice: true,
  payment: true,
  cost: true,
  credit_lot: true,
  usage: true,
  rate: true,
  balance: true,
  feed: true,
};
/** Every subject there is. */
export const SUBJECTS = Object.keys(NAMED) as readonly Subject[];

export const datesOf = ({ from, to }: DateRange): readonly CivilDate[] =>
  Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) => addDays(from, index));

/** The months that a range touches, ascending. */
export const monthsOf = (range: DateRange): readonly string[] => [...new Set(datesOf(range).map(monthOf))];

/** The buckets of every day of a range, whether or not anything is in them. */
export const dayBuckets = (
  { tenant, slices }: Pick<TenantSettings, 'tenant' | 'slices'>,
  range: DateRange,
): readonly Bucket[] =>
  datesOf(range).flatMap((date) =>
    Array.from({ length: slices }, (_, slice): Bucket => ({ kind: 'day', tenant, date, slice })),
  );

/** Every bucket that could hold rows of these days; and the plan and the review list, which have none. */
export const bucketsOf = (
  settings: Pick<TenantSettings, 'tenant' | 'slices'>,
  range: DateRange,
): readonly Bucket[] => {
  const { tenant } = settings;
  return [
    ...dayBuckets(settings, range),
    ...monthsOf(range).flatMap((month) =>
      SUBJECTS.map((subject): Bucket => ({ kind: 'statements', tenant, subject, month })),
    ),
    { kind: 'plan', tenant },
    { kind: 'review', tenant },
  ];
};
