import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import type { CashFact } from '../event/fact.ts';
import type { BucketRow, FactRow } from '../ledger/row.ts';
import type { Currency } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import type { CivilDate } from '../time/civil-date.ts';

/** External money of one category and currency on one day. `outflow` is positive. */
export interface CategoryFlow {
  readonly currency: Currency;
  readonly category: string;
  readonly inflowMinor: Minor;
  readonly outflowMinor: Minor;
  readonly outflowCount: number;
}

/** What one own account gained (or lost) in one currency. */
export interface AccountDelta {
  readonly account: string;
  readonly currency: Currency;
  readonly deltaMinor: Minor;
}

/** One bucket of a day, folded. A pure function of the set of its rows, whatever order they came in. */
export interface DayAggregate {
  readonly date: CivilDate;
  readonly slice: number;
  /** Rows in the bucket, reversals included: grows with the ledger, so a smaller number proves a stale read. */
  readonly rows: number;
  /** Hash of the set of rows; equal row counts with different hashes prove a stale read too. */
  readonly rowsHash: string;
  readonly accounts: readonly AccountDelta[];
  readonly flows: readonly CategoryFlow[];
  /** Cash facts still counted at their gross estimate. */
  readonly estimatedCount: number;
  /** Latest `recordedAt` per source. */
  readonly latest: Readonly<Record<string, string>>;
}

const EXTERNAL = 'external';

/** Fact rows whose revision has not been reversed in this bucket, in key order. */
export const effectiveFacts = (rows: readonly BucketRow[]): readonly FactRow[] => {
  const reversed = new Set<string>();
  for (const row of rows) if (row.kind === 'reversal') reversed.add(`${row.pk}|${row.reverses}`);
  return rows
    .filter((row): row is FactRow => row.kind === 'fact' && !reversed.has(`${row.pk}|${row.sk}`))
    .sort((a, b) => (a.pk < b.pk ? -1 : 1));
};

const addFlow = (
  flows: Map<string, CategoryFlow>,
  fact: CashFact,
  category: string,
  amountMinor: Minor,
): void => {
  const key = `${fact.currency}|${category}`;
  const flow = flows.get(key);
  flows.set(key, {
    currency: fact.currency,
    category,
    inflowMinor: (flow?.inflowMinor ?? 0n) + (amountMinor > 0n ? amountMinor : 0n),
    outflowMinor: (flow?.outflowMinor ?? 0n) + (amountMinor < 0n ? -amountMinor : 0n),
    outflowCount: (flow?.outflowCount ?? 0) + (amountMinor < 0n ? 1 : 0),
  });
};

const addDelta = (
  accounts: Map<string, AccountDelta>,
  account: string,
  currency: Currency,
  deltaMinor: Minor,
): void => {
  const key = `${account}|${currency}`;
  accounts.set(key, { account, currency, deltaMinor: (accounts.get(key)?.deltaMinor ?? 0n) + deltaMinor });
};

const sortedValues = <Value>(map: Map<string, Value>): readonly Value[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);

/** Folds the rows of one day bucket. Conservation: the account deltas sum to the external flows, per currency. */
export const foldDay = (date: CivilDate, slice: number, rows: readonly BucketRow[]): DayAggregate => {
  const accounts = new Map<string, AccountDelta>();
  const flows = new Map<string, CategoryFlow>();
  let estimatedCount = 0;
  for (const { fact } of effectiveFacts(rows)) {
    /** What moves nothing leaves no trace: neither an account nor a first day of the ledger. */
    if (fact.kind !== 'cash' || fact.lines.every(({ amountMinor }) => amountMinor === 0n)) continue;
    const total = fact.lines.reduce((sum, line) => sum + line.amountMinor, 0n);
    addDelta(accounts, fact.account, fact.currency, total);
    if (fact.counterAccount === EXTERNAL)
      for (const line of fact.lines) addFlow(flows, fact, line.category, line.amountMinor);
    else addDelta(accounts, fact.counterAccount, fact.currency, -total);
    if (fact.estimated) estimatedCount += 1;
  }
  return {
    date,
    slice,
    rows: rows.length,
    rowsHash: hashRows(rows),
    accounts: sortedValues(accounts),
    flows: sortedValues(flows),
    estimatedCount,
    latest: latestBySource(rows),
  };
};

/** Hash of a set of rows by identity. */
export const hashRows = (rows: readonly BucketRow[]): string =>
  sha256Of(canonicalJson(rows.map((row) => `${row.pk}|${row.sk}`).sort()));

const latestBySource = (rows: readonly BucketRow[]): Readonly<Record<string, string>> => {
  const latest: Record<string, string> = {};
  for (const row of rows) {
    if (row.kind !== 'fact') continue;
    const { source } = row.fact;
    if (row.recordedAt > (latest[source] ?? '')) latest[source] = row.recordedAt;
  }
  return latest;
};
