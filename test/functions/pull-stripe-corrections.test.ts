/** What the ledger settled otherwise than Stripe lists it: found, corrected by the next sweep, and once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { refoldBuckets } from '../../functions/forecast/aggregate.ts';
import { isBucketRow } from '../../functions/forecast/recompute.ts';
import { sweepStripe } from '../../functions/pull/stripe.ts';
import { newsOf } from '../../functions/pull/stripe-news.ts';
import { type ReconcileDeps, reconcileTenant } from '../../functions/reconcile/reconcile.ts';
import { stripeStub } from '../../scripts/local/providers/stripe.ts';
import { effectiveFacts } from '../../shared/aggregate/day.ts';
import { type CashFact, revision } from '../../shared/event/fact.ts';
import { contentHashOf } from '../../shared/ledger/codec.ts';
import { stripeApi } from '../../shared/providers/stripe/api.ts';
import { balanceTransaction, settledFacts } from '../../shared/providers/stripe/balance-transaction.ts';
import { memoryArchive, memorySecrets, quietInvocation } from '../support/memory-intake.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { memoryReconciliationStore } from '../support/memory-reconciliation-store.ts';
import { memoryStateStore } from '../support/memory-state-store.ts';
import { provenance, settingsOf } from '../support/settings.ts';

const NOW = Date.parse('2026-11-21T12:07:00Z');
const HOUR_MS = 3_600_000;
const settings = settingsOf();

interface Transaction {
  readonly id: string;
  readonly amount: number;
  readonly fee: number;
  readonly type: string;
  readonly created: number;
}

const world = () => {
  const stub = stripeStub();
  const [ledger, state] = [memoryLedgerStore(), memoryStateStore()];
  const shared = {
    ledger,
    secrets: memorySecrets({ 'acme/stripe/api': ['sk_test'] }),
    stripe: stripeApi('http://stripe.local', async (url, { headers }) => {
      const path = url.slice('http://stripe.local'.length);
      const answer = stub({ method: 'GET', path, headers, body: Buffer.alloc(0) });
      return { status: answer.status, text: async () => answer.body.toString() };
    }),
  };
  const reconciling: ReconcileDeps = {
    ...shared,
    state,
    results: memoryReconciliationStore(),
    tolerance: { variance: 0.02, floor: '50.00' },
    tenants: [settings],
    autoPause: true,
  };
  return {
    ledger,
    issue: (each: Transaction) =>
      stub({
        method: 'POST',
        path: '/_issue',
        headers: {},
        body: Buffer.from(
          JSON.stringify({ ...each, net: each.amount - each.fee, currency: 'usd', source: null }),
        ),
      }),
    sweep: async (nowMs: number) => {
      const context = quietInvocation(nowMs);
      await sweepStripe({ ...shared, archive: memoryArchive() }, settings, context);
      return context.lines.map(({ message }) => message);
    },
    reconcile: async (nowMs: number) => {
      await refoldBuckets({ ledger, state }, ledger.rows().filter(isBucketRow));
      const { status, reports } = await reconcileTenant(reconciling, settings, quietInvocation(nowMs));
      const [items] = reports[0]?.items ?? [];
      const { missing = [], extra = [], different = [] } = items ?? {};
      return { paused: status.paused, different: different.length, others: missing.length + extra.length };
    },
    /** What counts, by key. */
    books: (): Record<string, string> =>
      Object.fromEntries(
        effectiveFacts(ledger.rows().filter(isBucketRow)).flatMap(({ fact }) =>
          fact.kind === 'cash' && fact.lines.length > 0 ? [[fact.key, contentHashOf(fact)]] : [],
        ),
      ),
    facts: () => ledger.rows().filter(({ kind }) => kind === 'fact').length,
  };
};

const factsOf = (each: Transaction): readonly CashFact[] => {
  const read = balanceTransaction({ ...each, net: each.amount - each.fee, currency: 'usd', source: null });
  assert.ok(typeof read !== 'string');
  return settledFacts(read, undefined, settings) ?? [];
};
const statedBy = (all: readonly Transaction[]): Record<string, string> =>
  Object.fromEntries(all.flatMap(factsOf).map((fact) => [fact.key, contentHashOf(fact)]));

