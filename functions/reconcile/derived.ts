import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { DateRange } from '../../shared/ledger/range.ts';
import type { BucketRow } from '../../shared/ledger/row.ts';
import { type Currency, currency as currencyOf } from '../../shared/money/currency.ts';
import { minorOf } from '../../shared/money/money.ts';
import type { StateDifference } from '../../shared/reconciliation/report.ts';
import { type Tolerance, verdictOf } from '../../shared/reconciliation/tolerance.ts';
import { type RebuildDeps, rebuild } from '../settle/rebuild.ts';

/** The stream has what is older. */
const IN_FLIGHT_MS = 10 * 60_000;
/** What the stream mends when it comes; it never leaves other figures of the same rows. */
const MAY_FOLLOW: readonly string[] = ['missing', 'behind'];

export interface DerivedComparison {
  readonly differences: readonly StateDifference[];
  readonly reasons: readonly string[];
  readonly attention: readonly string[];
}

const off = (differences: readonly StateDifference[]): ReadonlyMap<Currency, bigint> => {
  const sums = new Map<Currency, bigint>();
  for (const { bucket, accounts } of differences)
    for (const each of bucket.startsWith('month') ? [] : accounts) {
      const currency = currencyOf(each.currency);
      if (currency === undefined) continue;
      const gap = (minorOf(each.stored, currency) ?? 0n) - (minorOf(each.ledger, currency) ?? 0n);
      sums.set(currency, (sums.get(currency) ?? 0n) + (gap < 0n ? -gap : gap));
    }
  return sums;
};

/** Holds derived State against the ledger: they must be one and the same, but for what the stream is just bringing. */
export const compareDerived = async (
  deps: Pick<RebuildDeps, 'state'> & { readonly read: (bucket: string) => Promise<readonly BucketRow[]> },
  settings: TenantSettings,
  range: DateRange,
  tolerance: Tolerance,
  nowMs: number,
): Promise<DerivedComparison> => {
  const ledger = { bucketRows: deps.read };
  const { differences } = await rebuild(
    { ledger, state: deps.state, patience: async () => undefined },
    settings,
    range,
    false,
  );
  const settled: StateDifference[] = [];
  for (const { healed: _, ...difference } of differences) {
    if (!MAY_FOLLOW.includes(difference.deviation)) {
      settled.push(difference);
      continue;
    }
    const rows = difference.bucket.startsWith('month') ? [] : await deps.read(difference.bucket);
    const newest = Math.max(0, ...rows.map(({ recordedAt }) => Date.parse(recordedAt)));
    if (nowMs - newest > IN_FLIGHT_MS) settled.push(difference);
  }
  const buckets = settled.filter(({ bucket }) => !bucket.startsWith('month'));
  /** A roll-up that alone differs follows days which are still on their way. */
  if (buckets.length === 0 && settled.length < differences.length)
    return { differences: [], reasons: [], attention: [] };
  const names = settled.map(({ bucket, deviation }) => `${bucket} (${deviation})`);
  const where = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
  const beyond = [...off(buckets)].flatMap(([currency, unexplained]) =>
    verdictOf(unexplained, 0n, currency, tolerance).beyond ? [currency] : [],
  );
  const sentence = `derived state differs from the ledger: ${where}; capstack rebuild heals it`;
  return {
    differences: settled,
    reasons: beyond.length > 0 ? [sentence] : [],
    attention: beyond.length === 0 && settled.length > 0 ? [sentence] : [],
  };
};
