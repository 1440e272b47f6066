import { canonicalJson } from '../../canonical/canonical.ts';
import type { TenantSettings } from '../../contract/tenant.ts';
import { OWN_ACCOUNT } from '../../event/account.ts';
import { type CashFact, type PlanFact, revision } from '../../event/fact.ts';
import { type StatementFact, statementFact } from '../../event/statement.ts';
import { decimalOf } from '../../money/money.ts';
import { DELIVERY_HEADER, verifyCapstack } from '../generic/signature.ts';
import type { EventReading, Interpretation, Provider } from '../provider.ts';
import { isNet, isTax, type PayrollLeg, type PayrollRun, parsePayrollRun } from './run.ts';

const SOURCE = 'payroll';

/** `payroll` for pay, `payroll_tax` for taxes, `payroll_garnishment` and the like for the rest. */
const categoryOf = ({ leg }: PayrollLeg): string =>
  isNet(leg) ? 'payroll' : isTax(leg) ? 'payroll_tax' : `payroll_${leg}`;

/** Everything told of a payroll but the event: another telling under the same revision is then seen to differ. */
const metadataOf = (run: PayrollRun, { amountMinor }: PayrollLeg): Readonly<Record<string, string>> => ({
  payroll: run.payrollId,
  status: run.status,
  pay_date: run.payDate,
  zone: run.zone,
  amount_minor: String(amountMinor),
  gross_minor: String(run.grossMinor),
  net_minor: String(run.netMinor),
  employee_tax_minor: String(run.employeeTaxMinor),
  employer_tax_minor: String(run.employerTaxMinor),
});

/**
 * The payment itself. Money that is funded or paid has left on its cash day; what is only scheduled, cancelled or reversed
 * moves none, and a greater revision takes out what a smaller one moved. On days that a bank tells itself it counts nothing,
 * which is not for this to know.
 */
const payment = (run: PayrollRun, leg: PayrollLeg): CashFact => {
  const isPaid = run.status === 'funded' || run.status === 'paid';
  const left = isPaid && leg.amountMinor !== 0n;
  return {
    kind: 'cash',
    key: `pay:${run.payrollId}:${leg.leg}`,
    revision: revision('final', run.revision),
    source: SOURCE,
    date: leg.cashDate,
    account: OWN_ACCOUNT,
    counterAccount: 'external',
    currency: run.currency,
    lines: left ? [{ category: categoryOf(leg), amountMinor: -leg.amountMinor }] : [],
    estimated: false,
    description: `payroll ${leg.leg}`,
    metadata: metadataOf(run, leg),
  };
};

/** The payment as what is owed: until a bank shows it, or the payment itself counts. */
const commitment = (run: PayrollRun, leg: PayrollLeg): StatementFact =>
  statementFact(
    {
      key: `pay:${run.payrollId}:${leg.leg}:due`,
      revision: revision('final', run.revision),
      source: SOURCE,
      date: leg.cashDate,
    },
    'commitment',
    {
      amountMinor: -leg.amountMinor,
      currency: run.currency,
      dueDate: leg.cashDate,
      leg: leg.leg,
      status: run.status === 'cancelled' || run.status === 'reversed' ? 'cancelled' : 'expected',
    },
  );

/**
 * The payment as long as it is only scheduled, for who reads the plan: every other status withdraws it. A plan is in the tenant's
 * base currency, so one in another currency plans nothing.
 */
const planned = (run: PayrollRun, leg: PayrollLeg, { baseCurrency }: TenantSettings): PlanFact => {
  const isPlanned = run.status === 'scheduled' && leg.amountMinor !== 0n && run.currency === baseCurrency;
  const item = {
    kind: 'scheduled',
    date: leg.cashDate,
    amount: decimalOf(-leg.amountMinor, run.currency),
    label: `payroll ${leg.leg}`,
  };
  return {
    kind: 'plan',
    key: `plan:payroll:${run.payrollId}:${leg.leg}`,
    revision: revision('final', run.revision),
    source: SOURCE,
    date: leg.cashDate,
    item: isPlanned ? canonicalJson(item) : null,
  };
};

const interpret = (body: Buffer, settings: TenantSettings): Interpretation => {
  const parsed = parsePayrollRun(body);
  if ('problems' in parsed) return { outcome: 'malformed', problems: parsed.problems, events: [] };
  const { run } = parsed;
  const facts = run.legs.flatMap((leg) => [
    payment(run, leg),
    commitment(run, leg),
    planned(run, leg, settings),
  ]);
  const events: readonly EventReading[] = facts.map((fact) => ({ id: fact.key, fact }));
  return { outcome: 'facts', events, doorbells: [] };
};

/** Payrolls from the tenant's own systems, in our own format and signing scheme. */
export const payroll: Provider = {
  normaliser: 'payroll/2',
  verify: verifyCapstack,
  deliveryId: (request) => request.headers[DELIVERY_HEADER] ?? '',
  interpret,
};
