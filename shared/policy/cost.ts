import { type Currency, currency } from '../money/currency.ts';
import { decimalOf } from '../money/money.ts';
import type { PriceTable } from './prices.ts';
import type { Group, Sizes } from './sizes.ts';

const HOURS_PER_MONTH = 730;
const MICROS_PER_CENT = 10_000;

/** What a decision is expected to change in a month's bill; negative saves. */
export interface CostEffect {
  /** Null where the price of an instance is not known; then `unknown` says of which. */
  readonly monthly: { readonly amount: string; readonly currency: string } | null;
  readonly unknown?: string;
}

/** A group's instances by how they are paid for. */
interface Fleet {
  readonly onDemand: number;
  readonly spot: number;
}

/** A part of an instance counts as on demand. */
const fleetOf = ({ mix }: Group, { desired, onDemandPercent }: Sizes): Fleet => {
  if (mix === undefined) return { onDemand: desired, spot: 0 };
  const base = Math.min(mix.onDemandBase, desired);
  const percent = onDemandPercent ?? mix.onDemandPercent;
  const onDemand = base + Math.ceil(((desired - base) * percent) / 100);
  return { onDemand, spot: desired - onDemand };
};

/** The mean price of the types, or the first type without one. */
const meanMicros = (types: readonly string[], { onDemandMicrosPerHour }: PriceTable): number | string => {
  const [first] = types;
  if (first === undefined) return 'its instances, none of which runs';
  const unpriced = types.find((type) => onDemandMicrosPerHour[type] === undefined);
  if (unpriced !== undefined) return unpriced;
  return types.reduce((sum, type) => sum + (onDemandMicrosPerHour[type] ?? 0), 0) / types.length;
};

/** Hundredths of the price of one instance on demand. */
const weight = ({ onDemand, spot }: Fleet, { spotPercent }: PriceTable): number =>
  100 * onDemand + spotPercent * spot;

/** Whether a change would raise the bill, by a table that need not know the price of the group's instances. */
export const raisesCost = (group: Group, to: Sizes, table: PriceTable): boolean =>
  weight(fleetOf(group, to), table) > weight(fleetOf(group, group), table);

const USD = currency('USD') as Currency;

/** What the change from the group's sizes to others is expected to save or cost. */
export const costEffect = (
  group: Group,
  to: Sizes,
  types: readonly string[],
  table: PriceTable,
): CostEffect => {
  const price = meanMicros(types, table);
  if (typeof price === 'string') return { monthly: null, unknown: price };
  const change = weight(fleetOf(group, to), table) - weight(fleetOf(group, group), table);
  const cents = Math.round((change * price * HOURS_PER_MONTH) / 100 / MICROS_PER_CENT);
  return { monthly: { amount: decimalOf(BigInt(cents), USD), currency: table.currency } };
};
