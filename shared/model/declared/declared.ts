/** What the company and its providers tell of coming money, against the history that it must not repeat. */
import { categoryOf } from '../../event/category.ts';
import { type Currency, exponentOf } from '../../money/currency.ts';
import type { Minor } from '../../money/money.ts';
import type { Recurring, Scheduled } from '../../scenario/items.ts';
import { occurrenceDays } from '../../scenario/recurrence.ts';
import { addDays, type CivilDate, epochDay, fromEpochDay } from '../../time/civil-date.ts';
import type { HistoryWindow } from '../history.ts';
import type { Plan, PlanAhead, PlannedContract } from '../plan.ts';
import type { Series } from '../streams/series.ts';
import type { Span } from '../structural/part.ts';
import { type Cloud, cloudOf } from './clouds.ts';
import type { Contract } from './contracts.ts';
import { type Awaited, awaited, type Expected, type Told } from './expected.ts';
import { type Found, isNamed, replacedBy, stillDue } from './replaced.ts';

export interface Declared {
  /** Payments of the history that nothing declared speaks of, in minor units. */
  readonly left: readonly Series[];
  /** The window without those that something declared speaks of. */
  readonly window: HistoryWindow;
  /** Certain payments. */
  readonly scheduled: readonly Scheduled[];
  readonly awaited: readonly Awaited[];
  readonly contracts: readonly Contract[];
  readonly clouds: readonly Cloud[];
  /** All coming payments, in minor units, to be found among the streams. */
  readonly told: readonly Told[];
  readonly reasons: readonly string[];
}

const minorOf = (amount: string, currency: Currency): Minor =>
  BigInt(Math.round(Number(amount) * Number(`1e${exponentOf(currency)}`)));

/** The window less the payments of these streams, in minor units. */
export const withoutSeries = (window: HistoryWindow, removed: readonly Series[]): HistoryWindow => {
  if (removed.length === 0) return window;
  const first = epochDay(window.firstDate);
  const netMinor = [...window.netMinor];
  for (const { days, amounts, sign } of removed)
    days.forEach((day, k) => {
      const before = netMinor[day - first];
      if (before !== undefined) netMinor[day - first] = before - BigInt(sign * (amounts[k] ?? 0));
    });
  return { ...window, netMinor };
};

const late = (expected: Expected, probability: number): string =>
  `${expected.label ?? expected.id} was due on ${expected.dueDate} and has not been seen: it is counted as still to come with probability ${probability.toFixed(2)}`;

const toldOf = ({ date, amount, label }: Scheduled, asOf: CivilDate, currency: Currency): Told => ({
  stream: label === undefined ? undefined : categoryOf(label),
  sign: amount.startsWith('-') ? -1 : 1,
  day: epochDay(date) - epochDay(asOf),
  amount: Math.abs(Number(minorOf(amount, currency))),
});

/** Occurrences ahead that were paid early, taken back. */
const paidEarly = (
  item: Recurring,
  { paidFor }: Pick<Found, 'paidFor'>,
  asOf: CivilDate,
): readonly Scheduled[] =>
  paidFor
    .filter((due) => due > epochDay(asOf))
    .map((due) => ({
      date: addDays(asOf, due - epochDay(asOf)),
      amount: item.amount.startsWith('-') ? item.amount.slice(1) : `-${item.amount}`,
    }));

const contractOf = (
  { item, probability, isDueToday }: PlannedContract,
  found: Found | undefined,
  isLate: boolean,
  asOf: CivilDate,
  currency: Currency,
  { horizonDays }: Span,
): Contract => {
  const isOpen = (day: number): boolean => found?.paidFor.includes(epochDay(asOf) + day) !== true;
  const ahead = occurrenceDays(item, asOf, horizonDays).filter(isOpen);
  return {
    name: item.id ?? item.label ?? JSON.stringify(item),
    label: item.label ?? item.id ?? 'recurring',
    probability,
    days: isLate || (isDueToday && isOpen(0)) ? [1, ...ahead] : ahead,
    amountMinor: found?.lastPaid ?? -Number(minorOf(item.amount, currency)),
    isPaidLast: found !== undefined,
  };
};

/** @param series payments of the window and since, in minor units */
export const declaredOf = (
  {
    plan,
    ahead,
    expected,
    asOf,
    currency,
  }: {
    readonly plan: Plan;
    readonly ahead: PlanAhead;
    readonly expected: readonly Expected[];
    readonly asOf: CivilDate;
    readonly currency: Currency;
  },
  window: HistoryWindow,
  series: readonly Series[],
  span: Span,
): Declared => {
  const recurring = plan.items
    .filter((item) => item.kind === 'recurring')
    .map((item) => ({ item, key: JSON.stringify([item.id ?? '', item]) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
  const mayEnd = new Set<Recurring>(ahead.contracts.map(({ item }) => item));
  const replaced = replacedBy(recurring, series, { asOf, from: epochDay(window.firstDate), currency });
  const overdue: readonly Expected[] = ahead.overdue.map(({ id, date, amount, label }, k) => ({
    id: id ?? `overdue ${date} ${amount} ${k}`,
    dueDate: date,
    amountMinor: minorOf(amount, currency),
    ...(label !== undefined && { label }),
  }));
  const isLate = (item: Recurring): boolean => stillDue(item, replaced, { asOf, currency }).length > 0;
  /** Of those that recur, only what their own payments do not answer for. */
  const unpaid = recurring
    .filter((item) => !mayEnd.has(item))
    .flatMap((item) =>
      stillDue(item, replaced, { asOf, currency }).map((day): Expected => {
        const dueDate = fromEpochDay(day);
        const { label = item.id ?? 'recurring' } = item;
        return {
          id: `${item.id ?? label} ${dueDate}`,
          dueDate,
          amountMinor: minorOf(item.amount, currency),
          label,
          isBeside: true,
        };
      }),
    );
  const waiting = [...awaited([...expected, ...overdue], series, span, 1), ...awaited(unpaid, [], span, 1)];
  /** One-offs that go by the name of a stream are payments of it; all others come on top, whatever they resemble. */
  const scheduledAhead = plan.items.flatMap((item) => {
    if (item.kind !== 'scheduled' || item.date <= asOf) return [];
    const name = categoryOf(item.label ?? '');
    return series.some(({ stream }) => isNamed(stream, name)) ? [toldOf(item, asOf, currency)] : [];
  });
  return {
    left: replaced.left,
    window: withoutSeries(window, replaced.removed),
    scheduled: [...replaced.found].flatMap(([item, found]) =>
      mayEnd.has(item) ? [] : paidEarly(item, found, asOf),
    ),
    awaited: waiting,
    contracts: ahead.contracts
      .map((planned) => {
        const { item } = planned;
        return contractOf(planned, replaced.found.get(item), isLate(item), asOf, currency, span);
      })
      // Less than half a minor unit is nothing.
      .filter(({ amountMinor }) => amountMinor > 0),
    clouds: ahead.credits
      .map((credit) => cloudOf(credit, span, currency))
      .filter(({ daily, monthToDate }) => daily + monthToDate > 0),
    told: [
      ...waiting
        .filter(({ item }) => item.isBeside !== true)
        .map(
          ({ item, day }): Told => ({
            stream: item.stream,
            sign: item.amountMinor > 0n ? 1 : -1,
            day,
            amount: Math.abs(Number(item.amountMinor)),
          }),
        ),
      ...scheduledAhead,
    ].sort((a, b) => a.day - b.day),
    reasons: waiting.flatMap(({ item, probability }) =>
      probability < 1 && item.dueDate < asOf ? [late(item, probability)] : [],
    ),
  };
};
