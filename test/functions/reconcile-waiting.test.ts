/** Money between Stripe and the bank that has waited too long: named, rung for, and no longer once its other side is there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refoldBuckets } from '../../functions/forecast/aggregate.ts';
import { isBucketRow } from '../../functions/forecast/recompute.ts';
import { type ReconcileDeps, reconcileAll, reconcileTenant } from '../../functions/reconcile/reconcile.ts';
import { METRICS } from '../../shared/contract/names.ts';
import { type Fact, revision } from '../../shared/event/fact.ts';
import { type Payout, statementFact } from '../../shared/event/statement.ts';
import { reportDocument } from '../../shared/reconciliation/report.ts';
import { memorySecrets, quietInvocation } from '../support/memory-intake.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { memoryReconciliationStore } from '../support/memory-reconciliation-store.ts';
import { memoryStateStore } from '../support/memory-state-store.ts';
import { cashFact, day } from '../support/rows.ts';
import { provenance, settingsOf } from '../support/settings.ts';

const settings = settingsOf({ plaid: [{ item: 'item-1', accounts: {} }] });
const unasked = () => Promise.reject(new Error('there is no key'));
const at = (date: string): number => Date.parse(`${date}T03:17:00Z`);

/** Books with a bank and Stripe's own telling of transactions, but no key to list them again. */
const world = async (...facts: readonly Fact[]) => {
  const [ledger, state] = [memoryLedgerStore(), memoryStateStore()];
  const deps: ReconcileDeps = {
    ledger,
    state,
    results: memoryReconciliationStore(),
    secrets: memorySecrets({}),
    stripe: { balanceTransactions: unasked, balance: unasked },
    tolerance: { variance: 0.02, floor: '50.00' },
    tenants: [settings],
    autoPause: true,
  };
  let streamed = 0;
  const tell = async (...told: readonly Fact[]) => {
    const recordedAt = '2026-11-01T00:00:00.000Z';
    for (const fact of told)
      await ledger.append(fact, provenance(settings, { recordedAt, delivery: 'D#acme#x#1' }));
    const rows = ledger.rows(streamed).filter(isBucketRow);
    streamed = ledger.rows().length;
    await refoldBuckets({ ledger, state }, rows);
  };
  await tell(...facts);
  const run = async (date: string) => {
    const { status, reports } = await reconcileTenant(deps, settings, quietInvocation(at(date)));
    const report = reports.find(({ source }) => source === 'payouts');
    assert.ok(report);
    return { status, report, document: JSON.parse(reportDocument(report)) };
  };
  return { deps, tell, run };
};

const bank = (id: string, date: string, amountMinor: bigint, isStripes = true): Fact =>
  cashFact({
    key: `plaid:item-1:acct:${id}`,
    source: 'plaid',
    account: 'bank:checking',
    date: day(date),
    amountMinor,
    ...(isStripes && { description: 'STRIPE PAYOUT', counterAccount: 'transit:stripe' }),
  });
const leg = (id: string, date: string, amountMinor: bigint): Fact =>
  cashFact({
    key: `stripe:self:test:txn:${id}`,
    source: 'stripe',
    account: 'stripe_balance',
    counterAccount: 'transit:stripe',
    date: day(date),
    amountMinor,
  });
const payout = (id: string, arrives: string, amountMinor: bigint, fields: Partial<Payout> = {}): Fact =>
  statementFact(
    {
      key: `stripe:self:test:po:${id}`,
      revision: revision('final', fields.status === 'failed' ? 2 : 1),
      source: 'stripe',
      date: day(arrives),
    },
    'payout',
    {
      amountMinor,
      currency: 'USD',
      arrivalDate: day(arrives),
      status: 'paid',
      transaction: `stripe:self:test:txn:${id}`,
      ...fields,
    },
  );
/** A bank that tells every week, so that its silence is none. */
const around = [3, 10, 17, 24].map((date) =>
  bank(`w${date}`, `2026-11-${date < 10 ? `0${date}` : date}`, -5n, false),
);
const paid = [
  leg('a', '2026-11-03', -10_000n),
  payout('a', '2026-11-04', 10_000n),
  bank('a', '2026-11-05', 10_000n),
];

test('payouts that the bank shows leave nothing to wait for', async () => {
  const { run } = await world(...around, ...paid);
  const { status, report } = await run('2026-11-25');
  assert.deepEqual([report.status, report.variance_ratio, report.waiting], ['agrees', 0, []]);
  assert.deepEqual([status.paused, status.attention], [false, []]);
});

