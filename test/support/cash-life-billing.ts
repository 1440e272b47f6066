/** What billing and a payroll service tell of a company's life, beside the bank and Stripe that count its money. */
import type { GustoCompany } from '../../shared/contract/tenant.ts';
import type { Fact } from '../../shared/event/fact.ts';
import { contractorFacts, readContractorPayment } from '../../shared/providers/gusto/contractor.ts';
import { type Fetching, payrollFacts } from '../../shared/providers/gusto/facts.ts';
import { readPayroll } from '../../shared/providers/gusto/payroll.ts';
import { readRecoveryCase, recoveryFacts } from '../../shared/providers/gusto/recovery.ts';
import { addBusinessDays } from '../../shared/time/business-days.ts';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';
import type { Telling } from './cash-world.ts';
import { creditNote, event, invoice, subscription, transaction } from './chargebee-payloads.ts';
import { contractorPayment, payroll, receipt, recoveryCase } from './gusto-payloads.ts';
import { bankRow } from './plaid-payloads.ts';
import { type Members, secondsOn, type Teller } from './teller.ts';

const dollars = (minor: number): number => Number((minor / 100).toFixed(2));

const line = (fields: Members): Members => ({
  ...bankRow({ merchant_name: null, counterparties: [], authorized_date: null, ...fields }),
});

/** An invoice until it is paid: through Stripe, whose charge has the same index, or every third time by a transfer to the bank. */
export const billed = (at: Teller, index: number, date: CivilDate): readonly Telling[] => {
  const amount = at.between(1_000, 90_000);
  const isOffline = index % 3 === 2;
  const second = secondsOn(date);
  const stamped = (version: number): Members => ({
    updated_at: second + version,
    resource_version: second * 1_000 + version,
  });
  let told = 0;
  const tell = (type: string, content: Members): Telling => {
    told += 1;
    return at.webhook(
      'chargebee',
      `${type} ${index}`,
      event(content, { id: `ev_${index}_${told}`, event_type: type }),
    );
  };
  const bill = (version: number, due: number): Members =>
    invoice({
      id: `INV-${index}`,
      total: amount,
      amount_due: due,
      status: due === 0 ? 'paid' : 'payment_due',
      date: second,
      line_items: [],
      ...stamped(version),
    });
  const payment = (version: number, fields: Members = {}): Members =>
    transaction({
      id: `txn_cb_${index}`,
      amount,
      date: second,
      ...(isOffline
        ? { gateway: 'not_applicable', id_at_gateway: undefined, payment_method: 'bank_transfer' }
        : { id_at_gateway: `ch_${index}` }),
      ...stamped(version),
      ...fields,
    });
  const tellings = [
    tell('invoice_generated', {
      invoice: bill(1, amount),
      subscription: subscription({ id: `sub_${index}`, ...stamped(1) }),
    }),
    tell('payment_initiated', {
      transaction: payment(2, { status: 'in_progress' }),
      invoice: bill(2, amount),
    }),
    tell('payment_succeeded', { transaction: payment(3), invoice: bill(3, 0) }),
  ];
  if (isOffline)
    tellings.push(
      at.update(`transfer for invoice ${index}`, {
        added: [
          line({
            transaction_id: `wire-${index}`,
            amount: -dollars(amount),
            date: addDays(date, 1),
            name: `WIRE INV ${index}`,
          }),
        ],
      }),
    );
  if (index % 5 === 1)
    tellings.push(
      tell('payment_refunded', {
        transaction: payment(4, {
          id: `txn_cbr_${index}`,
          type: 'refund',
          amount: 500,
          id_at_gateway: `re_${index}`,
        }),
        credit_note: creditNote({
          id: `CN-${index}`,
          status: 'refunded',
          amount_available: 0,
          ...stamped(4),
        }),
      }),
    );
  if (index % 7 === 3)
    tellings.push(tell('transaction_updated', { transaction: payment(5, { status: 'late_failure' }) }));
  return tellings;
};

/** A payday at Gusto: told before, and after the money left; every third time the first debit fails. */
export const gustoPayday = (at: Teller, index: number, date: CivilDate): readonly Telling[] => {
  const { settings } = at;
  const company: GustoCompany = settings.gusto ?? { company: 'none', taxes: 'impound' };
  const [id, contractor] = [`gp-${index}`, `gc-${index}`];
  const [net, tax, wages] = [
    at.between(900_000, 1_900_000),
    at.between(300_000, 800_000),
    at.between(20_000, 90_000),
  ];
  const debited = addBusinessDays(date, -2);
  const redebited = addBusinessDays(debited, 6);
  const fails = index % 3 === 2;
  const fetched = (
    name: string,
    on: CivilDate,
    failed: boolean,
    read: (fetching: Fetching) => readonly Fact[],
  ): Telling => ({
    name: `${name} ${index} on ${on}`,
    settings,
    facts: read({
      settings,
      company: company.company,
      fetchedMs: secondsOn(on) * 1_000,
      failed: new Set(failed ? [id] : []),
    }),
  });
  const text = (minor: number): string => dollars(minor).toFixed(2);
  const run = readPayroll(
    payroll({
      payroll_uuid: id,
      check_date: date,
      totals: { company_debit: text(net + tax), net_pay_debit: text(net), tax_debit: text(tax) },
    }),
    receipt({ payroll_uuid: id, debit_date: debited }),
    company,
    settings.accountingZone,
  );
  const paid = readContractorPayment(
    contractorPayment({ uuid: contractor, date, wage_total: text(wages), reimbursement: '0' }),
  );
  const found = (fields: Members) =>
    readRecoveryCase(
      recoveryCase({ uuid: `gr-${index}`, payroll_uuid: id, original_debit_date: debited, ...fields }),
    );
  const [open, over] = [
    found({ amount_outstanding: text(net + tax) }),
    found({ status: 'recovered', amount_outstanding: '0' }),
  ];
  if (
    typeof run === 'string' ||
    typeof paid === 'string' ||
    typeof open === 'string' ||
    typeof over === 'string'
  )
    throw new Error(`${String(run)} ${String(paid)} ${String(open)} ${String(over)}`);
  const bankLine = (name: string, on: CivilDate, minor: number): Telling =>
    at.update(`${name} ${index}`, {
      added: [
        line({ transaction_id: `${name}-${index}`, amount: dollars(minor), date: on, name: 'GUSTO PAY' }),
      ],
    });
  const told = [debited, date].flatMap((on) => [
    fetched('payroll at Gusto', addDays(on, -1), false, (fetching) => payrollFacts(run, fetching)),
    fetched('contractor at Gusto', on, false, (fetching) => contractorFacts(paid, debited, fetching)),
  ]);
  const tellings = [
    ...told,
    fetched('payroll at Gusto', addDays(date, 3), fails, (fetching) => payrollFacts(run, fetching)),
    bankLine('gusto', debited, net + tax),
    bankLine('contractor', addDays(debited, index % 2), wages),
  ];
  if (!fails) return tellings;
  return [
    ...tellings,
    bankLine('gusto-return', addBusinessDays(debited, 1), -(net + tax)),
    bankLine('gusto-again', redebited, net + tax),
    fetched('failed debit', addBusinessDays(debited, 3), true, (fetching) =>
      recoveryFacts(open, { returnedMinor: 0n }, fetching),
    ),
    fetched('recovered debit', redebited, true, (fetching) =>
      recoveryFacts(over, { returnedMinor: BigInt(net + tax), dueDate: redebited }, fetching),
    ),
  ];
};
