import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { type Delivery, deliveries } from '../../../scripts/demo/deliveries.ts';
import type { DemoWorld } from '../../../scripts/demo/world.ts';
import { foldDay } from '../../../shared/aggregate/day.ts';
import { foldMonth } from '../../../shared/aggregate/month.ts';
import { foldPlan, foldReview } from '../../../shared/aggregate/plan.ts';
import type { TenantSettings } from '../../../shared/contract/tenant.ts';
import type { Fact } from '../../../shared/event/fact.ts';
import { parseBucketKey } from '../../../shared/ledger/bucket.ts';
import type { BucketRow, LedgerRow } from '../../../shared/ledger/row.ts';
import { PROVIDERS } from '../../../shared/providers/provider.ts';
import { balanceTransaction, settledFacts } from '../../../shared/providers/stripe/balance-transaction.ts';
import { type Beside, type LedgerView, ledgerView } from '../../../shared/runway/ledger-view.ts';
import { type CivilDate, monthOf } from '../../../shared/time/civil-date.ts';
import { type MemoryLedger, memoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { usd } from '../../support/rows.ts';
import { provenance, settingsOf } from '../../support/settings.ts';

/** The tenant that the default configuration has. */
export const DEMO: TenantSettings = settingsOf({ tenant: 'demo', accountingZone: 'America/New_York' });

/** The facts in a delivery, as its provider reads it. Fails where any part of it is not taken. */
export const factsIn = (delivery: Delivery): readonly Fact[] => {
  const reading = PROVIDERS.get(delivery.source)?.interpret(Buffer.from(delivery.body), DEMO);
  if (reading?.outcome === 'ignored') return [];
  if (reading?.outcome !== 'facts') assert.fail(`${delivery.id}: ${inspect(reading)}`);
  return reading.events.map((event) => {
    if ('rejected' in event) assert.fail(`${delivery.id}: ${event.rejected}`);
    return event.fact;
  });
};

/** A ledger that heard everything: all deliveries, and what Stripe answered about each transaction. */
export const heardAll = async (world: DemoWorld): Promise<MemoryLedger> => {
  const ledger = memoryLedgerStore();
  const from = provenance(DEMO);
  for (const delivery of deliveries(world, { seed: 1 }))
    for (const fact of factsIn(delivery)) await ledger.append(fact, from);
  for (const value of world.stripe.transactions) {
    const transaction = balanceTransaction(value);
    assert(typeof transaction !== 'string', String(transaction));
    for (const fact of settledFacts(transaction, undefined, DEMO) ?? []) await ledger.append(fact, from);
  }
  return ledger;
};

const bucketed = (rows: readonly LedgerRow[]): ReadonlyMap<string, readonly BucketRow[]> => {
  const buckets = new Map<string, BucketRow[]>();
  for (const row of rows) {
    if (row.bucket === undefined) continue;
    const bucket = buckets.get(row.bucket) ?? [];
    bucket.push(row as BucketRow);
    buckets.set(row.bucket, bucket);
  }
  return buckets;
};

const beside = (days: readonly { readonly date: CivilDate }[]): Beside => ({
  settings: DEMO,
  asOf:
    days
      .map(({ date }) => date)
      .sort()
      .at(-1) ?? ('2026-01-01' as CivilDate),
  payouts: [],
  commitments: [],
});

/** What the pipeline's folds make of these rows. */
export const viewOf = (rows: readonly LedgerRow[]): LedgerView => {
  const plans: BucketRow[] = [];
  const reviews: BucketRow[] = [];
  const days = [...bucketed(rows)].flatMap(([key, ofBucket]) => {
    const bucket = parseBucketKey(key);
    if (bucket.kind === 'day') return [foldDay(bucket.date, bucket.slice, ofBucket)];
    (bucket.kind === 'plan' ? plans : reviews).push(...ofBucket);
    return [];
  });
  const months = [...Map.groupBy(days, ({ date }) => monthOf(date))].map(([month, of]) =>
    foldMonth(month, of),
  );
  return ledgerView({ months, plan: foldPlan(plans), review: foldReview(reviews) }, days, usd, beside(days));
};