test('a deposit without a payout is named after three business days, and no more once its payout is told', async () => {
  const { run, tell, deps } = await world(...around, ...paid, bank('x', '2026-11-12', 30_000n));
  // Thursday to Tuesday is three business days.
  assert.deepEqual((await run('2026-11-17')).report.waiting, []);
  const { status, report, document } = await run('2026-11-18');
  assert.equal(report.status, 'differs');
  assert.ok(report.variance_ratio > 0.02);
  assert.deepEqual([status.paused, status.reasons], [false, []]);
  assert.match(
    status.attention.join(),
    /payouts: 1 at the bank, .* \(300\.00 USD of 2026-11-12, plaid:item-1:acct:x\)/,
  );
  assert.deepEqual([document.waiting_count, document.waiting[0].kind], [1, 'suspense']);
  const ring = quietInvocation(at('2026-11-18'));
  await reconcileAll(deps, true, ring);
  assert.ok(Number(ring.emitted.at(-1)?.[METRICS.reconciliationVariance]) > 0.02, 'the alarm rings');
  await tell(leg('x', '2026-11-10', -30_000n), payout('x', '2026-11-11', 30_000n));
  const healed = await run('2026-11-18');
  assert.deepEqual(
    [healed.report.status, healed.report.waiting, healed.status.attention],
    ['agrees', [], []],
  );
  const quiet = quietInvocation(at('2026-11-18'));
  await reconcileAll(deps, true, quiet);
  assert.equal(quiet.emitted.at(-1)?.[METRICS.reconciliationVariance], 0);
});

test('a payout that the bank does not show is named after five business days, and what is small rings nowhere', async () => {
  const { run, tell } = await world(
    ...around,
    ...paid,
    leg('b', '2026-11-05', -4_000n),
    payout('b', '2026-11-06', 4_000n),
  );
  assert.deepEqual((await run('2026-11-13')).report.waiting, []);
  const small = await run('2026-11-16');
  assert.match(
    small.status.attention.join(),
    /1 paid out by Stripe .* \(40\.00 USD of 2026-11-06, stripe:self:test:po:b\)/,
  );
  assert.deepEqual([small.report.status, small.report.variance_ratio <= 0.02], ['agrees', true]);
  await tell(leg('c', '2026-11-05', -9_000n), payout('c', '2026-11-06', 9_000n));
  const both = await run('2026-11-16');
  assert.equal(both.report.status, 'differs');
  await tell(bank('b', '2026-11-09', 4_000n), bank('c', '2026-11-09', 9_000n));
  assert.deepEqual((await run('2026-11-16')).report.waiting, []);
});

test('money that left for the bank by no payout is named, with a bank and without', async () => {
  for (const banks of [around, []]) {
    const { run, tell } = await world(...banks, leg('d', '2026-11-05', -20_000n));
    assert.deepEqual((await run('2026-11-12')).report.waiting ?? [], []);
    const { report, status } = await run('2026-11-13');
    assert.deepEqual(
      report.waiting?.map(({ kind, id, amount }) => [kind, id, amount]),
      [['transit', 'stripe:self:test:txn:d', '-200.00']],
    );
    assert.equal(report.status, 'differs');
    assert.equal(status.paused, false);
    await tell(payout('d', '2026-11-06', 20_000n, { status: 'in_transit' }));
    assert.ok(
      report.waiting && (await run('2026-11-13')).report.waiting?.every(({ kind }) => kind !== 'transit'),
    );
  }
});

test('a payout that failed and came back to the balance is between nobody', async () => {
  const failed = [
    leg('e', '2026-11-03', -7_000n),
    payout('e', '2026-11-04', 7_000n, { status: 'failed' }),
    leg('e-back', '2026-11-06', 7_000n),
  ];
  const { run, tell } = await world(...around, ...failed);
  assert.deepEqual((await run('2026-11-25')).report.waiting, []);
  // One failure answers for one return.
  await tell(leg('f-back', '2026-11-06', 7_000n));
  assert.equal((await run('2026-11-25')).report.waiting?.length, 1);
});

test('where nothing is paid out and no bank tells, nothing is compared', async () => {
  const { run } = await world(cashFact({ key: 'one', date: day('2026-11-20') }));
  assert.equal((await run('2026-11-21')).report.status, 'not_compared');
});
