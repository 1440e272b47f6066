import * as v from 'valibot';
import type { TenantSettings } from '../../contract/tenant.ts';
import type { CashFact } from '../../event/fact.ts';
import {
  balanceTransaction,
  settledFacts,
  stripeId,
  stripeInteger,
  stripeSeconds,
} from './balance-transaction.ts';

/** A movement known at its gross only, under the id of the transaction that will settle it. */
export interface GrossMovement {
  readonly id: string;
  /** Signed, in Stripe's units. */
  readonly amount: number;
  readonly currency: string;
  readonly category: string;
  /** Between our own accounts. */
  readonly own: boolean;
  readonly createdSeconds: number;
}

/** What an event says moved; `named` are the transactions to fetch. */
export type Movements =
  | {
      readonly kind: 'movements';
      readonly settled: readonly CashFact[];
      readonly estimated: readonly GrossMovement[];
      readonly named: readonly string[];
    }
  | { readonly kind: 'none'; readonly reason: string; readonly named: readonly string[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A reference is an id, or the object itself where the endpoint's version expands it. */
const reference = v.nullish(v.union([stripeId, v.looseObject({ id: stripeId })]));
type Reference = v.InferOutput<typeof reference>;

/** Direction is in the event, not in the sign; only a payout may be negative, where Stripe takes money from the bank. */
const stripeMagnitude = v.pipe(stripeInteger, v.minValue(0));

const moneyObject = {
  currency: v.string(),
  created: stripeSeconds,
  balance_transaction: reference,
  failure_balance_transaction: reference,
};
const schemas = {
  charge: v.object({
    object: v.literal('charge'),
    ...moneyObject,
    amount: stripeMagnitude,
    captured: v.nullish(v.boolean()),
    amount_captured: v.nullish(stripeMagnitude),
    refunds: v.nullish(v.object({ data: v.array(v.object({ balance_transaction: reference })) })),
  }),
  refund: v.object({ object: v.literal('refund'), ...moneyObject, amount: stripeMagnitude }),
  payout: v.object({ object: v.literal('payout'), ...moneyObject, amount: stripeInteger }),
  topup: v.object({ object: v.literal('topup'), ...moneyObject, amount: stripeMagnitude }),
  dispute: v.object({
    object: v.literal('dispute'),
    balance_transactions: v.nullish(v.array(v.union([stripeId, v.looseObject({ id: stripeId })]))),
  }),
};
type Charge = v.InferOutput<typeof schemas.charge>;
type Transfer = v.InferOutput<typeof schemas.refund | typeof schemas.payout | typeof schemas.topup>;

const EVENTS: readonly (readonly [RegExp, keyof typeof schemas])[] = [
  [/^charge\.(succeeded|captured|updated|pending|failed|refunded)$/, 'charge'],
  [/^(refund\.(created|updated|failed)|charge\.refund\.updated)$/, 'refund'],
  [/^charge\.dispute\.(created|updated|closed|funds_withdrawn|funds_reinstated)$/, 'dispute'],
  [/^payout\.(created|updated|paid|failed|canceled|reconciliation_completed)$/, 'payout'],
  [/^topup\.(created|succeeded|reversed|failed|canceled)$/, 'topup'],
];

interface Leg {
  readonly reference: Reference;
  readonly amount: number;
  readonly category: string;
  readonly own?: boolean;
}

const idOf = (named: NonNullable<Reference>): string => (typeof named === 'string' ? named : named.id);

const settledIn = (
  value: unknown,
  account: string | undefined,
  settings: TenantSettings,
): readonly CashFact[] | string => {
  const transaction = balanceTransaction(value);
  if (typeof transaction === 'string') return transaction;
  return settledFacts(transaction, account, settings) ?? `${transaction.id}: no such amount`;
};

/**
 * Gross estimates are dated by their object, failures too: every event about it must tell the same, or two of them would
 * contradict each other. The fetched transaction brings the true day.
 */
const fromLegs = (
  legs: readonly Leg[],
  object: { readonly currency: string; readonly created: number },
  account: string | undefined,
  settings: TenantSettings,
): Movements => {
  const settled: CashFact[] = [];
  const estimated: GrossMovement[] = [];
  const named: string[] = [];
  for (const leg of legs) {
    const { reference: id, amount, category, own = false } = leg;
    if (id === null || id === undefined) continue;
    if (typeof id === 'string') {
      named.push(id);
      estimated.push({
        id,
        amount,
        category,
        own,
        currency: object.currency,
        createdSeconds: object.created,
      });
      continue;
    }
    const facts = settledIn(id, account, settings);
    if (typeof facts === 'string') return { kind: 'unreadable', reason: facts };
    settled.push(...facts);
  }
  return settled.length + estimated.length === 0
    ? { kind: 'none', reason: 'no money moved yet', named: [] }
    : { kind: 'movements', settled, estimated, named };
};

const namedBy = (references: readonly Reference[]): string[] =>
  references.flatMap((named) => (named === null || named === undefined ? [] : [idOf(named)]));

const fromCharge = (
  type: string,
  charge: Charge,
  account: string | undefined,
  settings: TenantSettings,
): Movements => {
  const { balance_transaction: transaction, failure_balance_transaction: failure } = charge;
  if (type === 'charge.refunded')
    return {
      kind: 'none',
      reason: 'a refund moves its money under its own transaction',
      named: namedBy((charge.refunds?.data ?? []).map((refund) => refund.balance_transaction)),
    };
  if (charge.captured === false)
    return {
      kind: 'none',
      reason: 'an authorisation moves no money',
      named: namedBy([transaction, failure]),
    };
  const gross = charge.amount_captured || charge.amount;
  return fromLegs(
    [
      { reference: transaction, amount: gross, category: 'revenue' },
      { reference: failure, amount: -gross, category: 'refund' },
    ],
    charge,
    account,
    settings,
  );
};

const fromTransfer = (object: Transfer, account: string | undefined, settings: TenantSettings): Movements => {
  const own = object.object !== 'refund';
  const amount = object.object === 'topup' ? object.amount : -object.amount;
  const leg = { category: object.object, own };
  return fromLegs(
    [
      { ...leg, reference: object.balance_transaction, amount },
      { ...leg, reference: object.failure_balance_transaction, amount: -amount },
    ],
    object,
    account,
    settings,
  );
};

/** A dispute carries its settled transactions: none for an inquiry, then the withdrawal, then the reinstatement. */
const fromDispute = (
  transactions: v.InferOutput<typeof schemas.dispute>['balance_transactions'],
  account: string | undefined,
  settings: TenantSettings,
): Movements => {
  const settled: CashFact[] = [];
  for (const transaction of transactions ?? []) {
    if (typeof transaction === 'string') continue;
    const facts = settledIn(transaction, account, settings);
    if (typeof facts === 'string') return { kind: 'unreadable', reason: facts };
    settled.push(...facts);
  }
  const named = (transactions ?? []).filter((transaction) => typeof transaction === 'string');
  return settled.length === 0
    ? { kind: 'none', reason: 'a dispute without settled transactions moves no money', named }
    : { kind: 'movements', settled, estimated: [], named };
};

/** What an event of this type about this object says moved. */
export const movementsOf = (
  type: string,
  object: unknown,
  account: string | undefined,
  settings: TenantSettings,
): Movements => {
  const kind = EVENTS.find(([pattern]) => pattern.test(type))?.[1];
  if (kind === undefined) return { kind: 'none', reason: `nothing to do for ${type}`, named: [] };
  const parsed = v.safeParse(schemas[kind], object);
  if (!parsed.success)
    return {
      kind: 'unreadable',
      reason: `${type}: ${v.getDotPath(parsed.issues[0]) ?? 'object'} is not understood`,
    };
  const read = parsed.output;
  if (read.object === 'charge') return fromCharge(type, read, account, settings);
  if (read.object === 'dispute') return fromDispute(read.balance_transactions, account, settings);
  return fromTransfer(read, account, settings);
};
