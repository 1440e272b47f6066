/** What providers do to money, each case through the code that reads them and all that is derived: cash counts once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { Fact } from '../../shared/event/fact.ts';
import { statementFacts } from '../../shared/providers/csv/facts.ts';
import { stripe } from '../../shared/providers/stripe/webhook.ts';
import type { LedgerView } from '../../shared/runway/ledger-view.ts';
import { civilDateIn } from '../../shared/time/civil-date.ts';
import { heard, type Telling, viewFrom } from '../support/cash-world.ts';
import { bankRow, ITEM } from '../support/plaid-payloads.ts';
import { day, usd } from '../support/rows.ts';
import { settingsOf } from '../support/settings.ts';
import {
  bodyOf,
  CREATED,
  charge,
  dispute,
  event,
  payout,
  refund,
  transaction,
} from '../support/stripe-payloads.ts';
import { type Members, type Teller, tellerOf } from '../support/teller.ts';

const WITH_BANK = settingsOf({ plaid: [{ item: ITEM, accounts: { 'acct-checking': 'bank:checking' } }] });
const AS_OF = '2026-02-28';

const world = (settings: TenantSettings = WITH_BANK): Teller => tellerOf(settings, 1);
const seen = (tellings: readonly Telling[], asOf = AS_OF): LedgerView =>
  viewFrom(heard(tellings), tellings[0]?.settings ?? WITH_BANK, day(asOf)).view;
const cash = (tellings: readonly Telling[], asOf = AS_OF): bigint =>
  seen(tellings, asOf).balances.get(usd) ?? 0n;
const held = (view: LedgerView, account: string): bigint =>
  view.accounts.filter((each) => each.account === account).reduce((sum, each) => sum + each.deltaMinor, 0n);

const deposit = (at: Teller, amount: number, fields: Members = {}): Telling =>
  at.update('deposit', {
    added: [
      bankRow({
        transaction_id: 'dep',
        amount: -amount,
        date: '2026-02-03',
        name: 'STRIPE TRANSFER',
        ...fields,
      }),
    ],
  });

/** Every order of a few tellings. */
const orders = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  items.length < 2
    ? [items]
    : items.flatMap((item, index) =>
        orders(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
      );

test('5 fetched first, then told by webhooks, then seen at the bank: one payout, whatever comes first', () => {
  const at = world();
  const charged = at.stripeEvent('charge', 'charge.succeeded', charge());
  const settled = at.fetched({ id: 'txn_ch1' });
  const first = at.update('first', {
    added: [bankRow({ transaction_id: 'a', amount: 1, date: '2026-01-05' })],
  });
  const life = [
    at.fetched({
      id: 'txn_po1',
      type: 'payout',
      amount: -3000,
      fee: 0,
      source: 'po_1',
      created: CREATED + 120,
    }),
    at.stripeEvent('made', 'payout.created', payout({ status: 'in_transit' })),
    at.stripeEvent('paid', 'payout.paid', payout()),
    deposit(at, 30),
  ];
  const base = [charged, settled, first];
  const total = cash(base);
  assert.equal(total, 4728n - 100n);
  for (const order of orders(life))
    for (let length = 0; length <= order.length; length += 1)
      assert.equal(cash([...base, ...order.slice(0, length)]), total, order.map(({ name }) => name).join());
  assert.equal(held(seen([...base, ...life]), 'bank:checking'), 2900n);
  assert.equal(held(seen([...base, ...life]), 'transit:stripe'), 0n);
});

test('6 payout paid, then failed: the money is back at Stripe, with or without a trip to the bank', () => {
  const at = world();
  const base = [
    at.fetched({ id: 'txn_ch1' }),
    at.update('first', { added: [bankRow({ transaction_id: 'a', amount: 1, date: '2026-01-05' })] }),
  ];
  const failed = payout({ status: 'failed', failure_balance_transaction: 'txn_po1f' });
  const told = [
    at.stripeEvent('paid', 'payout.paid', payout()),
    at.stripeEvent('failed', 'payout.failed', failed),
    at.fetched({
      id: 'txn_po1f',
      type: 'payout_failure',
      amount: 3000,
      fee: 0,
      source: 'po_1',
      created: CREATED + 400_000,
    }),
  ];
  for (const order of orders(told)) {
    const never = seen([...base, ...order]);
    assert.equal(never.balances.get(usd), 4628n);
    assert.equal(held(never, 'stripe_balance'), 4728n);
    assert.deepEqual(never.attention, []);
  }
  const bounced = [
    deposit(at, 30),
    deposit(at, -30, { transaction_id: 'back', date: '2026-02-06', name: 'STRIPE RETURNED' }),
  ];
  const view = seen([...base, ...told, ...bounced]);
  assert.equal(view.balances.get(usd), 4628n);
  assert.equal(held(view, 'bank:checking'), -100n);
  assert.deepEqual(view.attention, []);
});

test('7 a dispute: an inquiry costs nothing, a withdrawal its amount and fee, a reinstatement gives the amount back', () => {
  const at = world(settingsOf());
  const out = transaction({ id: 'txn_dp1', type: 'adjustment', amount: -25_000, fee: 1500, source: 'dp_1' });
  const back = transaction({ id: 'txn_dp2', type: 'adjustment', amount: 25_000, fee: 0, source: 'dp_1' });
  const told = [
    at.stripeEvent('inquiry', 'charge.dispute.created', dispute([], { status: 'warning_needs_response' })),
    at.stripeEvent('withdrawn', 'charge.dispute.funds_withdrawn', dispute([out])),
    at.stripeEvent('reinstated', 'charge.dispute.funds_reinstated', dispute([out, back])),
  ];
  assert.deepEqual(
    [1, 2, 3].map((length) => cash(told.slice(0, length))),
    [0n, -26_500n, -1_500n],
  );
  for (const order of orders(told)) assert.equal(cash(order), -1_500n);
});

test('2 two event objects, a webhook and a fetched row about one refund are one refund; 4 an equal one is another', () => {
  const at = world(settingsOf());
  const one = [
    at.stripeEvent('created', 'refund.created', refund()),
    at.stripeEvent('updated', 'refund.updated', refund()),
    at.fetched({ id: 'txn_re1', type: 'refund', amount: -1000, fee: 0, source: 're_1' }),
  ];
  const two = at.stripeEvent(
    'second',
    'refund.created',
    refund({ id: 're_2', balance_transaction: 'txn_re2' }),
  );
  for (const order of orders(one)) assert.equal(cash(order), -1000n);
  assert.equal(cash([...one, two]), -2000n);
});

test('9 money of other currencies keeps its own minor units, and none of it turns into dollars', () => {
  const at = world(settingsOf());
  const told = [
    ['isk', 4900, 49n],
    ['ugx', 4900, 49n],
    ['jpy', 4900, 4900n],
    ['kwd', 4900, 4900n],
    ['mga', 49, 4900n],
  ] as const;
  const tellings = told.map(([currency, amount]) =>
    at.fetched({ id: `txn_${currency}`, amount, fee: 0, currency, source: `ch_${currency}` }),
  );
  const { balances } = seen(tellings);
  for (const [currency, , minor] of told)
    assert.equal(new Map<string, bigint>(balances).get(currency.toUpperCase()), minor, currency);
  assert.equal(balances.get(usd) ?? 0n, 0n);
});

test('13 and 14 a posted row’s sign is turned, and its correction moves the money and its day', () => {
  const at = world();
  const posted = bankRow({ transaction_id: 'a', amount: 12.34, date: '2026-01-30' });
  const told = [
    at.update('posted', { added: [posted] }),
    at.update('modified', { modified: [{ ...posted, amount: 10, date: '2026-02-02' }] }),
  ];
  assert.deepEqual(
    seen(told.slice(0, 1)).days.map(({ date, netMinor }) => [date, netMinor]),
    [['2026-01-30', -1234n]],
  );
  for (const order of orders(told))
    assert.deepEqual(
      seen(order).days.map(({ date, netMinor }) => [date, netMinor]),
      [['2026-02-02', -1000n]],
    );
  const rows = heard(told).filter(({ pk }) => pk.endsWith(':a'));
  assert.deepEqual(
    rows.map(({ kind, sk }) => [kind, sk]),
    [
      ['fact', '00000001'],
      ['reversal', '00000001~reversal'],
      ['fact', '00000002'],
    ],
  );
});

test('21 a file over days that the bank’s feed tells adds nothing; over days before, it counts, equal rows and all', () => {
  const at = world();
  const row = (line: number, date: string) => ({
    line,
    date: day(date),
    amountMinor: -500n,
    description: 'COFFEE',
  });
  const fileOf = (name: string, dates: readonly string[]): Telling => ({
    name,
    settings: WITH_BANK,
    facts: statementFacts(
      {
        account: 'bank:checking',
        currency: usd,
        coverage: { from: day('2026-01-01'), to: day('2026-02-10'), partialDays: [] },
        lines: dates.map((date, index) => row(index + 2, date)),
        repeatedLines: 0,
      },
      WITH_BANK,
    ).map(({ fact }): Fact => fact),
  });
  const fed = at.update('fed', {
    added: ['2026-02-01', '2026-02-05'].map((date, index) =>
      bankRow({ transaction_id: `t${index}`, amount: 5, date, name: 'COFFEE' }),
    ),
  });
  const file = fileOf('file', ['2026-01-10', '2026-01-10', '2026-02-01', '2026-02-05']);
  const again = fileOf('again', ['2026-01-10', '2026-01-10', '2026-01-20']);
  for (const order of orders([fed, file, again, file])) {
    const view = seen(order);
    assert.equal(view.balances.get(usd), -2500n);
    assert.match(
      view.notes.join(),
      /2 lines of bank:checking told by csv from 2026-02-01 to 2026-02-05 are kept/,
    );
  }
});

const secondsOf = (instant: string): number => Date.parse(instant) / 1000;

test('24 days of 23 and 25 hours, and the last second of a month, are the accounting zone’s', () => {
  const newYork = settingsOf({ accountingZone: 'America/New_York' });
  const dateOf = (settings: TenantSettings, instant: string): string | undefined =>
    world(settings).fetched({ created: secondsOf(instant) }).facts[0]?.date;
  const cases = [
    // Clocks go forward on 8 March 2026 at 02:00: the day ends at 04:00 UTC, not at 05:00.
    ['2026-03-08T04:59:59Z', '2026-03-07', '2026-03-08'],
    ['2026-03-08T05:00:00Z', '2026-03-08', '2026-03-08'],
    ['2026-03-09T03:59:59Z', '2026-03-08', '2026-03-09'],
    ['2026-03-09T04:00:00Z', '2026-03-09', '2026-03-09'],
    // And back on 1 November 2026: that day has 25 hours.
    ['2026-11-01T03:59:59Z', '2026-10-31', '2026-11-01'],
    ['2026-11-01T04:00:00Z', '2026-11-01', '2026-11-01'],
    ['2026-11-02T04:59:59Z', '2026-11-01', '2026-11-02'],
    ['2026-11-02T05:00:00Z', '2026-11-02', '2026-11-02'],
    ['2026-03-01T04:59:59Z', '2026-02-28', '2026-03-01'],
  ] as const;
  for (const [instant, there, utc] of cases) {
    assert.equal(dateOf(newYork, instant), there, instant);
    assert.equal(dateOf(settingsOf(), instant), utc, instant);
    assert.equal(civilDateIn('America/New_York', Date.parse(instant)), there);
  }
});

test('24 dates that a provider gives as dates stay the dates they are, in every zone', () => {
  const arrives = secondsOf('2026-03-09T00:00:00Z');
  for (const accountingZone of ['America/New_York', 'Pacific/Kiritimati', 'UTC']) {
    const settings = settingsOf({ accountingZone, plaid: WITH_BANK.plaid ?? [] });
    const reading = stripe.interpret(
      bodyOf(event('payout.paid', payout({ arrival_date: arrives }))),
      settings,
    );
    const bodies =
      reading.outcome === 'facts'
        ? reading.events.flatMap((each) =>
            'fact' in each && each.fact.kind === 'statement' ? [each.fact.body] : [],
          )
        : [];
    assert.match(bodies.join(), /"arrivalDate":"2026-03-09"/, accountingZone);
    const row = bankRow({ date: '2026-03-08', datetime: '2026-03-08T00:00:00Z' });
    assert.equal(world(settings).update('row', { added: [row] }).facts[0]?.date, '2026-03-08');
  }
});
