import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { GustoCompany } from '../../../../shared/contract/tenant.ts';
import { achFact, type Fetching, payrollFacts } from '../../../../shared/providers/gusto/facts.ts';
import { type GustoPayroll, readPayroll } from '../../../../shared/providers/gusto/payroll.ts';
import { depositDay } from '../../../../shared/providers/gusto/tax-deposit.ts';
import { type CivilDate, weekday } from '../../../../shared/time/civil-date.ts';
import {
  COMPANY,
  draft,
  PAYROLL,
  payroll,
  receipt,
  TOTALS,
  transfer,
} from '../../../support/gusto-payloads.ts';
import { settingsOf } from '../../../support/settings.ts';

const company: GustoCompany = { company: COMPANY, taxes: 'impound' };
const settings = settingsOf({ gusto: company });
const day = (text: string): CivilDate => text as CivilDate;

const fetchedOn = (date: string): Fetching => ({
  settings,
  company: COMPANY,
  fetchedMs: Date.parse(`${date}T12:00:00Z`),
  failed: new Set(),
});

const read = (value: unknown, given: unknown = receipt(), at = company): GustoPayroll => {
  const found = readPayroll(value, given, at, 'UTC');
  assert.ok(typeof found === 'object', String(found));
  return found;
};

interface Said {
  /** Leg, amount, due date and status of each commitment. */
  readonly owed: readonly (readonly unknown[])[];
  /** What left. */
  readonly left: bigint;
}

const said = (value: GustoPayroll, on: string): Said => {
  const facts = payrollFacts(value, fetchedOn(on));
  const owed = facts.flatMap((fact) => {
    if (fact.kind !== 'statement' || fact.body === null) return [];
    const { leg, amountMinor, dueDate, status } = JSON.parse(fact.body);
    return [[leg, amountMinor, dueDate, status]];
  });
  const lines = facts.flatMap((fact) => (fact.kind === 'cash' ? fact.lines : []));
  return { owed, left: lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n) };
};

test('16 the legs add up to company_debit, with checks beside it, each on the day its money leaves', () => {
  const { owed, left } = said(read(payroll()), '2026-03-09');
  assert.deepEqual(owed, [
    ['net_debit', '-1180000', '2026-03-11', 'expected'],
    ['tax_debit', '-610015', '2026-03-11', 'expected'],
    ['reimb_debit', '-20025', '2026-03-11', 'expected'],
    ['child_support_debit', '-15000', '2026-03-11', 'expected'],
    ['checks', '-90050', '2026-03-13', 'expected'],
  ]);
  assert.equal(left, 0n);
  const found = readPayroll(
    payroll({ totals: { ...TOTALS, company_debit: '18250.41' } }),
    undefined,
    company,
    'UTC',
  );
  assert.match(String(found), /add up to 1825040, but company_debit is 1825041/);
});

test('16 any amounts: what is owed is what the company is debited, and checks', () => {
  const cents = fc.integer({ min: 0, max: 10_000_000 });
  const text = (amount: number): string => (amount / 100).toFixed(2);
  fc.assert(
    fc.property(
      cents,
      cents,
      cents,
      cents,
      cents,
      fc.boolean(),
      (net, tax, reimbursed, support, checks, back) => {
        const sign = back ? -1 : 1;
        const totals = {
          company_debit: text(sign * (net + tax + reimbursed + support)),
          net_pay_debit: text(sign * net),
          tax_debit: text(sign * tax),
          reimbursement_debit: text(sign * reimbursed),
          child_support_debit: text(sign * support),
          check_amount: text(sign * checks),
        };
        const { owed } = said(read(payroll({ totals })), '2026-03-09');
        const sum = owed.reduce((total, [, amount]) => total + BigInt(String(amount)), 0n);
        assert.equal(sum, BigInt(-sign * (net + tax + reimbursed + support + checks)));
        assert.equal(said(read(payroll({ totals })), '2026-03-20').left, sum);
      },
    ),
  );
});

test('16 money leaves on the debit date, checks on the payday', () => {
  assert.equal(said(read(payroll()), '2026-03-10').left, 0n);
  assert.equal(said(read(payroll()), '2026-03-11').left, -1_825_040n);
  assert.equal(said(read(payroll()), '2026-03-13').left, -1_915_090n);
});

test('16 the debit date is the receipt’s, else the expected one, else the payday', () => {
  const due = (value: unknown, given: unknown): unknown =>
    said(read(value, given), '2026-03-01').owed[0]?.[2];
  assert.equal(due(payroll(), receipt({ debit_date: '2026-03-10' })), '2026-03-10');
  assert.equal(due(payroll(), null), '2026-03-11');
  assert.equal(due(payroll({ payroll_status_meta: null }), null), '2026-03-13');
});

