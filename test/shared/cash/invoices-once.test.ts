/** A cloud's cost, its invoice and the bank's line are three tellings of one payment: only the line counts, and once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Fact, revision } from '../../../shared/event/fact.ts';
import { statementFact } from '../../../shared/event/statement.ts';
import { forecastRunway } from '../../../shared/model/runway.ts';
import { readInvoices } from '../../../shared/providers/aws-costs/invoices.ts';
import { invoicesOf } from '../../../shared/providers/gcp/invoices.ts';
import type { LedgerView } from '../../../shared/runway/ledger-view.ts';
import { runwayInputOf } from '../../../shared/runway/live-input.ts';
import { addDays, type CivilDate } from '../../../shared/time/civil-date.ts';
import { heard, viewFrom } from '../../support/cash-world.ts';
import { cashFact, day, usd } from '../../support/rows.ts';
import { settingsOf } from '../../support/settings.ts';

const AS_OF = day('2026-11-28');
const PAYER = '123456789012';
const settings = settingsOf({ plaid: [{ item: 'item-1', accounts: {} }] });

const bank = (id: string, date: string, amountMinor: bigint, counterparty: string): Fact =>
  cashFact({
    key: `plaid:item-1:acct:${id}`,
    source: 'plaid',
    account: 'bank:checking',
    date: day(date),
    counterparty,
    lines: [{ category: 'spending', amountMinor }],
  });

/** Months of 2026 that were billed, each paid on the third of the next. */
const MONTHS = Array.from({ length: 10 }, (_, index) => index + 1);
const month = (number: number): string => String(number).padStart(2, '0');
const third = (number: number): CivilDate => day(`2026-${month(number + 1)}-03`);

/** 100.00 every day, and what the cloud took each month, between 2,900.00 and 3,100.00, under a payee's name. */
const billed = (number: number): bigint => 290_000n + BigInt((number * 7_919) % 20_000);
const lines = (payee: string, surcharge = 0n): readonly Fact[] => [
  cashFact({
    key: 'opening',
    account: 'bank:checking',
    date: day('2025-12-31'),
    lines: [{ category: 'opening_balance', amountMinor: 9_000_000n }],
  }),
  ...Array.from({ length: 332 }, (_, index) =>
    bank(`d${index}`, addDays(day('2026-01-01'), index), -10_000n, 'Office'),
  ),
  ...MONTHS.map((number) => bank(`b${number}`, third(number), -billed(number) - surcharge, payee)),
];

const summary = (number: number, amountMinor: bigint, fields: object = {}): object => ({
  InvoiceId: `inv-${number}`,
  InvoiceType: 'INVOICE',
  BillType: 'ANNIVERSARY',
  DueDate: `${third(number)}T01:00:00.000Z`,
  BillingPeriod: { Year: 2026, Month: number },
  PaymentCurrencyAmount: {
    TotalAmount: `${amountMinor / 100n}.${String(amountMinor % 100n).padStart(2, '0')}`,
    CurrencyCode: 'USD',
  },
  ...fields,
});
const invoices = (...summaries: readonly object[]): readonly Fact[] => {
  const { facts, unreadable } = readInvoices(summaries, { payer: PAYER, readMs: 1 });
  assert.deepEqual(unreadable, []);
  return facts;
};
const past = MONTHS.map((number) => summary(number, billed(number)));
const open = (amountMinor: bigint): object => summary(11, amountMinor);

const view = (facts: readonly Fact[]): LedgerView =>
  viewFrom(heard([{ name: 'all', settings, facts }]), settings, AS_OF).view;

const p50 = (of: LedgerView): number =>
  forecastRunway({ ...runwayInputOf(settings, of, Date.parse(`${AS_OF}T12:00:00Z`)), paths: 1_000 }).days
    .p50 ?? Number.POSITIVE_INFINITY;

const BURN = 20_000n;

test('an invoice takes the place of the payment that the bank’s rhythm would name, and changes it by its difference', () => {
  const told = lines('AWS EMEA');
  const plain = p50(view(told));
  const same = view([...told, ...invoices(...past, open(300_000n))]);
  assert.equal(same.balances.get(usd), view(told).balances.get(usd));
  assert.deepEqual(
    same.expected.map(({ id, amountMinor, stream }) => [id, amountMinor, stream]),
    [[`awsinv:${PAYER}:inv-11`, -300_000n, 'spending/aws_emea']],
  );
  assert.ok(Math.abs(p50(same) - plain) <= 3, `${p50(same)} ${plain}`);
  // Three times the usual bill, far from what its rhythm knows: 6,000.00 more, once; 9,000.00 would count the usual one as well.
  const dearer = p50(view([...told, ...invoices(...past, open(900_000n))]));
  const days = Number(600_000n / BURN);
  assert.ok(plain - dearer <= days + 3 && plain - dearer >= days - 12, `${plain} ${dearer}`);
});

