/**
 * Which payments of the ledger a declared recurring item speaks of. What is declared is forecast as declared, so its payments
 * have to leave the history, or they would count twice.
 */
import { categoryOf } from '../../event/category.ts';
import { type Currency, exponentOf } from '../../money/currency.ts';
import type { Recurring } from '../../scenario/items.ts';
import { occurrenceDays } from '../../scenario/recurrence.ts';
import { addDays, type CivilDate, epochDay, fromEpochDay } from '../../time/civil-date.ts';
import type { Series } from '../streams/series.ts';

/** A payment answers for an occurrence when it came at most so many days off. */
const SLACK_DAYS = 4;
/**
 * And differs by at most this factor. In a stream of another name only what costs the same to a hair can be what the item
 * speaks of: a second salary like the first is a second one.
 */
const AMOUNT_FACTOR = { named: 1.25, other: 1.02 } as const;
/** A stream of the item's name is the item's where a period of both costs the same within this factor. */
const NAMED_FACTOR = 1.67;
/** Share of its occurrences that an item must find in a stream, by whether the stream has its name. */
const HITS_SHARE = { named: 0.3, other: 0.6 } as const;

export interface Replaced {
  /** The history without the payments that are declared. */
  readonly left: readonly Series[];
  /** Those payments. */
  readonly removed: readonly Series[];
  /** What was found of an item, by the item. */
  readonly found: ReadonlyMap<Recurring, Found>;
}

export interface Found {
  /** Days since 1970-01-01 on which occurrences fall due that are paid; some may lie ahead. */
  readonly paidFor: readonly number[];
  /** What its latest occurrence came to, in minor units. */
  readonly lastPaid: number;
}

/** Whether a stream, `category` or `category/payee`, goes by this name. */
export const isNamed = (stream: string, name: string): boolean =>
  name !== '' && (stream === name || stream.split('/').some((part) => part === name));

/** Days since 1970-01-01 on which the item fell due in the history, and in the few days to come. */
const occurrencesOf = (item: Recurring, from: number, asOf: CivilDate): readonly number[] => {
  const days = epochDay(asOf) - from + 1;
  const start = fromEpochDay(from - 1);
  return occurrenceDays(item, start, days + SLACK_DAYS).map((day) => from - 1 + day);
};

/** Payments of the stream, by place, that answer for the occurrences; each for one. */
const hitsIn = (
  { days, amounts }: Series,
  occurrences: readonly number[],
  amount: number,
  factor: number,
): ReadonlyMap<number, number> => {
  const hits = new Map<number, number>();
  for (const due of occurrences) {
    let best = -1;
    days.forEach((day, k) => {
      const ratio = (amounts[k] ?? 0) / amount;
      if (Math.abs(day - due) > SLACK_DAYS || ratio > factor || ratio < 1 / factor || hits.has(k)) return;
      if (best === -1 || Math.abs(day - due) < Math.abs((days[best] ?? 0) - due)) best = k;
    });
    if (best !== -1) hits.set(best, due);
  }
  return hits;
};

const only = (series: Series, keep: (k: number) => boolean): Series => ({
  ...series,
  days: series.days.filter((_, k) => keep(k)),
  amounts: series.amounts.filter((_, k) => keep(k)),
});

const totalOf = ({ amounts }: Series): number => amounts.reduce((sum, amount) => sum + amount, 0);

/** What an occurrence costs in the streams of the item's name; undefined where that is not what it says. */
const costsAlike = (
  named: readonly Series[],
  occurrences: readonly number[],
  amount: number,
): number | undefined => {
  if (named.length === 0) return undefined;
  const first = Math.min(...named.map(({ days }) => days[0] ?? 0));
  const due = occurrences.filter((day) => day >= first - SLACK_DAYS).length;
  const cost = named.reduce((sum, series) => sum + totalOf(series), 0) / Math.max(1, due);
  const ratio = cost / amount;
  return ratio <= NAMED_FACTOR && ratio >= 1 / NAMED_FACTOR ? cost : undefined;
};

interface Claim {
  readonly series: Series;
  readonly hits: ReadonlyMap<number, number>;
}