test('16 processed, then cancelled: nothing is owed and nothing has left', () => {
  assert.deepEqual(said(read(draft()), '2026-03-20'), { owed: [], left: 0n });
  const kept = said(read(payroll({ processed: false })), '2026-03-20');
  assert.ok(kept.owed.every(([, , , status]) => status === 'cancelled'));
  assert.equal(kept.left, 0n);
  const keys = (value: unknown): string[] =>
    payrollFacts(read(value), fetchedOn('2026-03-20'))
      .map(({ key }) => key)
      .sort();
  assert.deepEqual(keys(draft()), keys(payroll()), 'the same facts, or the old ones would stand');
});

test('16 a payroll that was run elsewhere is no debit of Gusto’s', () => {
  assert.equal(said(read(payroll({ external: true })), '2026-03-20').left, 0n);
});

test('16 a reversal is a payroll of its own, and both count', () => {
  const back = read(
    payroll({
      payroll_uuid: 'back',
      totals: { company_debit: '-18250.40', net_pay_debit: '-12150.25', tax_debit: '-6100.15' },
    }),
  );
  assert.equal(said(back, '2026-03-20').left, 1_825_040n);
  assert.equal(said(read(payroll({ reversal_payroll_uuids: ['back'] })), '2026-03-20').left, -1_915_090n);
  assert.deepEqual(read(payroll({ reversal_payroll_uuids: ['back'] })).reversals, ['back']);
});

test('16 a company that remits its own taxes pays them on their day, unless Gusto debits them', () => {
  const remitted = payroll({ totals: { ...TOTALS, company_debit: '12150.25', tax_debit: '0.00' } });
  const taxes = (value: unknown, at: GustoCompany['taxes']): readonly unknown[] | undefined =>
    said(read(value, receipt(), { company: COMPANY, taxes: at }), '2026-03-01').owed.find(
      ([leg]) => leg === 'tax_debit',
    );
  assert.deepEqual(taxes(remitted, 'monthly'), ['tax_debit', '-610015', '2026-04-15', 'expected']);
  assert.deepEqual(taxes(remitted, 'semi_weekly'), ['tax_debit', '-610015', '2026-03-18', 'expected']);
  assert.equal(taxes(remitted, 'impound'), undefined);
  assert.deepEqual(taxes(payroll(), 'monthly'), ['tax_debit', '-610015', '2026-03-11', 'expected']);
});

test('16 deposit days: Wednesday to Friday on the next Wednesday, Saturday to Tuesday on the next Friday', () => {
  const due = (payday: string): string => depositDay(day(payday), 'semi_weekly');
  assert.deepEqual(
    ['2026-03-11', '2026-03-12', '2026-03-13', '2026-03-14', '2026-03-15', '2026-03-16', '2026-03-17'].map(
      due,
    ),
    ['2026-03-18', '2026-03-18', '2026-03-18', '2026-03-20', '2026-03-20', '2026-03-20', '2026-03-20'],
  );
  assert.equal(depositDay(day('2026-12-31'), 'monthly'), '2027-01-15');
  assert.equal(depositDay(day('2026-01-30'), 'monthly'), '2026-02-16', 'the 15th is a Sunday');
  assert.ok(weekday(depositDay(day('2026-07-03'), 'monthly')) <= 5);
});

test('16 an ACH credit is Gusto’s own money and not counted; a debit is a label', () => {
  const at = fetchedOn('2026-03-12');
  assert.equal(achFact(transfer({ payment_direction: 'credit' }), at), undefined);
  const debit = achFact(transfer(), at);
  assert.ok(typeof debit === 'object' && debit.body !== null);
  assert.equal(debit.key, `gusto:${COMPANY}:ach:${transfer()['uuid']}`);
  assert.deepEqual(
    [debit.subject, debit.description, debit.metadata?.['payroll']],
    ['payment', 'PAY 771203', PAYROLL],
  );
  assert.equal(JSON.parse(debit.body).amountMinor, '-1825040');
  for (const status of ['unsubmitted', 'failed']) {
    const none = achFact(transfer({ payment_status: status }), at);
    assert.ok(typeof none === 'object' && none.body === null, status);
  }
  assert.equal(typeof achFact(transfer({ amount: '12,00' }), at), 'string');
  assert.equal(typeof achFact(null, at), 'string');
});
