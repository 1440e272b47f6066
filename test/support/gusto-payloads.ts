/** Gusto's objects with what the pipeline reads of them, and a little that it does not. */

type Fields = Readonly<Record<string, unknown>>;

export const COMPANY = '7d3f2a10-0c1b-4e5f-9a77-5b0c4e2d9f01';
export const PAYROLL = 'f0a1c2d3-1111-4222-8333-944455556666';

/** Debits that add up, and checks beside them; employees' benefits are in none of it. */
export const TOTALS: Fields = {
  company_debit: '18250.40',
  net_pay_debit: '11800.0',
  tax_debit: '6100.15',
  reimbursement_debit: '200.25',
  child_support_debit: '150.00',
  check_amount: '900.5',
  gross_pay: '19000.00',
  net_pay: '12700.50',
  employee_taxes: '4900.15',
  employer_taxes: '1200.00',
  employee_benefits_deductions: '1250.00',
};

export const payroll = (fields: Fields = {}): Fields => ({
  payroll_uuid: PAYROLL,
  company_uuid: COMPANY,
  check_date: '2026-03-13',
  payroll_deadline: '2026-03-11T22:00:00Z',
  off_cycle: false,
  external: false,
  processed: true,
  processed_date: '2026-03-09',
  totals: TOTALS,
  reversal_payroll_uuids: [],
  payroll_status_meta: { expected_debit_time: '2026-03-11T22:00:00Z', cancellable: true },
  ...fields,
});

/** As Gusto shows a payroll that nobody ran yet, or that was cancelled. */
export const draft = (fields: Fields = {}): Fields => {
  const { totals: _totals, ...rest } = payroll({ processed: false, processed_date: null, ...fields });
  return rest;
};

export const receipt = (fields: Fields = {}): Fields => ({
  payroll_uuid: PAYROLL,
  company_uuid: COMPANY,
  debit_date: '2026-03-11',
  ...fields,
});

export const transfer = (fields: Fields = {}): Fields => ({
  uuid: 'ac000000-0000-4000-8000-000000000001',
  company_uuid: COMPANY,
  payment_event_type: 'Payroll',
  payment_event_uuid: PAYROLL,
  recipient_type: 'Company',
  transaction_type: 'Debit company pay',
  payment_status: 'submitted',
  payment_direction: 'debit',
  payment_date: '2026-03-11',
  amount: '18250.40',
  description: 'PAY 771203',
  error_code: null,
  ...fields,
});

export const CONTRACTOR_PAYMENT = 'c0a1c2d3-1111-4222-8333-944455556666';

export const contractorPayment = (fields: Fields = {}): Fields => ({
  uuid: CONTRACTOR_PAYMENT,
  contractor_uuid: 'c1000000-0000-4000-8000-000000000001',
  date: '2026-03-13',
  payment_method: 'Direct Deposit',
  status: 'Unfunded',
  bonus: '20.0',
  hours: '40.0',
  hourly_rate: '18.0',
  wage: '0.0',
  wage_type: 'Hourly',
  wage_total: '740.00',
  reimbursement: '100.5',
  may_cancel: true,
  ...fields,
});

export const contractorTransfer = (fields: Fields = {}): Fields =>
  transfer({
    uuid: 'ac000000-0000-4000-8000-00000000000c',
    payment_event_type: 'ContractorPayment',
    payment_event_uuid: CONTRACTOR_PAYMENT,
    transaction_type: 'Debit contractor pay',
    amount: '840.50',
    description: 'PAY 771300',
    ...fields,
  });

/** What Gusto tells of a debit that the bank turned down. */
export const recoveryCase = (fields: Fields = {}): Fields => ({
  uuid: 'ec000000-0000-4000-8000-000000000001',
  company_uuid: COMPANY,
  status: 'open',
  latest_error_code: 'R01',
  original_debit_date: '2026-03-11',
  check_date: '2026-03-13',
  payroll_uuid: PAYROLL,
  contractor_payment_uuids: null,
  amount_outstanding: '18250.40',
  event_total_amount: '18250.40',
  ...fields,
});