/** The stream in which most occurrences are found, if they are enough. */
const bestClaim = (
  all: readonly Series[],
  item: Recurring,
  name: string,
  occurrences: readonly number[],
  amount: number,
): Claim | undefined => {
  let best: Claim | undefined;
  for (const series of all) {
    const likeness = isNamed(series.stream, name) ? 'named' : 'other';
    const hits = hitsIn(series, occurrences, amount, AMOUNT_FACTOR[likeness]);
    const first = (series.days[0] ?? 0) - SLACK_DAYS;
    const due = occurrences.filter((day) => day >= first).length;
    const rare = item.every === 'yearly' || item.every === 'quarterly';
    if (hits.size < (rare ? 1 : 2) || hits.size < HITS_SHARE[likeness] * due) continue;
    if (rare && hits.size === 1 && likeness === 'other') continue;
    if (best === undefined || hits.size > best.hits.size) best = { series, hits };
  }
  return best;
};

/** What the payment of the latest occurrence came to. */
const lastOf = ({ series: { days, amounts }, hits }: Claim): number => {
  const last = [...hits.keys()].reduce((a, b) => ((days[b] ?? 0) > (days[a] ?? 0) ? b : a));
  return amounts[last] ?? 0;
};

/** @param from first day of the history, since 1970-01-01 */
export const replacedBy = (
  items: readonly (Recurring & { readonly id?: string })[],
  series: readonly Series[],
  { asOf, from, currency }: { readonly asOf: CivilDate; readonly from: number; readonly currency: Currency },
): Replaced => {
  let left = series;
  const removed: Series[] = [];
  const found = new Map<Recurring, Found>();
  const minorPerUnit = Number(`1e${exponentOf(currency)}`);
  for (const item of items) {
    const signed = Number(item.amount) * minorPerUnit;
    if (signed === 0) continue;
    const sign = signed > 0 ? 1 : -1;
    const amount = Math.abs(signed);
    const name = categoryOf(item.label ?? item.id ?? '');
    const occurrences = occurrencesOf(item, from, asOf);
    const candidates = left.filter((one) => one.sign === sign && one.days.length > 0);
    const named = candidates.filter(({ stream }) => isNamed(stream, name));
    const claim = bestClaim(candidates, item, name, occurrences, amount);
    const cost = costsAlike(named, occurrences, amount);
    const paidFor = [...(claim?.hits.values() ?? [])];
    const lastPaid = claim === undefined ? cost : lastOf(claim);
    if (lastPaid !== undefined) found.set(item, { paidFor, lastPaid });
    if (cost !== undefined) {
      removed.push(...named);
      left = left.filter((one) => !named.includes(one));
    } else if (claim !== undefined) {
      removed.push(only(claim.series, (k) => claim.hits.has(k)));
      const rest = only(claim.series, (k) => !claim.hits.has(k));
      left = left.flatMap((one) => (one === claim.series ? (rest.days.length > 0 ? [rest] : []) : [one]));
    }
  }
  return { left, removed, found };
};

/**
 * Days since 1970-01-01, all before `asOf`, on which the item fell due and whose payment may yet come: the ledger shows none, and
 * no more days went by than a payment may take. Where payments come in pieces nobody can say which one is missing; and where the
 * ledger never showed one, what is declared may only begin now: but for what comes once a year, and would be lost for one.
 */
export const stillDue = (
  item: Recurring,
  { found, left }: Pick<Replaced, 'found' | 'left'>,
  { asOf, currency }: { readonly asOf: CivilDate; readonly currency: Currency },
): readonly number[] => {
  const today = epochDay(asOf);
  const due = occurrenceDays(item, addDays(asOf, -SLACK_DAYS - 1), SLACK_DAYS).map(
    (day) => today - SLACK_DAYS - 1 + day,
  );
  const paidFor = found.get(item)?.paidFor;
  if (paidFor === undefined && item.every !== 'yearly') return [];
  if (paidFor !== undefined) return paidFor.length === 0 ? [] : due.filter((day) => !paidFor.includes(day));
  const signed = Number(item.amount) * Number(`1e${exponentOf(currency)}`);
  const sign = signed > 0 ? 1 : -1;
  return due.filter(
    (day) =>
      !left.some(
        (one) => one.sign === sign && hitsIn(one, [day], Math.abs(signed), AMOUNT_FACTOR.named).size > 0,
      ),
  );
};
