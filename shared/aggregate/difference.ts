import { documentOf } from '../canonical/document.ts';
import type { Bucket } from '../ledger/bucket.ts';
import type { BucketRow } from '../ledger/row.ts';
import { decimalOf } from '../money/money.ts';
import { type AccountDelta, foldDay } from './day.ts';
import { type MonthAggregate, sumAccounts } from './month.ts';
import { foldPlan, foldReview } from './plan.ts';
import { foldStatements } from './statements.ts';

/** As much of an aggregate as comparing needs. */
export interface Reading {
  readonly rows: number;
  readonly rowsHash: string;
  /** Of days only. */
  readonly accounts?: readonly AccountDelta[];
}

/**
 * How a stored aggregate differs from the ledger: it is not there, lacks rows, names rows that do not exist, or says
 * something else of the same rows.
 */
export type Deviation = 'missing' | 'behind' | 'ahead' | 'altered';

/** An account that the stored aggregate and the ledger count differently; decimal amounts of the bucket. */
export interface AccountDifference {
  readonly account: string;
  readonly currency: string;
  readonly stored: string;
  readonly ledger: string;
}

export interface Difference {
  readonly deviation: Deviation;
  readonly stored_rows: number;
  readonly ledger_rows: number;
  readonly accounts: readonly AccountDifference[];
}

/** What the ledger says of a bucket. */
export const foldBucket = (bucket: Bucket, rows: readonly BucketRow[]): Reading => {
  switch (bucket.kind) {
    case 'day':
      return foldDay(bucket.date, bucket.slice, rows);
    case 'plan':
      return foldPlan(rows);
    case 'review':
      return foldReview(rows);
    case 'statements':
      return foldStatements(bucket.subject, bucket.month, rows);
  }
};

const accountDifferences = (
  stored: readonly AccountDelta[],
  ledger: readonly AccountDelta[],
): readonly AccountDifference[] => {
  const sums = new Map<string, { delta: AccountDelta; storedMinor: bigint; ledgerMinor: bigint }>();
  const add = (deltas: readonly AccountDelta[], side: 'storedMinor' | 'ledgerMinor'): void => {
    for (const delta of sumAccounts(deltas)) {
      const key = `${delta.account}|${delta.currency}`;
      const sum = sums.get(key) ?? { delta, storedMinor: 0n, ledgerMinor: 0n };
      sums.set(key, { ...sum, [side]: sum[side] + delta.deltaMinor });
    }
  };
  add(stored, 'storedMinor');
  add(ledger, 'ledgerMinor');
  return [...sums.values()]
    .filter(({ storedMinor, ledgerMinor }) => storedMinor !== ledgerMinor)
    .map(({ delta: { account, currency }, storedMinor, ledgerMinor }) => ({
      account,
      currency,
      stored: decimalOf(storedMinor, currency),
      ledger: decimalOf(ledgerMinor, currency),
    }));
};

/** How what is stored of a bucket differs from what the ledger says; undefined where it does not. */
export const differenceOf = (stored: Reading | undefined, ledger: Reading): Difference | undefined => {
  if (stored === undefined ? ledger.rows === 0 : documentOf(stored) === documentOf(ledger)) return undefined;
  const deviation = (): Deviation => {
    if (stored === undefined) return 'missing';
    if (stored.rowsHash === ledger.rowsHash) return 'altered';
    return stored.rows < ledger.rows ? 'behind' : 'ahead';
  };
  return {
    deviation: deviation(),
    stored_rows: stored?.rows ?? 0,
    ledger_rows: ledger.rows,
    accounts: accountDifferences(stored?.accounts ?? [], ledger.accounts ?? []),
  };
};

/** The same of a month's roll-up, whose rows are those of its days. */
export const monthDifferenceOf = (
  stored: MonthAggregate | undefined,
  rolled: MonthAggregate,
): Difference | undefined => {
  const reading = ({ daysHash, ...month }: MonthAggregate): Reading => ({ ...month, rowsHash: daysHash });
  return differenceOf(stored && reading(stored), reading(rolled));
};
