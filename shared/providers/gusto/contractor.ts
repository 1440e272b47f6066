import * as v from 'valibot';
import type { CashFact, FactLine } from '../../event/fact.ts';
import type { StatementFact } from '../../event/statement.ts';
import type { Minor } from '../../money/money.ts';
import type { CivilDate } from '../../time/civil-date.ts';
import { debitFacts, type Fetching } from './facts.ts';
import { gustoDay, gustoMoney } from './payroll.ts';
import { gustoId } from './webhook.ts';

/** How a contractor is paid: Gusto debits the one together with others of its day, the other is cashed by itself. */
const CONTRACTOR_LEGS = ['contractor_debit', 'contractor_check'] as const;
type ContractorLeg = (typeof CONTRACTOR_LEGS)[number];

/** Every other way, such as `Historical Payment`, moves no money. */
const LEGS: Readonly<Record<string, ContractorLeg>> = {
  'Direct Deposit': 'contractor_debit',
  Check: 'contractor_check',
};

const schema = v.object({
  uuid: gustoId,
  date: gustoDay,
  payment_method: v.string(),
  status: v.nullish(v.string()),
  wage_total: gustoMoney,
  reimbursement: v.nullish(gustoMoney),
});

export interface ContractorPayment {
  readonly id: string;
  readonly payday: CivilDate;
  /** Undefined where no money moves. */
  readonly leg: ContractorLeg | undefined;
  /** Whether the money has been taken from the company. */
  readonly isFunded: boolean;
  readonly wagesMinor: Minor;
  readonly reimbursedMinor: Minor;
}

/** Reads a contractor payment, or says what is wrong with it. One that was cancelled is not there any more. */
export const readContractorPayment = (value: unknown): ContractorPayment | string => {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success)
    return `contractor payment: ${v.getDotPath(parsed.issues[0]) ?? 'payment'} is not understood`;
  const { uuid: id, date: payday, payment_method: method, status, wage_total, reimbursement } = parsed.output;
  return {
    id,
    payday,
    leg: Object.hasOwn(LEGS, method) ? LEGS[method] : undefined,
    isFunded: status === 'Funded',
    wagesMinor: wage_total,
    reimbursedMinor: reimbursement ?? 0n,
  };
};

const listSchema = v.object({
  contractor_payments: v.array(v.object({ payments: v.nullish(v.array(v.unknown())) })),
});

/** The payments in a list by contractor or by day; undefined where it is none. */
export const contractorPaymentsIn = (value: unknown): readonly unknown[] | undefined => {
  const parsed = v.safeParse(listSchema, value);
  return parsed.success
    ? parsed.output.contractor_payments.flatMap(({ payments }) => payments ?? [])
    : undefined;
};

/** Of the money that left; its last part is the payment, so that those of one day may be found to be paid by one debit. */
const keyOf = (company: string, leg: ContractorLeg, id: string): string => `gusto:${company}:${leg}:${id}`;

export const contractorKeys = (company: string, id: string): readonly string[] =>
  CONTRACTOR_LEGS.map((leg) => keyOf(company, leg, id));

/**
 * What a contractor payment commits the company to, and what of it has left. A payment of no money takes back what was told.
 * @param debited when Gusto takes a direct deposit; a check is cashed on its day
 */
export const contractorFacts = (
  { id, payday, leg: paid, wagesMinor, reimbursedMinor }: ContractorPayment,
  debited: CivilDate,
  fetching: Fetching,
): readonly (StatementFact | CashFact)[] => {
  const lines: readonly FactLine[] = [
    { category: 'contractor', amountMinor: -wagesMinor },
    { category: 'contractor_reimbursement', amountMinor: -reimbursedMinor },
  ].filter(({ amountMinor }) => amountMinor !== 0n);
  return CONTRACTOR_LEGS.flatMap((leg) =>
    debitFacts(
      {
        key: keyOf(fetching.company, leg, id),
        leg,
        lines: leg === paid ? lines : [],
        cashDate: leg === 'contractor_check' ? payday : debited,
        owed: true,
        failed: leg === 'contractor_debit' && fetching.failed.has(id),
        description: leg.replaceAll('_', ' '),
        metadata: { contractor_payment: id, pay_date: payday },
      },
      fetching,
    ),
  );
};
