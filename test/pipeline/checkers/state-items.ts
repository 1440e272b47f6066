import type { DayAggregate } from '../../../shared/aggregate/day.ts';
import type { MonthAggregate } from '../../../shared/aggregate/month.ts';
import { parseDocument } from '../../../shared/canonical/document.ts';
import type { StateItem } from '../../support/memory-state-store.ts';

/** Which kind of item it is, and whose. */
export const named = ({ key }: StateItem): { readonly tenant: string; readonly kind: string } => {
  const [tenant = '', kind = ''] = key.split('/');
  return { tenant, kind };
};

/** The aggregates of one kind, each with its tenant. */
const aggregatesOf = <Aggregate>(items: readonly StateItem[], kind: string) =>
  items
    .filter((item) => named(item).kind === kind)
    .map((item) => ({ tenant: named(item).tenant, aggregate: parseDocument<Aggregate>(item.document) }));

export const daysOf = (
  items: readonly StateItem[],
): readonly { readonly tenant: string; readonly aggregate: DayAggregate }[] => aggregatesOf(items, 'day');

export const monthsOf = (
  items: readonly StateItem[],
): readonly { readonly tenant: string; readonly aggregate: MonthAggregate }[] => aggregatesOf(items, 'month');

export interface Runway {
  readonly status: string;
  readonly as_of: string;
  readonly computed_at: string;
  readonly cash: { readonly amount: string; readonly currency: string };
  readonly inputs: { readonly events_through: string | null; readonly sources: { source: string }[] };
}

export const forecastsOf = (
  items: readonly StateItem[],
): readonly { readonly tenant: string; readonly fence: string; readonly runway: Runway }[] =>
  items
    .filter((item) => named(item).kind === 'forecast')
    .map((item) => ({
      tenant: named(item).tenant,
      fence: String(item.order),
      runway: JSON.parse(item.document) as Runway,
    }));

/** Sums by name; what sums to nothing is left out. */
export const sums = (parts: Iterable<readonly [string, bigint]>): ReadonlyMap<string, bigint> => {
  const totals = new Map<string, bigint>();
  for (const [name, amount] of parts) totals.set(name, (totals.get(name) ?? 0n) + amount);
  return new Map([...totals].filter(([, total]) => total !== 0n));
};

/** One sentence for each name on which two sets of sums disagree. */
export const disagreements = (
  what: string,
  expected: ReadonlyMap<string, bigint | string>,
  found: ReadonlyMap<string, bigint | string>,
): readonly string[] =>
  [...new Set([...expected.keys(), ...found.keys()])]
    .sort()
    .filter((name) => expected.get(name) !== found.get(name))
    .map(
      (name) => `${what} ${name}: ${found.get(name) ?? 'none'} instead of ${expected.get(name) ?? 'none'}`,
    );
