import * as v from 'valibot';
import type { TenantSettings } from '../../contract/tenant.ts';
import { OWN_ACCOUNT } from '../../event/account.ts';
import { type CashFact, type FactBase, type FactLine, revision } from '../../event/fact.ts';
import { type Commitment, type StatementFact, statementFact } from '../../event/statement.ts';
import { minorOf } from '../../money/money.ts';
import { type CivilDate, civilDate, civilDateIn } from '../../time/civil-date.ts';
import { DOLLARS, type GustoPayroll, LEGS, type Leg, type PayrollLeg } from './payroll.ts';
import { GUSTO, gustoId } from './webhook.ts';

/** Who fetched it for whom, and when: what was fetched last is what counts. */
export interface Fetching {
  readonly settings: TenantSettings;
  readonly company: string;
  readonly fetchedMs: number;
  /** Payrolls and contractor payments whose debit the bank turned down. */
  readonly failed: ReadonlySet<string>;
}

const CATEGORIES: Readonly<Record<Leg, string>> = {
  net_debit: 'payroll',
  tax_debit: 'payroll_tax',
  reimb_debit: 'payroll_reimbursement',
  child_support_debit: 'payroll_child_support',
  checks: 'payroll',
};

/** A leg as money that left. */
export const legKey = (company: string, payroll: string, leg: Leg): string =>
  `gusto:${company}:payroll:${payroll}:${leg}`;
/** The same money as a commitment: by this name it is known what paid it. */
export const dueKeyOf = (key: string): string => `${key}:due`;

export const baseOf = (
  key: string,
  date: CivilDate,
  description: string,
  metadata: Readonly<Record<string, string>>,
  { fetchedMs }: Fetching,
): FactBase => ({
  key,
  revision: revision('final', fetchedMs),
  source: GUSTO,
  date,
  description,
  counterparty: 'Gusto',
  metadata,
});

/** Money that Gusto takes from the company, or will. */
export interface Debit {
  /** Of the money that left; the commitment goes by the same with `:due`. */
  readonly key: string;
  readonly leg: string;
  /** None where there is no such money. */
  readonly lines: readonly FactLine[];
  /** When it leaves. */
  readonly cashDate: CivilDate;
  readonly owed: boolean;
  /** Whether the bank turned it down: what is still owed of it, a recovery case says. */
  readonly failed: boolean;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Money that has left, or moved back, as its source's own word. */
export const movedFact = (base: FactBase, lines: readonly FactLine[]): CashFact => ({
  ...base,
  kind: 'cash',
  account: OWN_ACCOUNT,
  counterAccount: 'external',
  currency: DOLLARS,
  lines,
  estimated: false,
});

/**
 * A commitment, and from its day on money that left. Where a bank tells its own lines it only explains one of them, and the
 * commitment waits for that line; where none does, it settles the commitment by itself.
 */
export const debitFacts = (
  { key, leg, lines, cashDate, owed, failed, description, metadata }: Debit,
  fetching: Fetching,
): readonly [StatementFact, CashFact] => {
  const { settings, fetchedMs } = fetching;
  const hasLeft = owed && cashDate <= civilDateIn(settings.accountingZone, fetchedMs);
  const amountMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0n);
  const base = (of: string): FactBase => baseOf(of, cashDate, description, metadata, fetching);
  const commitment: Commitment = {
    amountMinor,
    currency: DOLLARS,
    dueDate: cashDate,
    counterparty: 'Gusto',
    leg,
    status: owed && !failed ? 'expected' : 'cancelled',
  };
  return [
    statementFact(base(dueKeyOf(key)), 'commitment', amountMinor === 0n ? null : commitment),
    movedFact(base(key), hasLeft ? lines : []),
  ];
};

const legFacts = (
  payroll: GustoPayroll,
  { leg, amountMinor, cashDate }: PayrollLeg,
  fetching: Fetching,
): readonly [StatementFact, CashFact] =>
  debitFacts(
    {
      key: legKey(fetching.company, payroll.id, leg),
      leg,
      lines: amountMinor === 0n ? [] : [{ category: CATEGORIES[leg], amountMinor: -amountMinor }],
      cashDate,
      owed: payroll.owed,
      failed: leg !== 'checks' && fetching.failed.has(payroll.id),
      description: `payroll ${leg.replaceAll('_', ' ')}`,
      metadata: { payroll: payroll.id, pay_date: payroll.payday },
    },
    fetching,
  );

/** What a payroll commits the company to, and what of it has left. A draft without amounts takes back what was told before. */
export const payrollFacts = (
  payroll: GustoPayroll,
  fetching: Fetching,
): readonly (StatementFact | CashFact)[] => {
  const legs =
    payroll.legs.length > 0
      ? payroll.legs
      : LEGS.map((leg) => ({ leg, amountMinor: 0n, cashDate: payroll.payday }));
  return legs.flatMap((leg) => legFacts(payroll, leg, fetching));
};

const achSchema = v.object({
  uuid: gustoId,
  payment_direction: v.picklist(['credit', 'debit']),
  payment_status: v.string(),
  payment_date: v.string(),
  amount: v.string(),
  transaction_type: v.nullish(v.string()),
  description: v.nullish(v.string()),
  payment_event_type: v.nullish(v.string()),
  payment_event_uuid: v.nullish(gustoId),
});

const CONTRACTOR_PAYMENT = 'ContractorPayment';
const MOVING = new Set(['submitted', 'successful']);

/**
 * A transfer by which Gusto debits the company, as a label for the bank's line of the same words. Transfers to employees and
 * offices are Gusto's own money: undefined. A text says what is wrong.
 */
export const achFact = (value: unknown, fetching: Fetching): StatementFact | undefined | string => {
  const parsed = v.safeParse(achSchema, value);
  if (!parsed.success)
    return `ACH transaction: ${v.getDotPath(parsed.issues[0]) ?? 'transaction'} is not understood`;
  const { uuid, amount, payment_date: paid, payment_status: status } = parsed.output;
  if (parsed.output.payment_direction === 'credit') return undefined;
  const amountMinor = minorOf(amount, DOLLARS);
  const date = civilDate(paid);
  if (amountMinor === undefined || date === undefined)
    return `ACH transaction ${uuid}: no such amount or day`;
  const { description, transaction_type: type, payment_event_uuid: event } = parsed.output;
  const about = parsed.output.payment_event_type === CONTRACTOR_PAYMENT ? 'contractor_payment' : 'payroll';
  const metadata = { status, ...(type && { type }), ...(event && { [about]: event }) };
  return statementFact(
    baseOf(`gusto:${fetching.company}:ach:${uuid}`, date, description ?? 'ACH debit', metadata, fetching),
    'payment',
    MOVING.has(status)
      ? { gateway: GUSTO, idAtGateway: uuid, amountMinor: -amountMinor, currency: DOLLARS }
      : null,
  );
};
