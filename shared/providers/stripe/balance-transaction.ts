import * as v from 'valibot';
import type { TenantSettings } from '../../contract/tenant.ts';
import { EXTERNAL, STRIPE_TRANSIT } from '../../event/account.ts';
import { type CashFact, type FactLine, revision } from '../../event/fact.ts';
import type { Currency } from '../../money/currency.ts';
import type { Minor } from '../../money/money.ts';
import { civilDateIn } from '../../time/civil-date.ts';
import { isoInstant } from '../../time/instant.ts';
import { fromStripe } from './exponents.ts';

export const STRIPE_BALANCE = 'stripe_balance';
const STRIPE_RESERVED = 'stripe_reserved';
const STRIPE_FEE = 'stripe_fee';
const UNCLASSIFIED = 'stripe_unclassified';

export const stripeId: v.GenericSchema<string> = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_]{1,100}$/));
export const stripeInteger: v.GenericSchema<number> = v.pipe(v.number(), v.safeInteger());
/** Unix seconds of the years 2000-2199. */
export const stripeSeconds: v.GenericSchema<number> = v.pipe(
  v.number(),
  v.safeInteger(),
  v.minValue(946_684_800),
  v.maxValue(7_258_118_399),
);

/** Members that say what moved; all others (status, description...) change or explain. Amounts are in Stripe's units. */
export interface BalanceTransaction {
  readonly id: string;
  readonly amount: number;
  readonly fee: number;
  readonly net: number;
  readonly currency: string;
  /** Unix seconds. */
  readonly created: number;
  readonly type: string;
  /** Id of the object that caused it. */
  readonly source?: string | null | undefined;
}

const schema: v.GenericSchema<unknown, BalanceTransaction> = v.object({
  id: stripeId,
  amount: stripeInteger,
  fee: stripeInteger,
  net: stripeInteger,
  currency: v.string(),
  created: stripeSeconds,
  type: v.string(),
  source: v.nullish(v.string()),
});

/** The balance transaction in a JSON value, or what is wrong with it. */
export const balanceTransaction = (value: unknown): BalanceTransaction | string => {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success)
    return `balance transaction: ${v.getDotPath(parsed.issues[0]) ?? 'value'} is not understood`;
  if (parsed.output.net !== parsed.output.amount - parsed.output.fee)
    return `balance transaction ${parsed.output.id}: net is not amount less fee`;
  return parsed.output;
};

/** Where a transaction's facts live: one Stripe account in one mode. `account` is set for connected accounts only. */
export const transactionKey = (account: string | undefined, livemode: boolean, id: string): string =>
  `stripe:${account ?? 'self'}:${livemode ? 'live' : 'test'}:txn:${id}`;

/** The fee of a transfer between own accounts. */
export const feeKey = (transaction: string): string => `${transaction}:fee`;

/** Between our Stripe balance and our bank. */
const BANK_LEGS: Readonly<Record<string, string>> = {
  payout: 'payout',
  payout_cancel: 'payout',
  payout_failure: 'payout',
  topup: 'topup',
  topup_reversal: 'topup',
};

const EXTERNAL_CATEGORIES: Readonly<Record<string, string>> = {
  charge: 'revenue',
  payment: 'revenue',
  payment_unreconciled: 'revenue',
  refund: 'refund',
  payment_refund: 'refund',
  payment_failure_refund: 'refund',
  payment_reversal: 'refund',
  refund_failure: 'refund',
  stripe_fee: STRIPE_FEE,
  stripe_fx_fee: STRIPE_FEE,
  tax_fee: STRIPE_FEE,
  fee_credit_funding: STRIPE_FEE,
  application_fee: 'application_fee',
  application_fee_refund: 'application_fee',
  transfer: 'stripe_transfer',
  transfer_cancel: 'stripe_transfer',
  transfer_failure: 'stripe_transfer',
  transfer_refund: 'stripe_transfer',
  connect_collection_transfer: 'stripe_transfer',
  advance: 'stripe_capital',
  advance_funding: 'stripe_capital',
  anticipation_repayment: 'stripe_capital',
  contribution: 'climate',
  climate_order_purchase: 'climate',
  climate_order_refund: 'climate',
  issuing_transaction: 'card_spend',
  issuing_dispute: 'card_spend',
  issuing_dispute_provisional_credit: 'card_spend',
  issuing_dispute_provisional_credit_reversal: 'card_spend',
  inbound_transfer: 'stripe_treasury',
  inbound_transfer_reversal: 'stripe_treasury',
  obligation_outbound: 'stripe_treasury',
  obligation_reversal_inbound: 'stripe_treasury',
  stripe_balance_payment_debit: 'stripe_balance_payment',
  stripe_balance_payment_debit_reversal: 'stripe_balance_payment',
  tax_fund: 'tax',
};

