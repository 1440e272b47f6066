import { effectiveFacts } from '../../shared/aggregate/day.ts';
import { atMost } from '../../shared/concurrency/at-most.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { bucketKey } from '../../shared/ledger/bucket.ts';
import { type DateRange, dayBuckets } from '../../shared/ledger/range.ts';
import type { BucketRow } from '../../shared/ledger/row.ts';
import type { ToldFact } from '../../shared/reconciliation/repeats.ts';
import { accountingDay } from '../../shared/runway/accounting.ts';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';

/** Stripe may restate what is pending, and a bank what it posted, for about a month. */
export const WINDOW_DAYS = 35;
const CONCURRENCY = 16;

type ReadBucket = (bucket: string) => Promise<readonly BucketRow[]>;

/** Reads each bucket once, however many ask for it. */
export const once = (read: ReadBucket): ReadBucket => {
  const known = new Map<string, Promise<readonly BucketRow[]>>();
  return (bucket) => {
    const reading = known.get(bucket) ?? read(bucket);
    known.set(bucket, reading);
    return reading;
  };
};

/** The days that are compared: the last weeks, and tomorrow, which has begun somewhere already. */
export const windowOf = (
  settings: TenantSettings,
  nowMs: number,
): DateRange & { readonly today: CivilDate } => {
  const today = accountingDay(settings, nowMs);
  return { from: addDays(today, -WINDOW_DAYS), to: addDays(today, 1), today };
};

/** Cash that counts on these days, with the delivery that told it; in the order in which it was recorded. */
export const toldWithin = async (
  read: ReadBucket,
  settings: TenantSettings,
  range: DateRange,
): Promise<readonly ToldFact[]> => {
  const told: (ToldFact & { readonly recordedAt: string })[] = [];
  await atMost(CONCURRENCY, dayBuckets(settings, range), async (bucket) => {
    for (const { fact, delivery, recordedAt } of effectiveFacts(await read(bucketKey(bucket))))
      if (fact.kind === 'cash') told.push({ fact, delivery, recordedAt });
  });
  return told.sort((a, b) =>
    a.recordedAt === b.recordedAt ? (a.fact.key < b.fact.key ? -1 : 1) : a.recordedAt < b.recordedAt ? -1 : 1,
  );
};
