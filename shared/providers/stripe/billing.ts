/** What Stripe says of subscriptions and invoices: it explains revenue to come and posts no cash. */
import * as v from 'valibot';
import type { TenantSettings } from '../../contract/tenant.ts';
import { type FactBase, revision } from '../../event/fact.ts';
import { type StatementFact, statementFact } from '../../event/statement.ts';
import { dividedBy } from '../../money/half-even.ts';
import { type CivilDate, civilDateIn } from '../../time/civil-date.ts';
import { isoInstant } from '../../time/instant.ts';
import { stripeId, stripeInteger, stripeSeconds } from './balance-transaction.ts';
import { fromStripe, minorScale } from './exponents.ts';

export const BILLING_OBJECTS = ['subscription', 'invoice'] as const;
export type BillingObject = (typeof BILLING_OBJECTS)[number];

const KEYS: Readonly<Record<BillingObject, string>> = { subscription: 'sub', invoice: 'in' };

/** For whom it was fetched, and when: what was fetched last counts, for Stripe gives its objects no version. */
export interface BillingContext {
  readonly settings: TenantSettings;
  readonly account: string | undefined;
  readonly fetchedMs: number;
}

const coupon = v.nullish(
  v.looseObject({ percent_off: v.nullish(v.number()), amount_off: v.nullish(stripeInteger) }),
);
const discount = v.union([
  v.string(),
  v.looseObject({ coupon, source: v.nullish(v.looseObject({ coupon })) }),
]);
const item = v.looseObject({
  quantity: v.nullish(stripeInteger),
  price: v.looseObject({
    unit_amount: v.nullish(stripeInteger),
    unit_amount_decimal: v.nullish(v.string()),
    billing_scheme: v.nullish(v.string()),
    recurring: v.nullish(
      v.looseObject({
        interval: v.string(),
        interval_count: v.nullish(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
        usage_type: v.nullish(v.string()),
      }),
    ),
  }),
});
type Item = v.InferOutput<typeof item>;

const reference = v.nullish(v.union([stripeId, v.looseObject({ id: stripeId })]));
const idOf = (named: v.InferOutput<typeof reference>): string | undefined =>
  typeof named === 'string' ? named : (named?.id ?? undefined);

const subscriptionSchema = v.looseObject({
  id: stripeId,
  customer: reference,
  status: v.string(),
  currency: v.string(),
  created: stripeSeconds,
  start_date: v.nullish(stripeSeconds),
  canceled_at: v.nullish(stripeSeconds),
  ended_at: v.nullish(stripeSeconds),
  discounts: v.nullish(v.array(discount)),
  items: v.looseObject({ data: v.array(item) }),
});

const invoiceSchema = v.looseObject({
  id: stripeId,
  customer: reference,
  status: v.nullish(v.string()),
  currency: v.string(),
  created: stripeSeconds,
  total: stripeInteger,
  amount_remaining: v.nullish(stripeInteger),
  due_date: v.nullish(stripeSeconds),
  lines: v.nullish(
    v.looseObject({
      data: v.array(
        v.looseObject({ period: v.nullish(v.object({ start: stripeSeconds, end: stripeSeconds })) }),
      ),
    }),
  ),
});

/** Statuses in which a subscription is worth its price; one that is tried out, unpaid or over is worth nothing. */
const PAYING = new Set(['active', 'past_due']);
const UNITS_A_YEAR: Readonly<Record<string, bigint>> = { day: 365n, week: 52n, month: 12n, year: 1n };
/** Decimals that `unit_amount_decimal` may have. */
const DECIMALS = 12;

/** A decimal of Stripe's units, times 10^12; undefined where it is none. */
const scaled = (text: string): bigint | undefined => {
  const match = /^(-?)(\d{1,18})(?:\.(\d{1,12}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  return BigInt(`${sign}${whole}${fraction.padEnd(DECIMALS, '0')}`);
};

interface Worth {
  /** Of twelve months, in Stripe's units times 10^12. */
  readonly yearly: bigint;
  /** Parts that only usage or a table of tiers can price, and discounts that are named and not told. */
  readonly unpriced: number;
}

const itemWorth = ({ price, quantity }: Item): bigint | undefined => {
  const { recurring } = price;
  const units = UNITS_A_YEAR[recurring?.interval ?? ''];
  if (units === undefined || recurring?.usage_type === 'metered' || price.billing_scheme === 'tiered')
    return undefined;
  const unit = scaled(price.unit_amount_decimal ?? `${price.unit_amount ?? ''}`);
  return unit === undefined
    ? undefined
    : dividedBy(unit * BigInt(quantity ?? 1) * units, BigInt(recurring?.interval_count ?? 1));
};

const worthOf = (items: readonly Item[], discounts: readonly v.InferOutput<typeof discount>[]): Worth => {
  let unpriced = 0;
  let yearly = 0n;
  for (const each of items) {
    const worth = itemWorth(each);
    if (worth === undefined) unpriced += 1;
    else yearly += worth;
  }
  for (const each of discounts) {
    const off = typeof each === 'string' ? undefined : (each.coupon ?? each.source?.coupon);
    if (typeof off?.percent_off === 'number')
      yearly = dividedBy(yearly * BigInt(Math.round((100 - off.percent_off) * 10_000)), 1_000_000n);
    else unpriced += 1;
  }
  return { yearly, unpriced };
};

const baseOf = (
  object: BillingObject,
  id: string,
  createdSeconds: number,
  { settings, account, fetchedMs }: BillingContext,
): FactBase => ({
  key: `stripe:${account ?? 'self'}:${settings.livemode ? 'live' : 'test'}:${KEYS[object]}:${id}`,
  revision: revision('final', fetchedMs),
  source: 'stripe',
  date: civilDateIn(settings.accountingZone, createdSeconds * 1000),
  occurredAt: isoInstant(createdSeconds * 1000),
});

const subscriptionStatement = (value: unknown, context: BillingContext): StatementFact | string => {
  const parsed = v.safeParse(subscriptionSchema, value);
  if (!parsed.success) return `subscription: ${v.getDotPath(parsed.issues[0]) ?? 'object'} is not understood`;
  const { id, customer, status, created, start_date, canceled_at, ended_at, discounts, items } =
    parsed.output;
  const scale = minorScale(parsed.output.currency);
  if (scale === undefined) return `subscription ${id}: no such currency`;
  const { yearly, unpriced } = worthOf(items.data, discounts ?? []);
  const ended = ended_at ?? canceled_at;
  const base = baseOf('subscription', id, created, context);
  return statementFact(
    { ...base, ...(unpriced > 0 && { metadata: { unpriced: `${unpriced}` } }) },
    'subscription',
    {
      customer: idOf(customer) ?? '',
      status,
      currency: scale.currency,
      mrrMinor: PAYING.has(status)
        ? dividedBy(yearly * scale.numerator, 12n * 10n ** BigInt(DECIMALS) * scale.denominator)
        : 0n,
      startedAt: isoInstant((start_date ?? created) * 1000),
      ...(typeof ended === 'number' && { canceledAt: isoInstant(ended * 1000) }),
    },
  );
};

const invoiceStatement = (value: unknown, context: BillingContext): StatementFact | string => {
  const parsed = v.safeParse(invoiceSchema, value);
  if (!parsed.success) return `invoice: ${v.getDotPath(parsed.issues[0]) ?? 'object'} is not understood`;
  const { id, customer, status, currency, created, total, amount_remaining, due_date, lines } = parsed.output;
  const amount = fromStripe(total, currency);
  const due = fromStripe(amount_remaining ?? 0, currency);
  if (amount === undefined || due === undefined) return `invoice ${id}: no such amount of ${currency}`;
  const dayOf = (seconds: number): CivilDate => civilDateIn(context.settings.accountingZone, seconds * 1000);
  const periods = (lines?.data ?? []).flatMap(({ period }) =>
    period && period.end > period.start ? [period] : [],
  );
  const payer = idOf(customer);
  return statementFact(baseOf('invoice', id, created, context), 'invoice', {
    ...(payer !== undefined && { customer: payer }),
    currency: amount.currency,
    totalMinor: amount.amountMinor,
    dueMinor: due.amountMinor,
    ...(typeof due_date === 'number' && { dueDate: dayOf(due_date) }),
    status: status ?? 'draft',
    ...(periods.length > 0 && {
      periodFrom: dayOf(Math.min(...periods.map(({ start }) => start))),
      periodTo: dayOf(Math.max(...periods.map(({ end }) => end))),
    }),
  });
};

/** The statement in a fetched object, or what is wrong with it. */
export const billingStatement = (
  object: BillingObject,
  value: unknown,
  context: BillingContext,
): StatementFact | string =>
  object === 'subscription' ? subscriptionStatement(value, context) : invoiceStatement(value, context);
