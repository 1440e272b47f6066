import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TenantSettings } from '../../../shared/contract/tenant.ts';
import { type CashFact, revision } from '../../../shared/event/fact.ts';
import {
  type Commitment,
  type Payout,
  type StatementFact,
  statementFact,
} from '../../../shared/event/statement.ts';
import type { LedgerView } from '../../../shared/runway/ledger-view.ts';
import { heard, viewFrom } from '../../support/cash-world.ts';
import { cashFact, day, usd } from '../../support/rows.ts';
import { settingsOf } from '../../support/settings.ts';

type Fields = Partial<CashFact> & { readonly amountMinor?: bigint };

const told = (
  facts: readonly (CashFact | StatementFact)[],
  asOf = '2026-03-31',
  settings: TenantSettings = settingsOf(),
): LedgerView => viewFrom(heard([{ name: 'all', settings, facts }]), settings, day(asOf)).view;

const cash = (view: LedgerView): bigint => view.balances.get(usd) ?? 0n;
const held = (view: LedgerView, account: string): bigint =>
  view.accounts.filter((each) => each.account === account).reduce((sum, each) => sum + each.deltaMinor, 0n);
const earned = (view: LedgerView): bigint => view.days.reduce((sum, each) => sum + each.inflowMinor, 0n);
const spent = (view: LedgerView): bigint => view.days.reduce((sum, each) => sum + each.outflowMinor, 0n);

/** A line of a bank, told by Plaid. */
const bank = (id: string, date: string, amountMinor: bigint, fields: Fields = {}): CashFact =>
  cashFact({
    key: `plaid:item-1:acct:${id}`,
    source: 'plaid',
    account: 'bank:checking',
    date: day(date),
    amountMinor,
    ...fields,
  });
const file = (id: string, date: string, amountMinor: bigint, fields: Fields = {}): CashFact =>
  bank(id, date, amountMinor, { key: `csv:bank:checking:${id}:0`, source: 'csv', ...fields });
const stripeSide = (id: string, date: string, amountMinor: bigint, fields: Fields = {}): CashFact =>
  cashFact({
    key: `stripe:self:test:txn:${id}`,
    source: 'stripe',
    account: 'stripe_balance',
    date: day(date),
    amountMinor,
    ...fields,
  });
