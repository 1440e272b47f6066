/** What Gusto tells, beside a bank that tells the same money and without one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GustoCompany } from '../../../shared/contract/tenant.ts';
import type { CashFact } from '../../../shared/event/fact.ts';
import type { StatementFact } from '../../../shared/event/statement.ts';
import { expectedDays } from '../../../shared/model/expected-days.ts';
import { forecastRunway } from '../../../shared/model/runway.ts';
import { contractorFacts, readContractorPayment } from '../../../shared/providers/gusto/contractor.ts';
import { type Fetching, payrollFacts } from '../../../shared/providers/gusto/facts.ts';
import { readPayroll } from '../../../shared/providers/gusto/payroll.ts';
import {
  type KnownRecovery,
  readRecoveryCase,
  recoveryFacts,
} from '../../../shared/providers/gusto/recovery.ts';
import type { LedgerView } from '../../../shared/runway/ledger-view.ts';
import { runwayInputOf } from '../../../shared/runway/live-input.ts';
import { addDays, type CivilDate } from '../../../shared/time/civil-date.ts';
import { heard, viewFrom } from '../../support/cash-world.ts';
import {
  COMPANY,
  contractorPayment,
  draft,
  PAYROLL,
  payroll,
  recoveryCase,
} from '../../support/gusto-payloads.ts';
import { ITEM } from '../../support/plaid-payloads.ts';
import { cashFact, day, usd } from '../../support/rows.ts';
import { settingsOf } from '../../support/settings.ts';

type Told = readonly (CashFact | StatementFact)[];
type Fields = Readonly<Record<string, unknown>>;

const company: GustoCompany = { company: COMPANY, taxes: 'impound' };
const settings = settingsOf({ gusto: company, plaid: [{ item: ITEM, accounts: {} }] });

const noon = (date: string): number => Date.parse(`${date}T12:00:00Z`);
const fetchedOn = (date: string, failed: readonly string[] = []): Fetching => ({
  settings,
  company: COMPANY,
  fetchedMs: noon(date),
  failed: new Set(failed),
});

const run = (value: Fields, fetching: Fetching): Told => {
  const read = readPayroll(value, undefined, company, 'UTC');
  assert.ok(typeof read === 'object', String(read));
  return payrollFacts(read, fetching);
};

const recovery = (fields: Fields, known: KnownRecovery, on: string): Told => {
  const read = readRecoveryCase(recoveryCase(fields));
  assert.ok(typeof read === 'object', String(read));
  return recoveryFacts(read, known, fetchedOn(on));
};

const bank = (id: string, date: string, amountMinor: bigint, name = 'GUSTO PAY'): CashFact =>
  cashFact({
    key: `plaid:${ITEM}:acct:${id}`,
    source: 'plaid',
    account: 'bank:checking',
    date: day(date),
    amountMinor,
    description: name,
    counterparty: 'Gusto',
  });

const viewOf = (facts: Told, on: string): LedgerView =>
  viewFrom(heard([{ name: 'all', settings, facts }]), settings, day(on)).view;
const cash = (view: LedgerView): bigint => view.balances.get(usd) ?? 0n;

const DEBIT = -1_825_040n;
const NO_CHECKS: Fields = { check_amount: '0.00' };
const uncashed = (): Fields => {
  const { totals } = payroll() as { totals: Fields };
  return payroll({ totals: { ...totals, ...NO_CHECKS } });
};

test('16 a failed debit beside a bank: its lines are the cash, the rest is owed once and said, until it is recovered', () => {
  const start = bank('start', '2026-02-02', 9_000_000n, 'DEPOSIT');
  const failed = [
    start,
    ...run(uncashed(), fetchedOn('2026-03-16', [PAYROLL])),
    ...recovery({}, { returnedMinor: 0n }, '2026-03-16'),
  ];
  const seen = [bank('out', '2026-03-11', DEBIT), bank('back', '2026-03-12', -DEBIT, 'GUSTO RETURN')];
  for (const lines of [[], seen]) {
    const view = viewOf([...failed, ...lines], '2026-03-16');
    assert.equal(cash(view), 9_000_000n);
    assert.deepEqual(
      view.expected.map(({ dueDate, amountMinor, isBeside }) => [dueDate, amountMinor, isBeside]),
      [['2026-03-20', DEBIT, true]],
    );
    assert.match(view.attention.join(), /Gusto could not debit USD 18250\.40/);
  }
  const again = [...failed, ...seen, bank('again', '2026-03-18', DEBIT)];
  const taken = viewOf(again, '2026-03-18');
  assert.deepEqual([cash(taken), taken.expected], [9_000_000n + DEBIT, []], 'the bank knows it first');
  const known = { returnedMinor: -DEBIT, dueDate: day('2026-03-20') };
  const cleared = viewOf(
    [...again, ...recovery({ status: 'recovered', amount_outstanding: '0' }, known, '2026-03-19')],
    '2026-03-19',
  );
  assert.deepEqual([cash(cleared), cleared.expected, cleared.attention], [9_000_000n + DEBIT, [], []]);
});

test('16 of a failed debit that is recovered in part, the rest is still owed where no bank tells', () => {
  const on = '2026-03-18';
  const view = viewOf(
    [
      ...run(uncashed(), fetchedOn(on, [PAYROLL])),
      ...recovery(
        { status: 'redebit_initiated', amount_outstanding: '8250.40' },
        { returnedMinor: -DEBIT },
        on,
      ),
    ],
    on,
  );
  assert.equal(cash(view), DEBIT + 825_040n);
  assert.deepEqual(
    view.expected.map(({ amountMinor }) => amountMinor),
    [-825_040n],
  );
});

test('16 contractor payments of one day are settled by one debit of their sum, a check by its own line', () => {
  const pay = (fields: Fields): Told => {
    const read = readContractorPayment(contractorPayment(fields));
    assert.ok(typeof read === 'object', String(read));
    return contractorFacts(read, day('2026-03-11'), fetchedOn('2026-03-11'));
  };
  const told = [
    bank('start', '2026-02-02', 9_000_000n, 'DEPOSIT'),
    ...pay({ uuid: 'a' }),
    ...pay({ uuid: 'b', wage_total: '259.50' }),
    ...pay({ uuid: 'c', payment_method: 'Check', wage_total: '30.00', reimbursement: '0' }),
  ];
  const open = viewOf(told, '2026-03-11');
  assert.deepEqual(
    open.expected.map(({ amountMinor }) => amountMinor),
    [-3_000n, -84_050n, -36_000n],
  );
  const paid = viewOf(
    [...told, bank('one', '2026-03-11', -120_050n), bank('check', '2026-03-13', -3_000n, 'CHECK 1')],
    '2026-03-13',
  );
  assert.deepEqual([cash(paid), paid.expected], [9_000_000n - 123_050n, []]);
});

/** Paydays that were, the last on 13 March, and those that come; each is debited two days before. */
const everyOtherFriday = (count: number): readonly CivilDate[] =>
  Array.from({ length: count }, (_, index) => addDays(day('2026-03-13'), 14 * (index + 1 - count)));
