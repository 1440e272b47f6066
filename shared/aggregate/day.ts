import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import { EXTERNAL, STRIPE_TRANSIT } from '../event/account.ts';
import { payeeOf } from '../event/category.ts';
import type { CashFact } from '../event/fact.ts';
import { isMatched, tellerOf } from '../event/source.ts';
import type { BucketRow, FactRow } from '../ledger/row.ts';
import type { Currency } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import type { CivilDate } from '../time/civil-date.ts';

/**
 * External money of one category and currency on one account, as one source told it, on one day: what came in, and what went
 * out to payees that are not known or not kept, or to one payee. `outflow` is positive.
 */
export interface CategoryFlow {
  readonly currency: Currency;
  readonly category: string;
  /** Who was paid, as a stable name; only the largest payees of a bucket are kept apart. */
  readonly payee?: string;
  readonly account: string;
  readonly source: string;
  readonly inflowMinor: Minor;
  readonly outflowMinor: Minor;
  readonly inflowCount: number;
  readonly outflowCount: number;
}

/** What one own account gained (or lost) in one currency, as one source told it. */
export interface AccountDelta {
  readonly account: string;
  readonly currency: Currency;
  readonly source: string;
  readonly deltaMinor: Minor;
}

/**
 * A line told by a bank, or by who takes money from one: it may prove to be the other end of something that is told
 * elsewhere too, which no single day can know.
 */
export interface Movement
  extends Pick<
    CashFact,
    'key' | 'source' | 'account' | 'counterAccount' | 'currency' | 'lines' | 'description' | 'counterparty'
  > {
  /** What the bank repeats of the sender's own reference. */
  readonly reference?: string;
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
  /**
   * All of what banks and payers told, and the Stripe side of payouts, in key order; what they moved is in `accounts` and
   * `flows` as well.
   */
  readonly movements: readonly Movement[];
  /** Cash facts still counted at their gross estimate. */
  readonly estimatedCount: number;
  /** Latest `recordedAt` per source. */
  readonly latest: Readonly<Record<string, string>>;
}

/** Fact rows whose revision has not been reversed in this bucket, in key order. */
export const effectiveFacts = (rows: readonly BucketRow[]): readonly FactRow[] => {
  const reversed = new Set<string>();
  for (const row of rows) if (row.kind === 'reversal') reversed.add(`${row.pk}|${row.reverses}`);
  return rows
    .filter((row): row is FactRow => row.kind === 'fact' && !reversed.has(`${row.pk}|${row.sk}`))
    .sort((a, b) => (a.pk < b.pk ? -1 : 1));
};

/** Payees that a bucket keeps apart: enough for who is paid regularly, and no more on a day of a million card payments. */
const PAYEES_MAX = 64;

const flowKey = ({ currency, category, account, source, payee }: CategoryFlow): string =>
  `${currency}|${category}|${account}|${source}|${payee ?? ''}`;

const addFlow = (flows: Map<string, CategoryFlow>, flow: CategoryFlow): void => {
  const key = flowKey(flow);
  const before = flows.get(key);
  flows.set(key, {
    ...flow,
    inflowMinor: (before?.inflowMinor ?? 0n) + flow.inflowMinor,
    outflowMinor: (before?.outflowMinor ?? 0n) + flow.outflowMinor,
    inflowCount: (before?.inflowCount ?? 0) + flow.inflowCount,
    outflowCount: (before?.outflowCount ?? 0) + flow.outflowCount,
  });
};

const flowOf = (told: Movement, { category, amountMinor }: Movement['lines'][number]): CategoryFlow => {
  const out = amountMinor < 0n;
  const payee = out ? payeeOf(told.counterparty) : '';
  return {
    currency: told.currency,
    category,
    ...(payee !== '' && { payee }),
    account: told.account,
    source: tellerOf(told),
    inflowMinor: out ? 0n : amountMinor,
    outflowMinor: out ? -amountMinor : 0n,
    inflowCount: amountMinor > 0n ? 1 : 0,
    outflowCount: out ? 1 : 0,
  };
};

/** The flows with at most `PAYEES_MAX` payees: those who got most. */
const boundedPayees = (flows: Map<string, CategoryFlow>): Map<string, CategoryFlow> => {
  const paid = [...flows].filter(([, { payee }]) => payee !== undefined);
  if (paid.length <= PAYEES_MAX) return flows;
  const small = paid
    .sort(([a, { outflowMinor: x }], [b, { outflowMinor: y }]) =>
      x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1,
    )
    .slice(PAYEES_MAX);
  const bounded = new Map(flows);
  for (const [key, { payee: _payee, ...flow }] of small) {
    bounded.delete(key);
    addFlow(bounded, flow);
  }
  return bounded;
};

const addDelta = (
  accounts: Map<string, AccountDelta>,
  account: string,
  told: Movement,
  deltaMinor: Minor,
): void => {
  const { currency } = told;
  const source = tellerOf(told);
  const key = `${account}|${currency}|${source}`;
  const before = accounts.get(key)?.deltaMinor ?? 0n;
  accounts.set(key, { account, currency, source, deltaMinor: before + deltaMinor });
};

const sortedValues = <Value>(map: Map<string, Value>): readonly Value[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);

/** What these movements did. Conservation: the account deltas sum to the external flows, per currency. */
export const tally = (movements: Iterable<Movement>): Pick<DayAggregate, 'accounts' | 'flows'> => {
  const accounts = new Map<string, AccountDelta>();
  const flows = new Map<string, CategoryFlow>();
  for (const told of movements) {
    const total = totalOf(told);
    addDelta(accounts, told.account, told, total);
    if (told.counterAccount === EXTERNAL) for (const line of told.lines) addFlow(flows, flowOf(told, line));
    else addDelta(accounts, told.counterAccount, told, -total);
  }
  return { accounts: sortedValues(accounts), flows: sortedValues(boundedPayees(flows)) };
};

export const totalOf = ({ lines }: Pick<CashFact, 'lines'>): Minor =>
  lines.reduce((sum, line) => sum + line.amountMinor, 0n);

const movementOf = (fact: CashFact): Movement => {
  const { key, source, account, counterAccount, currency, lines, description, counterparty } = fact;
  const reference = fact.metadata?.['reference'];
  return {
    key,
    source,
    account,
    counterAccount,
    currency,
    lines,
    ...(description !== undefined && { description }),
    ...(counterparty !== undefined && { counterparty }),
    ...(reference !== undefined && { reference }),
  };
};

/** Folds the rows of one day bucket. */
export const foldDay = (date: CivilDate, slice: number, rows: readonly BucketRow[]): DayAggregate => {
  const facts = effectiveFacts(rows).flatMap(({ fact }) =>
    /** What moves nothing leaves no trace: neither an account nor a first day of the ledger. */
    fact.kind === 'cash' && fact.lines.some(({ amountMinor }) => amountMinor !== 0n) ? [fact] : [],
  );
  return {
    date,
    slice,
    rows: rows.length,
    rowsHash: hashRows(rows),
    ...tally(facts),
    movements: facts
      .filter((fact) => isMatched(tellerOf(fact)) || fact.counterAccount === STRIPE_TRANSIT)
      .map((fact) => movementOf(fact)),
    estimatedCount: facts.filter(({ estimated }) => estimated).length,
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