/** Money set aside or given back, still ours: reserves of every kind and minimum balances. */
const isHold = (type: string): boolean =>
  type.startsWith('reserve') || type.endsWith('_hold') || type.endsWith('_release');

interface Placement {
  readonly category: string;
  readonly counterAccount: string;
}

/** What a transaction was for and against which account; a type not in the tables is external and says so. */
export const placementOf = (type: string, source: string | null | undefined): Placement => {
  if (isHold(type)) return { category: 'reserve', counterAccount: STRIPE_RESERVED };
  const leg = Object.hasOwn(BANK_LEGS, type) ? BANK_LEGS[type] : undefined;
  if (leg !== undefined) return { category: leg, counterAccount: STRIPE_TRANSIT };
  if (type === 'adjustment')
    return {
      category: /^(dp|du)_/.test(source ?? '') ? 'dispute' : 'stripe_adjustment',
      counterAccount: EXTERNAL,
    };
  const category = Object.hasOwn(EXTERNAL_CATEGORIES, type) ? EXTERNAL_CATEGORIES[type] : undefined;
  return { category: category ?? UNCLASSIFIED, counterAccount: EXTERNAL };
};

interface Movement {
  readonly key: string;
  readonly createdSeconds: number;
  readonly counterAccount: string;
  readonly currency: Currency;
  readonly lines: readonly FactLine[];
  readonly estimated: boolean;
}

/** Holds nothing but the money and its day: whatever else Stripe edits later must not look like another content. */
export const stripeFact = (movement: Movement, settings: TenantSettings): CashFact => ({
  kind: 'cash',
  key: movement.key,
  revision: revision(movement.estimated ? 'estimated' : 'final', 0),
  source: 'stripe',
  date: civilDateIn(settings.accountingZone, movement.createdSeconds * 1000),
  occurredAt: isoInstant(movement.createdSeconds * 1000),
  account: STRIPE_BALANCE,
  counterAccount: movement.counterAccount,
  currency: movement.currency,
  lines: movement.lines,
  estimated: movement.estimated,
});

const linesOf = (category: string, amountMinor: Minor, feeMinor: Minor): FactLine[] => [
  { category, amountMinor },
  ...(feeMinor === 0n ? [] : [{ category: STRIPE_FEE, amountMinor: -feeMinor }]),
];

/**
 * The settled truth of a transaction. One fact; two where the money stays ours but its fee does not (an instant payout):
 * the fee is then a fact of its own, for a fact has one counter-account.
 * @returns undefined where the amounts do not exist in the currency.
 */
export const settledFacts = (
  transaction: BalanceTransaction,
  account: string | undefined,
  settings: TenantSettings,
): readonly CashFact[] | undefined => {
  const amount = fromStripe(transaction.amount, transaction.currency);
  const fee = fromStripe(transaction.fee, transaction.currency);
  if (amount === undefined || fee === undefined) return undefined;
  const { category, counterAccount } = placementOf(transaction.type, transaction.source);
  const key = transactionKey(account, settings.livemode, transaction.id);
  const movement = {
    key,
    createdSeconds: transaction.created,
    counterAccount,
    currency: amount.currency,
    estimated: false,
  };
  if (counterAccount === EXTERNAL || fee.amountMinor === 0n)
    return [
      stripeFact({ ...movement, lines: linesOf(category, amount.amountMinor, fee.amountMinor) }, settings),
    ];
  return [
    stripeFact({ ...movement, lines: [{ category, amountMinor: amount.amountMinor }] }, settings),
    stripeFact(
      {
        ...movement,
        key: feeKey(key),
        counterAccount: EXTERNAL,
        lines: [{ category: STRIPE_FEE, amountMinor: -fee.amountMinor }],
      },
      settings,
    ),
  ];
};
