import { FUNDING, FX_CONVERSION, OPENING_BALANCE } from '../event/category.ts';
import type { StreamFlow } from '../model/history.ts';
import type { Currency } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import type { CivilDate } from '../time/civil-date.ts';
import type { ValuedDay, ValuedFlow } from './valuation.ts';

/** External money of one day in the base currency; `outflowMinor` is positive. */
export interface DayFlow {
  readonly date: CivilDate;
  readonly netMinor: Minor;
  readonly inflowMinor: Minor;
  readonly outflowMinor: Minor;
  readonly outflowCount: number;
  /** The same by stream, in order of their names. */
  readonly streams: readonly StreamFlow[];
  /** Money raised, in none of the above: it has arrived, but it is neither earned nor spent. */
  readonly fundingMinor: Minor;
}

/** Payees that the forecast looks at apart from their category: those paid on most days, then those paid most. */
const PAYEES_MAX = 200;

/** A category, or one payee of it. */
const payeeStream = ({ category, payee }: ValuedFlow): string | undefined =>
  payee === undefined ? undefined : `${category}/${payee}`;

/** The payees kept apart. A million payments of a year leave as many streams as a thousand. */
const keptPayees = (flows: readonly (ValuedFlow & { readonly date: CivilDate })[]): ReadonlySet<string> => {
  const paid = new Map<string, { readonly dates: Set<CivilDate>; outflowMinor: Minor }>();
  for (const flow of flows) {
    const stream = payeeStream(flow);
    if (stream === undefined) continue;
    const known = paid.get(stream) ?? { dates: new Set(), outflowMinor: 0n };
    known.dates.add(flow.date);
    known.outflowMinor += flow.outflowMinor;
    paid.set(stream, known);
  }
  if (paid.size <= PAYEES_MAX) return new Set(paid.keys());
  const ranked = [...paid].sort(
    ([a, x], [b, y]) =>
      y.dates.size - x.dates.size ||
      (x.outflowMinor === y.outflowMinor ? (a < b ? -1 : 1) : x.outflowMinor > y.outflowMinor ? -1 : 1),
  );
  return new Set(ranked.slice(0, PAYEES_MAX).map(([stream]) => stream));
};

const streamsOf = (flows: readonly ValuedFlow[], kept: ReadonlySet<string>): readonly StreamFlow[] => {
  const sums = new Map<string, StreamFlow>();
  for (const flow of flows) {
    const payee = payeeStream(flow);
    const stream = payee !== undefined && kept.has(payee) ? payee : flow.category;
    const sum = sums.get(stream);
    const foreignMinor =
      (sum?.foreignMinor ?? 0n) + (flow.isForeign ? flow.inflowMinor + flow.outflowMinor : 0n);
    sums.set(stream, {
      stream,
      inflowMinor: (sum?.inflowMinor ?? 0n) + flow.inflowMinor,
      outflowMinor: (sum?.outflowMinor ?? 0n) + flow.outflowMinor,
      inflowCount: (sum?.inflowCount ?? 0) + flow.inflowCount,
      outflowCount: (sum?.outflowCount ?? 0) + flow.outflowCount,
      ...(foreignMinor !== 0n && { foreignMinor }),
    });
  }
  return [...sums.values()].sort((a, b) => (a.stream < b.stream ? -1 : 1));
};

const dayFlow = (date: CivilDate, flows: readonly ValuedFlow[], kept: ReadonlySet<string>): DayFlow => {
  const moved = flows.filter(({ category }) => category !== FUNDING);
  const raised = flows.filter(({ category }) => category === FUNDING);
  const sum = (some: readonly ValuedFlow[], amountOf: (flow: ValuedFlow) => Minor): Minor =>
    some.reduce((total, flow) => total + amountOf(flow), 0n);
  const inflowMinor = sum(moved, (flow) => flow.inflowMinor);
  const outflowMinor = sum(moved, (flow) => flow.outflowMinor);
  return {
    date,
    netMinor: inflowMinor - outflowMinor,
    inflowMinor,
    outflowMinor,
    outflowCount: moved.reduce((total, { outflowCount }) => total + outflowCount, 0),
    streams: streamsOf(moved, kept),
    fundingMinor: sum(raised, (flow) => flow.inflowMinor - flow.outflowMinor),
  };
};

/** In the cash, and neither earned nor spent. */
const NO_MOVEMENT: readonly string[] = [OPENING_BALANCE, FX_CONVERSION];

/** Days with external money in this currency, ascending; what an account opened with, or exchanged, is no movement. */
export const dayFlows = (days: readonly ValuedDay[], currency: Currency): readonly DayFlow[] => {
  const flows = days.flatMap(({ date, flows }) =>
    flows
      .filter((flow) => flow.currency === currency && !NO_MOVEMENT.includes(flow.category))
      .map((flow) => ({ ...flow, date })),
  );
  const kept = keptPayees(flows.filter(({ category }) => category !== FUNDING));
  return [...Map.groupBy(flows, ({ date }) => date)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, ofDay]) => dayFlow(date, ofDay, kept));
};