const monthly = (count: number): readonly CivilDate[] =>
  Array.from({ length: count }, (_, index) =>
    day(new Date(Date.UTC(2026, 2 + index + 1 - count, 13)).toISOString().slice(0, 10)),
  );
/** Small change on Mondays, as every company pays: without it four paydays are too few payments for a forecast. */
const tools = (from: CivilDate, isBanked: boolean): Told =>
  Array.from({ length: 80 }, (_, week) => addDays(day('2026-03-16'), -7 * week))
    .filter((date) => date >= from)
    .map((date) => ({
      ...bank(`tools-${date}`, date, -100n, 'TOOLS'),
      counterparty: 'Tools',
      ...(!isBanked && { key: `gen:${date}`, source: 'generic', account: 'manual' }),
    }));
const RHYTHMS = [
  { name: '20 fortnights', dates: everyOtherFriday(20), ahead: ['2026-03-27', '2026-04-10'] },
  { name: '8 fortnights', dates: everyOtherFriday(8), ahead: ['2026-03-27', '2026-04-10'] },
  { name: '12 months', dates: monthly(12), ahead: ['2026-04-13', '2026-05-13'] },
  { name: '4 months', dates: monthly(4), ahead: ['2026-04-13', '2026-05-13'] },
];
const on = (date: CivilDate, index: number): Fields =>
  payroll({
    payroll_uuid: `p${index}`,
    check_date: date,
    totals: { company_debit: '18000.00', net_pay_debit: '12000.00', tax_debit: '6000.00' },
    payroll_status_meta: { expected_debit_time: `${addDays(date, -2)}T20:00:00Z` },
  });

