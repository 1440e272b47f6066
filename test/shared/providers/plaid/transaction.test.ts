import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CashFact } from '../../../../shared/event/fact.ts';
import { decimalOf } from '../../../../shared/money/money.ts';
import { factOfRemoval, factOfRow, type RowContext } from '../../../../shared/providers/plaid/transaction.ts';
import { bankRow, CHECKING, ITEM } from '../../../support/plaid-payloads.ts';
import { day, usd } from '../../../support/rows.ts';
import { settingsOf } from '../../../support/settings.ts';

const context = (order = 1_000_000): RowContext => ({
  item: ITEM,
  order,
  settings: settingsOf({ plaid: [{ item: ITEM, accounts: { [CHECKING]: 'bank:checking' } }] }),
});

const read = (fields: Readonly<Record<string, unknown>> = {}): CashFact => {
  const fact = factOfRow(bankRow(fields), context());
  return typeof fact === 'string' ? assert.fail(fact) : fact;
};

test('13 positive is money out, negative is money in', () => {
  const out = read();
  assert.deepEqual(out.lines, [{ category: 'general_merchandise', amountMinor: -1234n }]);
  assert.equal(out.counterAccount, 'external');
  const income = read({ amount: -500, personal_finance_category: { primary: 'INCOME' } });
  assert.deepEqual(income.lines, [{ category: 'income', amountMinor: 50_000n }]);
});

test('a fact goes by item, account and transaction, on the day the bank gave', () => {
  const fact = read();
  assert.equal(fact.key, `plaid:${ITEM}:${CHECKING}:tx-1`);
  assert.equal(fact.account, 'bank:checking');
  assert.equal(fact.date, '2026-01-30');
  assert.equal(fact.occurredAt, undefined, 'a bank’s midnight is no instant');
  assert.equal(fact.counterparty, 'Office Depot');
  assert.equal(fact.description, 'CARD PURCHASE OFFICE DEPOT 0042');
});

test('an account without a name of ours goes by its id', () => {
  assert.equal(read({ account_id: 'acct-x' }).account, 'plaid:acct-x');
  assert.equal(read({ account_id: 'toString' }).account, 'plaid:toString');
});

test('a pending row moves nothing', () => {
  const fact = read({ pending: true });
  assert.deepEqual(fact.lines, []);
  assert.deepEqual(fact.metadata, { pending: 'true' });
});

test('what the sender wrote as a reference is kept, for his own telling may repeat it', () => {
  const { metadata } = read({ payment_meta: { reference_number: 'TRACE77', payer: null } });
  assert.deepEqual(metadata, { reference: 'TRACE77' });
});

test('without a category it is uncategorised', () => {
  for (const personal_finance_category of [null, undefined, { primary: '' }])
    assert.equal(read({ personal_finance_category }).lines[0]?.category, 'uncategorised');
});

test('a deposit from Stripe comes out of transit; a debit by Stripe, and a pinstripe, do not', () => {
  for (const fields of [
    { name: 'STRIPE TRANSFER ST-A1B2' },
    { name: 'ORIG CO NAME:STRIPE', merchant_name: null },
    { name: 'ACH CREDIT', merchant_name: 'Stripe' },
    { name: 'ACH CREDIT', merchant_name: null, counterparties: [{ name: 'Stripe', type: 'payment_app' }] },
    { name: 'ACH CREDIT', merchant_name: null, original_description: 'DES:TRANSFER ID:STRIPE' },
  ]) {
    const fact = read({ amount: -4728.01, ...fields });
    assert.equal(fact.counterAccount, 'transit:stripe');
    assert.deepEqual(fact.lines, [{ category: 'payout', amountMinor: 472_801n }]);
  }
  assert.equal(read({ amount: 20, name: 'STRIPE BILLING FEE' }).counterAccount, 'external');
  assert.equal(read({ amount: -20, name: 'PINSTRIPE CAPITAL' }).counterAccount, 'external');
});

test('13 every amount of cents comes back exactly, from a double and with its sign turned', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), (outMinor) => {
      const amount = JSON.parse(decimalOf(outMinor, usd)) as number;
      assert.equal(read({ amount, name: 'x', pending: false }).lines[0]?.amountMinor, -outMinor);
    }),
  );
});

test('the currency’s own decimals count', () => {
  assert.equal(read({ amount: 1200, iso_currency_code: 'JPY' }).lines[0]?.amountMinor, -1200n);
  assert.equal(read({ amount: 1.234, iso_currency_code: 'KWD' }).lines[0]?.amountMinor, -1234n);
});

test('what is no money that we know is said to be none', () => {
  for (const fields of [
    { iso_currency_code: null, unofficial_currency_code: 'BTC' },
    { iso_currency_code: 'XXZ' },
    { amount: 1.005 },
    { amount: 0.1 + 0.2 },
    { amount: 12_345_678_901_234.56 },
    { amount: 1e-7 },
    { amount: 1e21 },
    { amount: '12.34' },
    { date: '2026-02-30' },
    { date: '2026-01-30T00:00:00Z' },
    { transaction_id: 'a b' },
    { pending: undefined },
  ])
    assert.equal(typeof factOfRow(bankRow(fields), context()), 'string', JSON.stringify(fields));
  assert.equal(typeof factOfRow(null, context()), 'string');
});

test('a removal is a later telling that moves nothing', () => {
  const removal = { transaction_id: 'tx-1', account_id: CHECKING };
  const fact = factOfRemoval(removal, day('2026-02-01'), context(2_000_000));
  assert.ok(typeof fact !== 'string');
  assert.equal(fact.key, read().key);
  assert.ok(fact.revision > read().revision);
  assert.deepEqual([fact.lines, fact.metadata], [[], { removed: 'true' }]);
  assert.equal(typeof factOfRemoval({ transaction_id: 'tx-1' }, day('2026-02-01'), context()), 'string');
});