const payout = (
  id: string,
  arrives: string,
  amountMinor: bigint,
  fields: Partial<Payout> = {},
): StatementFact =>
  statementFact(
    {
      key: `stripe:self:test:po:${id}`,
      revision: revision('final', 1),
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
const leg = (id: string, date: string, amountMinor: bigint): CashFact =>
  stripeSide(id, date, -amountMinor, { counterAccount: 'transit:stripe' });
const due = (
  key: string,
  date: string,
  amountMinor: bigint,
  fields: Partial<Commitment> = {},
): StatementFact =>
  statementFact({ key, revision: revision('final', 1), source: 'payroll', date: day(date) }, 'commitment', {
    amountMinor,
    currency: 'USD',
    dueDate: day(date),
    leg: 'net',
    status: 'expected',
    ...fields,
  });
const STRIPE_DEPOSIT = { description: 'STRIPE PAYOUT', counterAccount: 'transit:stripe' } as const;

test('a file’s lines on days that Plaid covers are kept and not counted, and the reader is told', () => {
  const view = told([
    file('a', '2026-01-10', -100n),
    file('b', '2026-02-05', -200n),
    bank('b', '2026-02-01', -50n),
    bank('c', '2026-02-05', -200n),
  ]);
  // Before Plaid's first day the file counts.
  assert.equal(cash(view), -350n);
  assert.equal(spent(view), 350n);
  assert.match(
    view.notes.join(),
    /1 line of bank:checking told by csv from 2026-02-05 to 2026-02-05 is kept and not counted/,
  );
  assert.deepEqual(view.attention, []);
});

test('the configuration moves the day from which another’s word counts, and may turn authorities round', () => {
  const facts = [
    file('a', '2026-01-10', -100n),
    file('b', '2026-02-05', -200n),
    bank('a', '2026-01-10', -100n),
    bank('b', '2026-02-05', -200n),
    bank('c', '2026-02-06', -7n),
  ];
  const counted = (authority: string, from?: string): bigint =>
    cash(
      told(
        facts,
        '2026-03-31',
        settingsOf({
          accounts: [
            { account: 'bank:checking', kind: 'bank', authority, ...(from !== undefined && { from }) },
          ],
        }),
      ),
    );
  assert.equal(counted('plaid'), -307n);
  assert.equal(counted('plaid', '2026-02-06'), -307n);
  assert.equal(counted('plaid', '2026-03-01'), -300n);
  assert.equal(counted('csv'), -300n);
});

test('an account that nobody but its owner tells is counted as told', () => {
  assert.equal(
    cash(told([cashFact({ key: 'generic:1', amountMinor: 5n }), bank('a', '2026-01-02', 3n)])),
    8n,
  );
});

test('what its owner tells of an account that a bank tells too counts once', () => {
  const own = cashFact({
    key: 'generic:1',
    account: 'bank:checking',
    date: day('2026-01-05'),
    amountMinor: 100n,
  });
  assert.equal(cash(told([own, bank('a', '2026-01-02', 3n), bank('b', '2026-01-05', 100n)])), 103n);
  // Before the bank's first day, nobody else tells it.
  assert.equal(cash(told([{ ...own, date: day('2026-01-01') }, bank('a', '2026-01-02', 3n)])), 103n);
});

test('a bank login made anew tells the old days again, and each line counts once', () => {
  const settings = settingsOf({ plaid: [{ item: 'item-2', accounts: {} }] });
  const again = (id: string, date: string, amountMinor: bigint): CashFact =>
    bank(id, date, amountMinor, { key: `plaid:item-2:acct2:${id}` });
  const facts = [
    bank('a', '2026-01-02', -10n),
    bank('b', '2026-02-02', -20n),
    again('x', '2026-02-02', -20n),
    again('y', '2026-03-02', -40n),
  ];
  assert.equal(cash(told(facts, '2026-03-31', settings)), -70n);
});

for (const source of ['plaid', 'csv'])
  test(`a payroll beside ${source} is owed until its line comes, and counts once`, () => {
    const line = source === 'plaid' ? bank : file;
    const paid = cashFact({
      key: 'pay:run:net',
      source: 'payroll',
      date: day('2026-02-13'),
      amountMinor: -7_000n,
    });
    const commitment = due('pay:run:net:due', '2026-02-13', -7_000n);
    const around = [line('a', '2026-02-01', -1n), line('z', '2026-02-28', -1n)];
    const alone = told([paid, commitment]);
    assert.deepEqual([cash(alone), alone.expected], [-7_000n, []]);
    const covered = told([paid, commitment, ...around], '2026-02-13');
    assert.equal(cash(covered), -2n);
    assert.deepEqual(
      covered.expected.map(({ id, amountMinor, dueDate }) => [id, amountMinor, dueDate]),
      [['pay:run:net:due', -7_000n, '2026-02-13']],
    );
    const settled = told([paid, commitment, ...around, line('p', '2026-02-17', -7_000n)]);
    assert.deepEqual([cash(settled), settled.expected], [-7_002n, []]);
  });

test('legs that a bank takes together settle together; a line too late or of another amount settles nothing', () => {
  const owed = [
    due('pay:r:net:due', '2026-02-13', -70n),
    due('pay:r:tax:due', '2026-02-13', -30n, { leg: 'tax' }),
  ];
  assert.equal(told([...owed, bank('a', '2026-02-12', -100n)]).expected.length, 0);
  assert.equal(told([...owed, bank('a', '2026-02-12', -99n)]).expected.length, 2);
  assert.equal(told([...owed, bank('a', '2026-02-19', -70n)]).expected.length, 2);
  // Friday to Wednesday is three business days.
  assert.equal(told([...owed, bank('a', '2026-02-18', -70n)]).expected.length, 1);
});

test('one line settles one payment, alone before together', () => {
  const owed = [
    due('pay:r:net:due', '2026-02-13', -70n),
    due('pay:r:tax:due', '2026-02-13', -30n, { leg: 'tax' }),
    due('awsinv:1', '2026-02-13', -100n),
  ];
  const ids = (lines: readonly CashFact[]) => told([...owed, ...lines]).expected.map(({ id }) => id);
  assert.deepEqual(ids([bank('a', '2026-02-13', -100n)]), ['pay:r:net:due', 'pay:r:tax:due']);
  assert.deepEqual(ids([bank('a', '2026-02-13', -100n), bank('b', '2026-02-13', -100n)]), []);
});

test('what is called off is owed no more, and a payment that comes is named like the last of its kind', () => {
  assert.deepEqual(told([due('k:due', '2026-04-01', -70n, { status: 'cancelled' })]).expected, []);
  const [next] = told([
    due('pay:1:net:due', '2026-02-13', -70n),
    bank('a', '2026-02-13', -70n, {
      lines: [{ category: 'salaries', amountMinor: -70n }],
      counterparty: 'Rippling',
    }),
    due('pay:2:net:due', '2026-03-13', -71n),
  ]).expected;
  assert.equal(next?.stream, 'salaries/rippling');
});

test('a deposit of a payout is no income, whether or not it names Stripe', () => {
  const facts = [
    stripeSide('ch', '2026-01-02', 5_000n),
    leg('po', '2026-01-05', 3_000n),
    payout('po', '2026-01-07', 3_000n),
  ];
  for (const text of [STRIPE_DEPOSIT, { description: 'ACH CREDIT 0042' }]) {
    const view = told([...facts, bank('a', '2026-01-08', 3_000n, text)]);
    assert.equal(cash(view), 5_000n);
    assert.equal(earned(view), 5_000n);
    assert.equal(held(view, 'transit:stripe'), 0n);
    assert.equal(held(view, 'bank:checking'), 3_000n);
  }
});

test('of two lines of its amount, the one with its trace, then the one that names Stripe, is the payout’s', () => {
  const facts = [stripeSide('ch', '2026-01-02', 5_000n), leg('po', '2026-01-05', 3_000n)];
  const wire = bank('a', '2026-01-07', 3_000n, { description: 'WIRE ACME LTD' });
  const deposit = bank('b', '2026-01-09', 3_000n, STRIPE_DEPOSIT);
  assert.equal(earned(told([...facts, payout('po', '2026-01-07', 3_000n), wire, deposit])), 8_000n);
  const traced = bank('c', '2026-01-09', 3_000n, { description: 'CR TRACE77' });
  const view = told([...facts, payout('po', '2026-01-07', 3_000n, { traceId: 'trace77' }), wire, traced]);
  assert.equal(earned(view), 8_000n);
  assert.equal(held(view, 'transit:stripe'), 0n);
});

test('a deposit from Stripe that no payout explains waits apart, and is told of after three business days', () => {
  const facts = [stripeSide('ch', '2026-01-02', 5_000n), bank('a', '2026-01-08', 3_000n, STRIPE_DEPOSIT)];
  const young = told(facts, '2026-01-13');
  assert.deepEqual([cash(young), earned(young), held(young, 'suspense:stripe')], [5_000n, 5_000n, -3_000n]);
  assert.deepEqual(young.attention, []);
  assert.match(
    told(facts, '2026-01-14').attention.join(),
    /1 deposit from Stripe \(USD 30\.00\) answers to no payout/,
  );
});

test('deposits from before Stripe told anything, or where it never does, are income', () => {
  const deposit = bank('a', '2026-01-08', 3_000n, STRIPE_DEPOSIT);
  assert.deepEqual([cash(told([deposit])), earned(told([deposit]))], [3_000n, 3_000n]);
  assert.equal(cash(told([deposit, stripeSide('ch', '2026-01-09', 100n)])), 3_100n);
});

test('a payout from before Stripe told anything has no other side: its deposit is income', () => {
  const facts = [
    stripeSide('ch', '2026-01-06', 100n),
    payout('po', '2026-01-05', 3_000n, { arrivalDate: day('2026-01-07') }),
    bank('a', '2026-01-07', 3_000n, STRIPE_DEPOSIT),
  ];
  assert.deepEqual([cash(told(facts)), earned(told(facts))], [3_100n, 3_100n]);
});

test('a payout that the bank should have and has not is told of after five business days', () => {
  const facts = [
    bank('a', '2026-01-02', -1n),
    bank('z', '2026-01-30', -1n),
    stripeSide('ch', '2026-01-02', 5_000n),
    leg('po', '2026-01-05', 3_000n),
    payout('po', '2026-01-07', 3_000n),
  ];
  const settings = settingsOf({ plaid: [{ item: 'item-1', accounts: {} }] });
  assert.deepEqual(told(facts, '2026-01-14', settings).attention, []);
  const late = told(facts, '2026-01-15', settings);
  assert.match(late.attention.join(), /1 payout from Stripe \(USD 30\.00\) has not reached the bank/);
  assert.equal(cash(late), 4_998n);
  assert.equal(held(late, 'transit:stripe'), 3_000n);
});

test('with Stripe alone, a payout has gone to a bank that nobody sees, on its day', () => {
  const facts = [
    stripeSide('ch', '2026-01-02', 5_000n),
    leg('po', '2026-01-05', 3_000n),
    payout('po', '2026-01-07', 3_000n),
  ];
  // A file of one other account makes it a question which money the bank holds.
  const other = file('a', '2025-12-01', 1n, { account: 'bank:old' });
  for (const [asOf, where] of [
    ['2026-01-06', 'transit:stripe'],
    ['2026-01-07', 'bank:unobserved'],
  ] as const) {
    const view = told([...facts, other], asOf);
    assert.equal(held(view, where), 3_000n, asOf);
    assert.equal(cash(view), 5_001n);
  }
});

test('payouts that an opening balance holds already count no second time', () => {
  const opening = file('o', '2026-01-31', 9_000n, {
    key: 'opening:bank:checking',
    lines: [{ category: 'opening_balance', amountMinor: 9_000n }],
  });
  const facts = [
    stripeSide('ch', '2026-01-02', 5_000n),
    leg('po', '2026-01-05', 3_000n),
    payout('po', '2026-01-07', 3_000n),
    opening,
    file('a', '2026-02-02', -10n),
  ];
  assert.equal(cash(told(facts)), 2_000n + 9_000n - 10n);
});

test('a payout that fails after it arrived goes back through transit, on both sides', () => {
  const settings = settingsOf({ plaid: [{ item: 'item-1', accounts: {} }] });
  const failed = [
    bank('first', '2026-01-02', 0n + 1n),
    stripeSide('ch', '2026-01-02', 5_000n),
    leg('po', '2026-01-05', 3_000n),
    stripeSide('pof', '2026-01-09', 3_000n, { counterAccount: 'transit:stripe' }),
    payout('po', '2026-01-07', 3_000n, { status: 'failed' }),
    bank('in', '2026-01-07', 3_000n, STRIPE_DEPOSIT),
  ];
  const kept = told(failed, '2026-02-28', settings);
  assert.equal(cash(kept), 5_001n);
  assert.match(kept.attention.join(), /failed at Stripe, but the bank shows the money as kept/);
  const back = told(
    [...failed, bank('out', '2026-01-12', -3_000n, { description: 'ACH DEBIT' })],
    '2026-02-28',
    settings,
  );
  assert.deepEqual([cash(back), spent(back), held(back, 'transit:stripe')], [5_001n, 0n, 0n]);
  assert.deepEqual(back.attention, []);
});

test('money that Stripe takes from the bank for its balance is a payout the other way round; its fees are not', () => {
  const topUp = [
    stripeSide('ch', '2026-01-02', 100n),
    stripeSide('tu', '2026-01-05', 3_000n, { counterAccount: 'transit:stripe' }),
    payout('tu', '2026-01-06', -3_000n),
    bank('a', '2026-01-06', -3_000n, { description: 'STRIPE TOPUP' }),
    bank('b', '2026-01-06', -42n, { description: 'STRIPE FEES' }),
  ];
  const view = told(topUp);
  assert.deepEqual([cash(view), spent(view)], [58n, 42n]);
});

test('money between own accounts is neither earned nor spent; equal money that says no such thing is', () => {
  const out = bank('a', '2026-01-05', -900n, { description: 'ONLINE TRANSFER TO SAV 1' });
  const into = bank('b', '2026-01-07', 900n, { account: 'bank:savings' });
  const view = told([out, into]);
  assert.deepEqual([cash(view), earned(view), spent(view)], [0n, 0n, 0n]);
  const silent = told([{ ...out, description: 'RENT' }, into]);
  assert.deepEqual([cash(silent), earned(silent), spent(silent)], [0n, 900n, 900n]);
  const late = told([out, { ...into, date: day('2026-01-09') }]);
  assert.equal(spent(late), 900n);
});

test('a connected card’s purchase is spent once: paying its bill moves money between own accounts', () => {
  const view = told([
    bank('p', '2026-01-03', -500n, { account: 'card:company' }),
    bank('c', '2026-01-20', -500n, {
      description: 'CARDMEMBER SERV',
      lines: [{ category: 'loan_payments', amountMinor: -500n }],
    }),
    bank('d', '2026-01-21', 500n, { account: 'card:company', description: 'PAYMENT THANK YOU' }),
  ]);
  assert.deepEqual([cash(view), spent(view), earned(view)], [-500n, 500n, 0n]);
});

test('a transaction of a type that nobody here knows is counted, and told of', () => {
  const view = told([
    stripeSide('x', '2026-01-02', -70n, { lines: [{ category: 'stripe_unclassified', amountMinor: -70n }] }),
  ]);
  assert.equal(cash(view), -70n);
  assert.match(view.attention.join(), /a type that is not known here/);
});
