import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldDay } from '../../../shared/aggregate/day.ts';
import { foldMonth } from '../../../shared/aggregate/month.ts';
import { documentOf } from '../../../shared/canonical/document.ts';
import type { CashFact } from '../../../shared/event/fact.ts';
import type { BucketRow } from '../../../shared/ledger/row.ts';
import { cashFact, day, factRow, reversalOf, usd } from '../../support/rows.ts';

const date = day('2026-01-31');

const anyFact: fc.Arbitrary<CashFact> = fc
  .record({
    key: fc.uuid(),
    account: fc.constantFrom('manual', 'stripe_balance'),
    counterAccount: fc.constantFrom('external', 'transit:stripe'),
    lines: fc.array(
      fc.record({
        category: fc.constantFrom('revenue', 'stripe_fee', 'rent'),
        amountMinor: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map((fields) => cashFact(fields));

const anyRows: fc.Arbitrary<BucketRow[]> = fc
  .uniqueArray(fc.tuple(anyFact, fc.boolean()), { selector: ([fact]) => fact.key, maxLength: 20 })
  .map((facts) =>
    facts.flatMap(([fact, reversed]) =>
      reversed ? [factRow(fact), reversalOf(factRow(fact))] : [factRow(fact)],
    ),
  );

test('the order of rows changes no byte', () => {
  fc.assert(
    fc.property(
      anyRows.chain((rows) =>
        fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
      ),
      ([rows, shuffled]) => {
        assert.equal(documentOf(foldDay(date, 0, shuffled)), documentOf(foldDay(date, 0, rows)));
      },
    ),
  );
});

test('what accounts gain is what came from outside, to the minor unit', () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const { accounts, flows } = foldDay(date, 0, rows);
      const gained = accounts.reduce((sum, account) => sum + account.deltaMinor, 0n);
      const external = flows.reduce((sum, flow) => sum + flow.inflowMinor - flow.outflowMinor, 0n);
      assert.equal(gained, external);
    }),
  );
});

test('a reversed revision counts nowhere, whichever of the two rows is read first', () => {
  const wrong = factRow(cashFact({ key: 'a', amountMinor: 5000n }));
  const right = factRow(cashFact({ key: 'a', amountMinor: 700n }), 2);
  for (const rows of [
    [wrong, reversalOf(wrong), right],
    [reversalOf(wrong), right, wrong],
  ]) {
    const { accounts, flows } = foldDay(date, 0, rows);
    assert.deepEqual(accounts, [{ account: 'manual', currency: usd, source: 'generic', deltaMinor: 700n }]);
    assert.equal(flows.length, 1);
  }
});

test('a transfer between own accounts moves both and changes no total', () => {
  const payout = factRow(
    cashFact({ key: 'po', account: 'stripe_balance', counterAccount: 'transit:stripe', amountMinor: -1100n }),
  );
  const { accounts, flows } = foldDay(date, 0, [payout]);
  assert.deepEqual(accounts, [
    { account: 'stripe_balance', currency: usd, source: 'generic', deltaMinor: -1100n },
    { account: 'transit:stripe', currency: usd, source: 'generic', deltaMinor: 1100n },
  ]);
  assert.deepEqual(flows, []);
});

test('two equal payments are two payments', () => {
  const rows = [
    factRow(cashFact({ key: 'a', amountMinor: 4900n })),
    factRow(cashFact({ key: 'b', amountMinor: 4900n })),
  ];
  assert.equal(foldDay(date, 0, rows).accounts[0]?.deltaMinor, 9800n);
});

test('a month is the sum of its days and slices, in any order', () => {
  fc.assert(
    fc.property(fc.array(anyRows, { minLength: 1, maxLength: 4 }), (buckets) => {
      const days = buckets.map((rows, slice) => foldDay(date, slice, rows));
      const month = foldMonth('2026-01', days);
      assert.equal(documentOf(foldMonth('2026-01', days.toReversed())), documentOf(month));
      assert.equal(
        month.accounts.reduce((sum, account) => sum + account.deltaMinor, 0n),
        days.flatMap((one) => one.accounts).reduce((sum, account) => sum + account.deltaMinor, 0n),
      );
      assert.equal(month.rows, buckets.flat().length);
    }),
  );
});

test('a fact that moves nothing leaves no trace but its row', () => {
  const rows = [
    factRow(cashFact({ key: 'cancelled', lines: [] })),
    factRow(cashFact({ key: 'zero', lines: [{ category: 'test', amountMinor: 0n }] })),
  ];
  const { accounts, flows, rows: count } = foldDay(date, 0, rows);
  assert.deepEqual({ accounts, flows, count }, { accounts: [], flows: [], count: 2 });
});