/** Three days, none of them too young to be compared. */
const created = fc.integer({ min: 3 * 3_600, max: 3 * 86_400 }).map((ago) => NOW / 1_000 - 420 - ago);
const fields = {
  amount: fc.integer({ min: -90_000, max: 90_000 }),
  fee: fc.constantFrom(0, 30, 900),
  type: fc.constantFrom('charge', 'refund', 'payout', 'adjustment', 'something_new'),
  created,
};
const lives = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^txn_[a-z]{3}$/),
    first: fc.record(fields),
    changed: fc.option(fc.record(fields)),
  }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 8 },
);

test('law: whatever Stripe lists otherwise is found, followed by the next sweep, and once', async () => {
  let found = 0;
  await fc.assert(
    fc.asyncProperty(lives, async (given) => {
      const at = world();
      const before = given.map(({ id, first }): Transaction => ({ id, ...first }));
      const after = given.map(({ id, first, changed }): Transaction => ({ id, ...(changed ?? first) }));
      for (const each of before) at.issue(each);
      await at.sweep(NOW);
      assert.deepEqual(at.books(), statedBy(before));
      for (const each of after) at.issue(each);
      const planted = await at.reconcile(NOW);
      found += planted.different;
      await at.sweep(NOW + HOUR_MS);
      assert.deepEqual(at.books(), statedBy(after));
      const healed = await at.reconcile(NOW + HOUR_MS);
      assert.deepEqual(healed, { paused: false, different: 0, others: 0 });
      const rows = at.facts();
      assert.deepEqual(await at.sweep(NOW + 2 * HOUR_MS), []);
      assert.equal(at.facts(), rows);
    }),
    { numRuns: 60, seed: 11 },
  );
  assert.ok(found > 50, `${found} planted differences were found`);
});

test('a planted difference pauses, the sweep says what it corrects, and the pause ends', async () => {
  const at = world();
  const sale = (amount: number): Transaction => ({
    ...{ id: 'txn_a', amount, fee: 0, type: 'charge', created: NOW / 1_000 - 86_400 },
  });
  at.issue(sale(500_000));
  await at.sweep(NOW);
  assert.equal((await at.reconcile(NOW)).paused, false);
  at.issue(sale(400_000));
  assert.deepEqual(await at.reconcile(NOW), { paused: true, different: 1, others: 0 });
  assert.deepEqual(await at.sweep(NOW + HOUR_MS), [
    'Stripe tells a transaction otherwise than before: the ledger follows',
  ]);
  assert.deepEqual(await at.reconcile(NOW + HOUR_MS), { paused: false, different: 0, others: 0 });
  // Back again is a change of its own, and an estimate that comes late changes nothing.
  at.issue(sale(500_000));
  await at.sweep(NOW - HOUR_MS);
  assert.deepEqual(at.books(), statedBy([sale(500_000)]));
  const [late] = factsOf(sale(499_999));
  assert.ok(late);
  const estimate = { ...late, estimated: true, revision: revision('estimated', 0) };
  assert.equal(await at.ledger.append(estimate, provenance(settings)), 'ignored');
  assert.deepEqual(at.books(), statedBy([sale(500_000)]));
  assert.equal(at.facts(), 3, 'one revision a change');
});

test('what Stripe does not list is not made up for: only that keeps a pause', async () => {
  const at = world();
  const extra: Transaction = {
    id: 'txn_x',
    amount: 700_000,
    fee: 0,
    type: 'charge',
    created: NOW / 1_000 - 86_400,
  };
  const known: Transaction = { ...extra, id: 'txn_k' };
  at.issue(known);
  await at.sweep(NOW);
  for (const fact of factsOf(extra)) await at.ledger.append(fact, provenance(settings));
  await at.sweep(NOW + HOUR_MS);
  assert.deepEqual(await at.reconcile(NOW + HOUR_MS), { paused: true, different: 0, others: 1 });
});

test('a fee that a transaction has no more is taken back with its own revision', () => {
  const before = factsOf({ id: 'txn_p', amount: -9_000, fee: 30, type: 'payout', created: NOW / 1_000 });
  const after = factsOf({ id: 'txn_p', amount: -9_000, fee: 0, type: 'payout', created: NOW / 1_000 });
  assert.deepEqual([before.length, after.length], [2, 1]);
  const { facts, corrected } = newsOf(after, before, 5);
  assert.deepEqual(
    facts.map(({ key, lines, revision: rank }) => [key, lines, rank]),
    [['stripe:self:test:txn:txn_p:fee', [], revision('final', 5)]],
  );
  assert.deepEqual(corrected, ['stripe:self:test:txn:txn_p:fee']);
  assert.deepEqual(newsOf(before, before, 5), { facts: [], corrected: [] });
});