test('invoices that an unconnected card pays are in its own bill, and are not expected as well', () => {
  // The card's bill has other things in it.
  const told = lines('CHASE CARD', 50_000n);
  const of = view([...told, ...invoices(...past, open(300_000n))]);
  assert.deepEqual(of.expected, []);
  assert.match(of.notes.join(), /no payment of an invoice of Amazon Web Services is found/);
  assert.equal(p50(of), p50(view(told)));
});

test('the first invoice of all is expected; where no bank tells what pays it, none is', () => {
  const told = lines('AWS EMEA').filter(({ key }) => !key.includes(':b'));
  const first = view([...told, ...invoices(open(300_000n))]);
  assert.deepEqual([first.expected.length, first.notes], [1, []]);
  assert.ok(p50(view(told)) - p50(first) >= 20, 'it comes on top of what the bank shows');
  const blind = view([
    cashFact({ key: 'one', date: day('2026-11-01'), amountMinor: -5n }),
    ...invoices(...past, open(300_000n)),
  ]);
  assert.deepEqual(blind.expected, []);
  assert.match(blind.notes.join(), /no bank is connected that would show what pays Amazon Web Services/);
});

test('costs of days beside an invoice and a line add nothing', () => {
  const told = [...lines('AWS EMEA'), ...invoices(...past, open(300_000n))];
  const costs = Array.from({ length: 60 }, (_, index) => {
    const date = addDays(AS_OF, -1 - index);
    return statementFact(
      { key: `ce:${PAYER}:${date}:EC2:Usage`, revision: revision('final', 1), source: 'aws', date },
      'cost',
      {
        ...{ provider: 'aws', service: 'EC2', recordType: 'usage', amount: '100', currency: 'USD' },
        estimated: false,
      },
    );
  });
  assert.equal(p50(view([...told, ...costs])), p50(view(told)));
});

test('a memo that lessens an open invoice and the invoice are paid by one line of their sum', () => {
  const memo = (amount: string) => ({
    ...summary(11, 0n),
    ...{ InvoiceId: 'memo', InvoiceType: 'CREDIT_MEMO', OriginalInvoiceId: 'inv-11' },
    DueDate: '2026-11-25T01:00:00.000Z',
    PaymentCurrencyAmount: { TotalAmount: amount, CurrencyCode: 'USD' },
  });
  for (const amount of ['400.00', '-400.00']) {
    const facts = [...lines('AWS EMEA'), ...invoices(...past, open(300_000n), memo(amount))];
    const due = view(facts).expected.map(({ dueDate, amountMinor }) => [dueDate, amountMinor]);
    assert.deepEqual(due.sort(), [
      ['2026-12-03', -300_000n],
      ['2026-12-03', 40_000n],
    ]);
    const paid = viewFrom(
      heard([{ name: 'all', settings, facts: [...facts, bank('p', '2026-12-04', -260_000n, 'AWS EMEA')] }]),
      settings,
      day('2026-12-05'),
    ).view;
    assert.deepEqual(paid.expected, []);
  }
});

test('Google’s month is one invoice, and is found at the bank like any other', () => {
  const costs = [...MONTHS, 11].flatMap((number) => [
    { date: day(`2026-${month(number)}-01`), amount: `${billed(number) / 100n + 500n}.005` },
    { date: day(`2026-${month(number)}-01`), amount: `-500.005` },
  ]);
  const bodies = costs.map(({ date, amount }) => ({
    date,
    body: {
      ...{ provider: 'gcp', service: 'Compute Engine', recordType: 'usage', amount, currency: 'USD' },
      estimated: false,
    },
  }));
  const billing = { billingAccount: '01AB23-CD45EF-678901', dueDay: 3 };
  const paid = MONTHS.map((number) =>
    bank(`g${number}`, third(number), -(billed(number) / 100n) * 100n, 'GOOGLE CLOUD EMEA'),
  );
  const told = [...lines('x').filter(({ key }) => !key.includes(':b')), ...paid];
  assert.deepEqual(
    invoicesOf(bodies, billing, AS_OF, 1).map(({ date }) => date),
    MONTHS.map(third),
    'a month that is not over has no invoice',
  );
  const owed = invoicesOf(bodies, billing, day('2026-12-01'), 1);
  const of = view([...told, ...owed]);
  assert.deepEqual(
    of.expected.map(({ dueDate, stream }) => [dueDate, stream]),
    [['2026-12-03', 'spending/google_cloud_emea']],
  );
  assert.ok(Math.abs(p50(of) - p50(view(told))) <= 3);
});
