/** A ledger and all that is derived from it, without a pipeline in between: fast enough for thousands of orders. */
import { type DayAggregate, foldDay } from '../../shared/aggregate/day.ts';
import { foldMonth } from '../../shared/aggregate/month.ts';
import { foldPlan, foldReview } from '../../shared/aggregate/plan.ts';
import { foldStatements, type StatementsAggregate } from '../../shared/aggregate/statements.ts';
import { documentOf } from '../../shared/canonical/document.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { Fact } from '../../shared/event/fact.ts';
import type { Subject } from '../../shared/event/statement.ts';
import { decideAppend } from '../../shared/ledger/append.ts';
import { parseBucketKey } from '../../shared/ledger/bucket.ts';
import { type BucketRow, factRowKey, type LedgerRow, type Provenance } from '../../shared/ledger/row.ts';
import { type LedgerView, ledgerView } from '../../shared/runway/ledger-view.ts';
import { type CivilDate, monthOf } from '../../shared/time/civil-date.ts';
import { usd } from './rows.ts';
import { provenance } from './settings.ts';

/** What one delivery, or one fetched document, tells of one tenant. */
export interface Telling {
  readonly name: string;
  readonly settings: TenantSettings;
  readonly facts: readonly Fact[];
}

const PROVENANCES = new Map<TenantSettings, Provenance>();
const provenanceOf = (settings: TenantSettings): Provenance => {
  const known = PROVENANCES.get(settings) ?? provenance(settings);
  PROVENANCES.set(settings, known);
  return known;
};

/** The rows that a ledger holds after hearing these tellings in this order. */
export const heard = (tellings: readonly Telling[]): readonly LedgerRow[] => {
  const byKey = new Map<string, LedgerRow[]>();
  for (const { settings, facts } of tellings)
    for (const fact of facts) {
      const key = factRowKey(settings.tenant, fact.key);
      const stored = byKey.get(key) ?? [];
      byKey.set(key, stored);
      stored.push(...decideAppend(stored, fact, provenanceOf(settings)).rows);
    }
  return [...byKey.values()].flat();
};

const bucketsOf = (rows: readonly LedgerRow[], tenant: string): ReadonlyMap<string, BucketRow[]> => {
  const mine = rows.filter(
    (row): row is LedgerRow & BucketRow => row.tenant === tenant && row.bucket !== undefined,
  );
  return Map.groupBy(mine, (row) => row.bucket);
};

/** What the tenant's aggregates say of its cash on a day. */
export const viewFrom = (
  rows: readonly LedgerRow[],
  settings: TenantSettings,
  asOf: CivilDate,
): {
  readonly view: LedgerView;
  readonly days: readonly DayAggregate[];
  readonly statements: readonly StatementsAggregate[];
} => {
  const days: DayAggregate[] = [];
  const statements: StatementsAggregate[] = [];
  const rest: { plan: readonly BucketRow[]; review: readonly BucketRow[] } = { plan: [], review: [] };
  for (const [key, of] of bucketsOf(rows, settings.tenant)) {
    const bucket = parseBucketKey(key);
    if (bucket.kind === 'day') days.push(foldDay(bucket.date, bucket.slice, of));
    else if (bucket.kind === 'statements') statements.push(foldStatements(bucket.subject, bucket.month, of));
    else rest[bucket.kind] = of;
  }
  const byDate = days.sort((a, b) => (a.date === b.date ? a.slice - b.slice : a.date < b.date ? -1 : 1));
  const months = [...Map.groupBy(byDate, ({ date }) => monthOf(date))].map(([month, of]) =>
    foldMonth(month, of),
  );
  const stated = <Of extends Subject>(subject: Of): readonly StatementsAggregate<Of>[] =>
    statements
      .filter((each): each is StatementsAggregate<Of> => each.subject === subject)
      .sort((a, b) => (a.month < b.month ? -1 : 1));
  const view = ledgerView(
    { months, plan: foldPlan(rest.plan), review: foldReview(rest.review) },
    byDate,
    usd,
    {
      settings,
      asOf,
      payouts: stated('payout'),
      commitments: stated('commitment'),
    },
  );
  return { view, days: byDate, statements };
};

/**
 * Everything that is derived, as text, but for what says how often and when it was told: a revision that came late leaves no
 * row, so the number of rows differs with the order, and nothing else may.
 */
export const stateOf = (rows: readonly LedgerRow[], settings: TenantSettings, asOf: CivilDate): string => {
  const { view, days, statements } = viewFrom(rows, settings, asOf);
  return documentOf({
    view: { ...view, rows: 0, latest: {}, balances: [...view.balances].sort() },
    days: days
      .filter(({ accounts }) => accounts.length > 0)
      .map(({ rows: _rows, rowsHash: _hash, latest: _latest, ...day }) => day),
    statements: statements
      .filter((each) => each.statements.length > 0)
      .map(({ rows: _rows, rowsHash: _hash, ...stated }) => stated)
      .sort((a, b) => (`${a.subject}${a.month}` < `${b.subject}${b.month}` ? -1 : 1)),
  });
};

/** All cash of the tenant, in cents. */
export const cashOf = (tellings: readonly Telling[], settings: TenantSettings, asOf: CivilDate): bigint =>
  viewFrom(heard(tellings), settings, asOf).view.balances.get(usd) ?? 0n;
