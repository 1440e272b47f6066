import * as v from 'valibot';
import { dividedBy } from '../../money/half-even.ts';
import type { Minor } from '../../money/money.ts';
import type { ChargebeeMoney } from './amount.ts';

const amount = v.nullish(v.pipe(v.number(), v.safeInteger()));

interface Priced {
  readonly amount?: number | null | undefined;
  readonly unit_price?: number | null | undefined;
  readonly quantity?: number | null | undefined;
}

/** What a subscription says of its price, in either product catalog. */
interface Price {
  readonly mrr?: number | null | undefined;
  readonly billing_period?: number | null | undefined;
  readonly billing_period_unit?: string | null | undefined;
  readonly plan_amount?: number | null | undefined;
  readonly plan_unit_price?: number | null | undefined;
  readonly plan_quantity?: number | null | undefined;
  readonly addons?: readonly Priced[] | null | undefined;
  readonly subscription_items?:
    | readonly (Priced & { readonly item_type?: string | null | undefined })[]
    | null
    | undefined;
}

const pricedEntries = { amount, unit_price: amount, quantity: amount };

export const priceSchema: v.GenericSchema<unknown, Price> = v.object({
  mrr: amount,
  billing_period: v.nullish(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  billing_period_unit: v.nullish(v.string()),
  plan_amount: amount,
  plan_unit_price: amount,
  plan_quantity: amount,
  addons: v.nullish(v.array(v.object(pricedEntries))),
  subscription_items: v.nullish(v.array(v.object({ ...pricedEntries, item_type: v.nullish(v.string()) }))),
});

/** How many of a unit make twelve months. */
const UNITS_A_YEAR: Readonly<Record<string, bigint>> = { day: 365n, week: 52n, month: 12n, year: 1n };

const priced = ({ amount, unit_price: unit, quantity }: Priced): number | undefined =>
  amount ?? (typeof unit === 'number' ? unit * (quantity ?? 1) : undefined);

/** What one billing period costs by the price list, without coupons; undefined where it does not say. */
const periodPrice = (price: Price): number | undefined => {
  const items = price.subscription_items?.filter(({ item_type: type }) => type !== 'charge');
  const plan = {
    amount: price.plan_amount,
    unit_price: price.plan_unit_price,
    quantity: price.plan_quantity,
  };
  const parts = (items ?? [plan, ...(price.addons ?? [])]).map(priced);
  return parts.length === 0 || parts[0] === undefined
    ? undefined
    : parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
};

/** Where a month's worth comes from: Chargebee's own figure, its price list, or nothing (yet). */
export type MrrOrigin = 'told' | 'derived' | 'none';

/**
 * A month's worth of a subscription. Chargebee leaves `mrr` out where the site does not compute it and where the subscription
 * has not begun; one that runs is then worth its price list by the month, and any other nothing.
 */
export const mrrOf = (
  price: Price,
  runs: boolean,
  money: ChargebeeMoney,
): { readonly mrrMinor: Minor; readonly origin: MrrOrigin } => {
  const told = typeof price.mrr === 'number' ? money.of(price.mrr) : undefined;
  if (told !== undefined) return { mrrMinor: told, origin: 'told' };
  const perPeriod = money.of(periodPrice(price) ?? Number.NaN);
  const units = UNITS_A_YEAR[price.billing_period_unit ?? ''];
  const periods = price.billing_period;
  if (!runs || perPeriod === undefined || units === undefined || typeof periods !== 'number')
    return { mrrMinor: 0n, origin: 'none' };
  return { mrrMinor: dividedBy(perPeriod * units, 12n * BigInt(periods)), origin: 'derived' };
};
