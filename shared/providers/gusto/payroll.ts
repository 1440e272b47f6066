import * as v from 'valibot';
import type { GustoCompany } from '../../contract/tenant.ts';
import type { Currency } from '../../money/currency.ts';
import { type Minor, minorOf } from '../../money/money.ts';
import { type CivilDate, civilDate, civilDateIn } from '../../time/civil-date.ts';
import { instantMs } from '../../time/instant.ts';
import { depositDay } from './tax-deposit.ts';
import { gustoId } from './webhook.ts';

/** Gusto pays in nothing else. */
export const DOLLARS: Currency = 'USD' as Currency;

/** What a payroll takes from the company, in Gusto's words; the first four are debited by Gusto, checks are cashed. */
export const LEGS = ['net_debit', 'tax_debit', 'reimb_debit', 'child_support_debit', 'checks'] as const;
export type Leg = (typeof LEGS)[number];

/** Dollars in text, with as many decimals as Gusto likes; negative in the payroll of a reversal. */
export const gustoMoney: v.GenericSchema<unknown, Minor> = v.pipe(
  v.string(),
  v.transform((amount) => minorOf(amount, DOLLARS)),
  v.custom<Minor>((amount) => typeof amount === 'bigint'),
);
const some = v.nullish(gustoMoney);

export const gustoDay: v.GenericSchema<unknown, CivilDate> = v.pipe(
  v.string(),
  v.transform((date) => civilDate(date)),
  v.custom<CivilDate>((date) => date !== undefined),
);

const schema = v.object({
  payroll_uuid: v.nullish(gustoId),
  uuid: v.nullish(gustoId),
  check_date: gustoDay,
  processed: v.boolean(),
  external: v.nullish(v.boolean()),
  reversal_payroll_uuids: v.nullish(v.array(gustoId)),
  totals: v.nullish(
    v.object({
      company_debit: some,
      net_pay_debit: some,
      tax_debit: some,
      reimbursement_debit: some,
      child_support_debit: some,
      check_amount: some,
      employee_taxes: some,
      employer_taxes: some,
    }),
  ),
  payroll_status_meta: v.nullish(v.object({ expected_debit_time: v.nullish(v.string()) })),
});
const receiptSchema = v.object({ debit_date: gustoDay });

export interface PayrollLeg {
  readonly leg: Leg;
  /** Positive leaves the company. */
  readonly amountMinor: Minor;
  /** When it leaves. */
  readonly cashDate: CivilDate;
}

/** A payroll of Gusto's as far as the company's money is concerned. */
export interface GustoPayroll {
  readonly id: string;
  readonly payday: CivilDate;
  /** Whether its money is on its way: not while it is drafted, nor once it is cancelled, nor where Gusto moves none. */
  readonly owed: boolean;
  /** Every leg, also those of no money; none where no amounts are known. */
  readonly legs: readonly PayrollLeg[];
  /** Payrolls of their own, which give money back. */
  readonly reversals: readonly string[];
}

type Parsed = v.InferOutput<typeof schema>;

const debitDate = (payroll: Parsed, receipt: unknown, zone: string): CivilDate => {
  const told = v.safeParse(receiptSchema, receipt);
  if (told.success) return told.output.debit_date;
  const expected = instantMs(payroll.payroll_status_meta?.expected_debit_time ?? '');
  return expected === undefined ? payroll.check_date : civilDateIn(zone, expected);
};

const legsOf = (
  { totals, check_date: payday }: Parsed,
  debited: CivilDate,
  taxes: GustoCompany['taxes'],
): readonly PayrollLeg[] | string => {
  if (!totals) return [];
  const net = totals.net_pay_debit ?? 0n;
  const tax = totals.tax_debit ?? 0n;
  const reimbursed = totals.reimbursement_debit ?? 0n;
  const support = totals.child_support_debit ?? 0n;
  const debit = totals.company_debit;
  if (typeof debit === 'bigint' && net + tax + reimbursed + support !== debit)
    return `its debits add up to ${net + tax + reimbursed + support}, but company_debit is ${debit}`;
  const remits = taxes !== 'impound' && tax === 0n;
  return [
    { leg: 'net_debit', amountMinor: net, cashDate: debited },
    remits
      ? {
          leg: 'tax_debit',
          amountMinor: (totals.employee_taxes ?? 0n) + (totals.employer_taxes ?? 0n),
          cashDate: depositDay(payday, taxes),
        }
      : { leg: 'tax_debit', amountMinor: tax, cashDate: debited },
    { leg: 'reimb_debit', amountMinor: reimbursed, cashDate: debited },
    { leg: 'child_support_debit', amountMinor: support, cashDate: debited },
    { leg: 'checks', amountMinor: totals.check_amount ?? 0n, cashDate: payday },
  ];
};

/**
 * Reads a payroll with its receipt, where there is one, or says what is wrong with it. Pay and taxes leave together on the
 * debit date, days before the payday; only a company that remits its own taxes pays those later.
 */
export const readPayroll = (
  value: unknown,
  receipt: unknown,
  { taxes }: GustoCompany,
  zone: string,
): GustoPayroll | string => {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) return `payroll: ${v.getDotPath(parsed.issues[0]) ?? 'payroll'} is not understood`;
  const payroll = parsed.output;
  const id = payroll.payroll_uuid ?? payroll.uuid;
  if (!id) return 'payroll: it has no uuid';
  const legs = legsOf(payroll, debitDate(payroll, receipt, zone), taxes);
  if (typeof legs === 'string') return `payroll ${id}: ${legs}`;
  return {
    id,
    payday: payroll.check_date,
    owed: payroll.processed && payroll.external !== true,
    legs,
    reversals: payroll.reversal_payroll_uuids ?? [],
  };
};
