import {
  type Difference,
  differenceOf,
  foldBucket,
  monthDifferenceOf,
  type Reading,
} from '../../shared/aggregate/difference.ts';
import { foldMonth } from '../../shared/aggregate/month.ts';
import { atMost } from '../../shared/concurrency/at-most.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { type Bucket, bucketKey } from '../../shared/ledger/bucket.ts';
import { bucketsOf, type DateRange, monthsOf } from '../../shared/ledger/range.ts';
import { type AggregateDeps, refold, rollUp } from '../forecast/aggregate.ts';

/** A bucket, or a month's roll-up, of which State said something else than the ledger. */
export interface FoundDifference extends Difference {
  /** Index key of the bucket; `month 2026-01` of a roll-up. */
  readonly bucket: string;
  readonly healed: boolean;
}

export interface Rebuilt {
  readonly tenant: string;
  readonly from: string;
  readonly to: string;
  /** Buckets looked at, empty ones among them. */
  readonly buckets: number;
  /** Ledger rows in them. */
  readonly rows: number;
  readonly differences: readonly FoundDifference[];
}

export interface RebuildDeps extends AggregateDeps {
  /** Resolves after as long as the bucket index may lag behind the table. */
  readonly patience: () => Promise<void>;
}

/** Buckets read at a time. */
const CONCURRENCY = 16;

type Stored = (bucket: Bucket) => Reading | undefined;

/** Everything that State holds of these days, read once. */
const readStored = async (
  { state }: AggregateDeps,
  { tenant }: TenantSettings,
  range: DateRange,
  buckets: readonly Bucket[],
): Promise<{
  readonly of: Stored;
  readonly months: Awaited<ReturnType<typeof state.overview>>['months'];
}> => {
  const months = monthsOf(range);
  const subjects = [
    ...new Set(buckets.flatMap((bucket) => (bucket.kind === 'statements' ? bucket.subject : []))),
  ];
  const [{ months: rollUps, plan, review }, days, statements] = await Promise.all([
    state.overview(tenant),
    Promise.all(months.map((month) => state.daysOfMonth(tenant, month))),
    Promise.all(subjects.map((subject) => state.statements(tenant, subject, months))),
  ]);
  const readings = new Map<string, Reading>();
  const put = (bucket: Bucket, aggregate: Reading | undefined): void => {
    if (aggregate !== undefined) readings.set(bucketKey(bucket), aggregate);
  };
  for (const day of days.flat()) put({ kind: 'day', tenant, date: day.date, slice: day.slice }, day);
  for (const each of statements.flat())
    put({ kind: 'statements', tenant, subject: each.subject, month: each.month }, each);
  put({ kind: 'plan', tenant }, plan);
  put({ kind: 'review', tenant }, review);
  return { of: (bucket) => readings.get(bucketKey(bucket)), months: rollUps };
};

/** Compares the roll-ups of these months with the days as State holds them now, and rolls up anew what differs. */
const settleMonths = async (
  deps: AggregateDeps,
  { tenant }: TenantSettings,
  range: DateRange,
  stored: Awaited<ReturnType<typeof readStored>>['months'],
  heal: boolean,
): Promise<readonly FoundDifference[]> => {
  const found: FoundDifference[] = [];
  await atMost(CONCURRENCY, monthsOf(range), async (month) => {
    const days = await deps.state.daysOfMonth(tenant, month);
    const before = stored.find((each) => each.month === month);
    if (days.length === 0) return;
    const difference = monthDifferenceOf(before, foldMonth(month, days));
    if (difference === undefined) return;
    if (heal) await rollUp(deps, tenant, month, before?.daysHash);
    found.push({ bucket: `month ${month}`, ...difference, healed: heal });
  });
  return found;
};

/**
 * Folds buckets anew, as the stream does. A stored reading that names rows the ledger does not show goes only after a while,
 * and only if nobody wrote it anew meanwhile: until then the index may merely lag.
 * @returns keys of what could not be healed.
 */
const heal = async (
  deps: RebuildDeps,
  stored: Stored,
  buckets: readonly Bucket[],
): Promise<ReadonlySet<string>> => {
  const attempt = async (tried: readonly Bucket[], replacing: boolean): Promise<readonly Bucket[]> => {
    const refused: Bucket[] = [];
    await atMost(CONCURRENCY, tried, async (bucket) => {
      const hash = replacing ? stored(bucket)?.rowsHash : undefined;
      if (!(await refold(deps, bucket, bucketKey(bucket), [], hash))) refused.push(bucket);
    });
    return refused;
  };
  const refused = await attempt(buckets, false);
  if (refused.length === 0) return new Set();
  await deps.patience();
  return new Set((await attempt(refused, true)).map(bucketKey));
};

/**
 * Recomputes every bucket of these days from the ledger, says where State told something else, and mends it where asked to.
 * Nothing is ever added to what is stored: what differs is folded anew.
 */
export const rebuild = async (
  deps: RebuildDeps,
  settings: TenantSettings,
  range: DateRange,
  healing: boolean,
): Promise<Rebuilt> => {
  const buckets = bucketsOf(settings, range);
  const stored = await readStored(deps, settings, range, buckets);
  const found: { readonly bucket: Bucket; readonly difference: Difference }[] = [];
  let rows = 0;
  await atMost(CONCURRENCY, buckets, async (bucket) => {
    const read = await deps.ledger.bucketRows(bucketKey(bucket));
    rows += read.length;
    const difference = differenceOf(stored.of(bucket), foldBucket(bucket, read));
    if (difference !== undefined) found.push({ bucket, difference });
  });
  const unhealed = healing
    ? await heal(
        deps,
        stored.of,
        found.map(({ bucket }) => bucket),
      )
    : undefined;
  const differences = found.map(({ bucket, difference }): FoundDifference => {
    const key = bucketKey(bucket);
    return { bucket: key, ...difference, healed: unhealed !== undefined && !unhealed.has(key) };
  });
  const months = await settleMonths(deps, settings, range, stored.months, healing);
  return {
    tenant: settings.tenant,
    ...range,
    buckets: buckets.length,
    rows,
    differences: [...differences, ...months].sort((a, b) => (a.bucket < b.bucket ? -1 : 1)),
  };
};
