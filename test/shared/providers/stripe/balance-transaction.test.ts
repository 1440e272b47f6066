import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentHashOf } from '../../../../shared/ledger/codec.ts';
import {
  balanceTransaction,
  placementOf,
  settledFacts,
} from '../../../../shared/providers/stripe/balance-transaction.ts';
import { settingsOf } from '../../../support/settings.ts';
import { transaction } from '../../../support/stripe-payloads.ts';

const settled = (fields: Record<string, unknown> = {}, settings = settingsOf(), account?: string) => {
  const read = balanceTransaction(transaction(fields));
  assert.ok(typeof read !== 'string', String(read));
  const facts = settledFacts(read, account, settings);
  assert.ok(facts);
  return facts;
};

test('a charge brings its gross as revenue and its fee as a cost, and sums to its net', () => {
  const [fact, ...others] = settled();
  assert.equal(others.length, 0);
  assert.equal(fact?.key, 'stripe:self:test:txn:txn_ch1');
  assert.deepEqual(fact?.lines, [
    { category: 'revenue', amountMinor: 4900n },
    { category: 'stripe_fee', amountMinor: -172n },
  ]);
  assert.equal(fact?.account, 'stripe_balance');
  assert.equal(fact?.counterAccount, 'external');
  assert.equal(fact?.estimated, false);
});

test('the key names the mode and the connected account', () => {
  assert.equal(
    settled({}, settingsOf({ livemode: true }), 'acct_9')[0]?.key,
    'stripe:acct_9:live:txn:txn_ch1',
  );
});

test('a hold moves nothing out of our reach, and a payout goes to our own bank', () => {
  for (const type of [
    'reserve_hold',
    'reserve_release',
    'reserve_transaction',
    'reserved_funds',
    'payout_minimum_balance_hold',
    'payout_minimum_balance_release',
    'payment_network_reserve_hold',
    'issuing_authorization_release',
  ])
    assert.deepEqual(
      placementOf(type, null),
      { category: 'reserve', counterAccount: 'stripe_reserved' },
      type,
    );
  for (const type of ['payout', 'payout_cancel', 'payout_failure', 'topup', 'topup_reversal'])
    assert.equal(placementOf(type, null).counterAccount, 'transit:stripe', type);
});

test('every other type is external; one we have never heard of says so', () => {
  assert.deepEqual(placementOf('refund', 're_1'), { category: 'refund', counterAccount: 'external' });
  assert.deepEqual(placementOf('adjustment', 'dp_1'), { category: 'dispute', counterAccount: 'external' });
  assert.equal(placementOf('adjustment', null).category, 'stripe_adjustment');
  assert.equal(placementOf('transfer', null).counterAccount, 'external');
  for (const type of ['moon_tax', 'toString', '__proto__', ''])
    assert.deepEqual(placementOf(type, null), {
      category: 'stripe_unclassified',
      counterAccount: 'external',
    });
});

test('the fee of an instant payout leaves the company although the payout does not', () => {
  const [payout, fee] = settled({ id: 'txn_po', type: 'payout', amount: -10_000, fee: 100, source: 'po_1' });
  assert.equal(payout?.counterAccount, 'transit:stripe');
  assert.deepEqual(payout?.lines, [{ category: 'payout', amountMinor: -10_000n }]);
  assert.equal(fee?.counterAccount, 'external');
  assert.deepEqual(fee?.lines, [{ category: 'stripe_fee', amountMinor: -100n }]);
  assert.notEqual(fee?.key, payout?.key);
});

test('becoming available, and being described, do not change the content', () => {
  const hash = (fields: Record<string, unknown>) => settled(fields).map(contentHashOf);
  const first = hash({});
  assert.deepEqual(
    hash({ status: 'available', description: 'edited', reporting_category: 'charge', exchange_rate: 1.1 }),
    first,
  );
  assert.notDeepEqual(hash({ fee: 173 }), first);
});

test('the day is that of the accounting zone', () => {
  const late = { created: Date.UTC(2026, 0, 31, 23, 30) / 1000 };
  assert.equal(settled(late)[0]?.date, '2026-01-31');
  assert.equal(settled(late, settingsOf({ accountingZone: 'Europe/Berlin' }))[0]?.date, '2026-02-01');
  assert.equal(settled(late)[0]?.occurredAt, '2026-01-31T23:30:00.000Z');
});

test('amounts that do not add up, and members that are missing, are not believed', () => {
  assert.equal(typeof balanceTransaction(transaction({ net: 1 })), 'string');
  assert.equal(typeof balanceTransaction({ ...transaction(), amount: '4900' }), 'string');
  assert.equal(typeof balanceTransaction({ ...transaction(), id: 'txn/../1' }), 'string');
  assert.equal(typeof balanceTransaction(null), 'string');
});
