import { foldDay } from '../../shared/aggregate/day.ts';
import { foldMonth } from '../../shared/aggregate/month.ts';
import { foldPlan, foldReview } from '../../shared/aggregate/plan.ts';
import { rowNames } from '../../shared/aggregate/reading.ts';
import { foldStatements } from '../../shared/aggregate/statements.ts';
import { type DaysRead, rememberDays } from '../../shared/aws/live-view.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import { atMost } from '../../shared/concurrency/at-most.ts';
import { type Bucket, parseBucketKey } from '../../shared/ledger/bucket.ts';
import type { BucketRow } from '../../shared/ledger/row.ts';
import { monthOf } from '../../shared/time/civil-date.ts';

export interface AggregateDeps {
  readonly ledger: { readonly bucketRows: (bucket: string) => Promise<readonly BucketRow[]> };
  readonly state: StateStore;
  /** What a forecast has read of days; a roll-up that has just read them spares it to read them again. */
  readonly daysRead?: DaysRead;
}

/** Another writer may roll a month up at the same time; each attempt re-reads, and only a newer reading wins. */
const ROLLUP_ATTEMPTS = 8;

/** Buckets or months at a time: an import touches hundreds, and requests that queue for a connection time out. */
const CONCURRENCY = 16;

/**
 * Re-reads one bucket, adds the rows just seen (the index may lag behind the stream) and stores its fold.
 * @param replacing hash of the stored reading that may go though it names rows that this one did not see.
 */
export const refold = async (
  deps: AggregateDeps,
  bucket: Bucket,
  key: string,
  seen: readonly BucketRow[],
  replacing?: string,
): Promise<boolean> => {
  const rows = new Map<string, BucketRow>();
  for (const row of [...(await deps.ledger.bucketRows(key)), ...seen]) rows.set(`${row.pk}|${row.sk}`, row);
  const all = [...rows.values()];
  const names = rowNames(all);
  switch (bucket.kind) {
    case 'day':
      return deps.state.putDay(bucket.tenant, foldDay(bucket.date, bucket.slice, all), names, replacing);
    case 'plan':
      return deps.state.putPlan(bucket.tenant, foldPlan(all), names, replacing);
    case 'review':
      return deps.state.putReview(bucket.tenant, foldReview(all), names, replacing);
    case 'statements':
      return deps.state.putStatements(
        bucket.tenant,
        foldStatements(bucket.subject, bucket.month, all),
        names,
        replacing,
      );
  }
};

/** Rolls the days of a month up. @param replacing as with `refold`. */
export const rollUp = async (
  deps: Pick<AggregateDeps, 'state' | 'daysRead'>,
  tenant: string,
  month: string,
  replacing?: string,
): Promise<void> => {
  for (let attempt = 0; attempt < ROLLUP_ATTEMPTS; attempt++) {
    const days = await deps.state.daysOfMonth(tenant, month);
    const rolledUp = foldMonth(month, days);
    if (!(await deps.state.putMonth(tenant, rolledUp, replacing))) continue;
    // Only of months that a forecast has asked for: an import touches many that none looks at.
    if (deps.daysRead?.has(`${tenant}|${month}`)) rememberDays(deps.daysRead, tenant, rolledUp, days);
    return;
  }
  throw new Error(`month ${month} of ${tenant} kept changing while it was rolled up`);
};

export interface Refolded {
  /** Tenants whose derived state may have changed. */
  readonly tenants: ReadonlySet<string>;
  /** Buckets whose reading was older than what is stored: their rows must be delivered again. */
  readonly stale: ReadonlySet<string>;
}

/**
 * Brings the aggregates of every bucket named by `seen` up to the ledger, and their months after them. Idempotent: any
 * batch may be cut anew, repeated or replayed.
 */
export const refoldBuckets = async (deps: AggregateDeps, seen: readonly BucketRow[]): Promise<Refolded> => {
  const byBucket = Map.groupBy(seen, (row) => row.bucket);
  const tenants = new Set<string>();
  const stale = new Set<string>();
  const months = new Map<string, { tenant: string; month: string }>();
  await atMost(CONCURRENCY, [...byBucket], async ([key, rows]) => {
    const bucket = parseBucketKey(key);
    tenants.add(bucket.tenant);
    if (!(await refold(deps, bucket, key, rows))) stale.add(key);
    else if (bucket.kind === 'day') {
      const month = monthOf(bucket.date);
      months.set(`${bucket.tenant}|${month}`, { tenant: bucket.tenant, month });
    }
  });
  await atMost(CONCURRENCY, [...months.values()], ({ tenant, month }) => rollUp(deps, tenant, month));
  return { tenants, stale };
};
