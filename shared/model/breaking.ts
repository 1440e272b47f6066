import { type Currency, exponentOf } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import { type PlanItem, renewalOf } from '../scenario/items.ts';
import { occurrenceDays } from '../scenario/recurrence.ts';
import { addDays, type CivilDate } from '../time/civil-date.ts';
import { type Components, movedBy } from './two-components.ts';

/** The payment that breaks the bank, on the median day. */
export interface Breaking {
  readonly date: CivilDate;
  /** Stream or plan item; null where it is the sum of many small ones. */
  readonly label: string | null;
  /** Usual size on that day, positive. */
  readonly amountMinor: Minor;
}

/** Paths looked at: enough to tell which payment is most often the largest. */
const PATHS_MAX = 48;

/** What the plan pays on a date for certain. @param date after the day of the forecast */
const plannedOn = (
  items: readonly PlanItem[],
  date: CivilDate,
): readonly { label: string; amount: number }[] =>
  items.flatMap((item) => {
    const label = item.label ?? item.id ?? item.kind;
    if (item.kind === 'scheduled' && item.date === date) return [{ label, amount: Number(item.amount) }];
    if (item.kind !== 'recurring' || renewalOf(item) < 1) return [];
    return occurrenceDays(item, addDays(date, -1), 1).map(() => ({ label, amount: Number(item.amount) }));
  });

/**
 * Looks at paths that run out on the median day, and names the payment that most of them make as their largest of that day.
 * @param depletionDay first day without cash of each path
 */
export const breakingOf = (
  {
    asOf,
    currency,
    items,
  }: { readonly asOf: CivilDate; readonly currency: Currency; readonly items: readonly PlanItem[] },
  components: Components,
  depletionDay: Int32Array,
  day: number,
  horizonDays: number,
): Breaking => {
  const date = addDays(asOf, day);
  const minorPerUnit = Number(`1e${exponentOf(currency)}`);
  const planned = plannedOn(items, date).map(({ label, amount }) => ({
    label,
    amount: amount * minorPerUnit,
  }));
  const flows = new Float64Array(horizonDays);
  const votes = new Map<string, number[]>();
  const onTheDay = [...depletionDay.keys()].filter((path) => depletionDay[path] === day);
  // Paths of the net flow as a whole know no streams.
  const byStream = onTheDay.filter((path) => path % 2 === 0);
  for (const path of (byStream.length > 0 ? byStream : onTheDay).slice(0, PATHS_MAX)) {
    let largest = { label: '', amount: 0 };
    for (const moved of [...planned, ...movedBy(components, path, day, flows)])
      if (moved.amount < largest.amount) largest = moved;
    votes.set(largest.label, [...(votes.get(largest.label) ?? []), -largest.amount]);
  }
  const [label, sizes] = [...votes].reduce<readonly [string, readonly number[]]>(
    (best, one) => (one[1].length > best[1].length ? one : best),
    ['', []],
  );
  const middle = sizes.toSorted((a, b) => a - b)[sizes.length >>> 1] ?? 0;
  return { date, label: label === '' ? null : label, amountMinor: BigInt(Math.round(middle)) };
};