test('16 a payday that nobody calculated yet is in the forecast, by its rhythm, and once it is run it comes no second time', () => {
  const asOf = '2026-03-20';
  const fetching = fetchedOn(asOf);
  for (const { name, dates, ahead } of RHYTHMS)
    for (const isBanked of [true, false]) {
      const story = `${name}, ${isBanked ? 'beside a bank' : 'by Gusto alone'}`;
      const history = [
        bank('start', addDays(dates[0] ?? day(asOf), -10), 90_000_000n, 'DEPOSIT'),
        ...dates.flatMap((date, index) => run(on(date, index), fetching)),
        ...dates.map((date, index) => bank(`d${index}`, addDays(date, -2), -1_800_000n)),
        ...tools(dates[0] ?? day(asOf), isBanked),
      ].filter(({ source }) => isBanked || source !== 'plaid');
      const next = on(day(ahead[0] ?? ''), 99);
      const [before = 0, after = 0] = [draft({ ...next, processed: false }), next].map((payday) => {
        const view = viewOf([...history, ...run(payday, fetching)], asOf);
        const input = { ...runwayInputOf(settings, view, noon(asOf)), balanceMinor: 20_700_000n };
        const days = expectedDays(input, 60).filter(({ outflowMinor }) => outflowMinor > 100_000n);
        assert.deepEqual(
          days.slice(0, 2).map(({ date }) => date),
          ahead.map((date) => addDays(day(date), -2)),
          story,
        );
        for (const { outflowMinor } of days)
          assert.ok(outflowMinor > 1_700_000n && outflowMinor < 1_900_000n, `${story}: ${outflowMinor}`);
        return forecastRunway({ ...input, paths: 1_000, horizonDays: 500 }).days.p50 ?? 0;
      });
      // Told, it is certain: a few days more or a month longer, but a payday that counts twice would shorten the runway.
      assert.ok(after > before - 7 && after < before + 31, `${story}: runway ${before}, then ${after}`);
    }
});

test('16 a failed debit comes beside the next payday, and takes the place of none', () => {
  const asOf = '2026-03-20';
  const dates = everyOtherFriday(20);
  const history = [
    bank('start', '2025-06-02', 90_000_000n, 'DEPOSIT'),
    ...dates.flatMap((date, index) => run(on(date, index), fetchedOn(asOf, ['p19']))),
    ...dates.map((date, index) => bank(`d${index}`, addDays(date, -2), -1_800_000n)),
    bank('back', '2026-03-13', 1_800_000n, 'GUSTO RETURN'),
    ...recovery({ payroll_uuid: 'p19', amount_outstanding: '18000.00' }, { returnedMinor: 0n }, asOf),
  ];
  const input = runwayInputOf(settings, viewOf(history, asOf), noon(asOf));
  const paid = expectedDays(input, 10).filter(({ outflowMinor }) => outflowMinor > 100_000n);
  assert.deepEqual(
    paid.map(({ date }) => date),
    ['2026-03-25', '2026-03-26'],
  );
});
