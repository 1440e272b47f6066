import { categoryOf } from '../event/category.ts';
import { exponentOf } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import { renewalOf, type Tranche } from '../scenario/items.ts';
import { occurrenceDays } from '../scenario/recurrence.ts';
import { addDays, type CivilDate, daysBetween } from '../time/civil-date.ts';
import type { HistoryDay, StreamFlow } from './history.ts';
import { componentsOf, type Prepared, prepare, usualPayments } from './prepare.ts';
import type { RunwayInput } from './runway.ts';
import type { Part } from './structural/part.ts';

/** Paths among which the middle one is looked for. */
const PATHS = 101;

interface Payment {
  /** Of the days after the forecast's, from 0. */
  readonly k: number;
  readonly stream: string;
  readonly amountMinor: Minor;
}

const rounded = (minor: number): Minor => BigInt(Math.round(minor));

/** The amounts of a plan are decimals of the currency; they are whole minor units, or rounded to them. */
const minorIn = (amount: string, { currency }: RunwayInput): Minor =>
  rounded(Number(amount) * Number(`1e${exponentOf(currency)}`));

const streamOf = (label: string | undefined): string => (label === undefined ? '' : categoryOf(label));

/** What the plan pays on the days, tranches apart. */
const planned = (input: RunwayInput, ready: Prepared, days: number): readonly Payment[] => {
  const { scenario } = ready;
  const within = (date: CivilDate): number => daysBetween(input.asOf, date) - 1;
  const { items } = input.plan;
  const labelOf = (date: CivilDate, amount: string): string | undefined =>
    items.find((item) => item.kind === 'scheduled' && item.date === date && item.amount === amount)?.label;
  const once = scenario.scheduled.map(({ date, amount }) => ({
    k: within(date),
    amount,
    label: labelOf(date, amount),
  }));
  const again = items
    .filter((item) => item.kind === 'recurring')
    .filter((item) => renewalOf(item) === 1)
    .flatMap((item) =>
      occurrenceDays(item, input.asOf, days).map((day) => ({
        k: day - 1,
        amount: item.amount,
        label: item.label,
      })),
    );
  const usual = usualPayments(ready)
    .filter(({ day }) => day <= days)
    .map(({ day, amountMinor, label }) => ({
      k: day - 1,
      stream: streamOf(label),
      amountMinor: rounded(amountMinor),
    }));
  const payments = [...once, ...again]
    .filter(({ k }) => k >= 0 && k < days)
    .map(({ k, amount, label }) => ({
      k,
      stream: streamOf(label),
      amountMinor: minorIn(amount, input),
    }));
  return [...payments, ...usual];
};

/** The day after the forecast's on which a tranche more likely than not is there; undefined where none is. */
const arrival = (
  input: RunwayInput,
  { date, probability, delay_days: delay }: Tranche,
): number | undefined => {
  if (probability < 0.5) return undefined;
  const late = {
    none: 0,
    fixed: delay.kind === 'fixed' ? delay.days : 0,
    gamma: delay.kind === 'gamma' ? delay.mean : 0,
  };
  return daysBetween(input.asOf, date) - 1 + Math.round(late[delay.kind]);
};

const flowsOf = (parts: readonly Part[], path: number, days: number): readonly Float64Array[] =>
  parts.map((part) => {
    const flows = new Float64Array(days);
    part.add(path, flows);
    return flows;
  });

const total = (flows: readonly Float64Array[]): number =>
  flows.reduce((sum, each) => sum + each.reduce((part, flow) => part + flow, 0), 0);

/** What the streams move on the path that ends in the middle of those that know streams. */
const moved = (ready: Prepared, days: number): readonly Payment[] => {
  // Declared payments come as usual, whatever path is in the middle.
  const { structural, awaited } = componentsOf(
    { ...ready, declared: { ...ready.declared, contracts: [], clouds: [] } },
    1,
  );
  const parts = [...structural.parts, ...awaited];
  const paths = Array.from({ length: PATHS }, (_, index) => {
    const path = index * 2;
    structural.prepare(path);
    return flowsOf(parts, path, days);
  });
  const middle = paths.toSorted((a, b) => total(a) - total(b))[PATHS >>> 1] ?? [];
  return middle.flatMap((flows, index) =>
    Array.from(flows, (flow, k) => ({ k, stream: parts[index]?.label ?? '', amountMinor: rounded(flow) })),
  );
};

const dayOf = (date: CivilDate, payments: readonly Payment[], fundingMinor: Minor): HistoryDay => {
  const streams = new Map<string, StreamFlow>();
  let [inflowMinor, outflowMinor, outflowCount] = [0n, 0n, 0];
  for (const { stream, amountMinor } of payments) {
    const into = amountMinor > 0n ? amountMinor : 0n;
    const out = amountMinor < 0n ? -amountMinor : 0n;
    const before = streams.get(stream);
    streams.set(stream, {
      stream,
      inflowMinor: (before?.inflowMinor ?? 0n) + into,
      outflowMinor: (before?.outflowMinor ?? 0n) + out,
      inflowCount: (before?.inflowCount ?? 0) + (into > 0n ? 1 : 0),
      outflowCount: (before?.outflowCount ?? 0) + (out > 0n ? 1 : 0),
    });
    inflowMinor += into;
    outflowMinor += out;
    outflowCount += out > 0n ? 1 : 0;
  }
  return {
    date,
    netMinor: inflowMinor - outflowMinor,
    inflowMinor,
    outflowMinor,
    outflowCount,
    streams: [...streams.values()].filter(({ stream }) => stream !== ''),
    ...(fundingMinor !== 0n && { fundingMinor }),
  };
};

/**
 * The days after a forecast's as it expects them: one path of its own, the one that ends in the middle, with payments on the
 * days and in the streams where they are looked for. A tranche comes where it is more likely than not.
 * @returns none where there is no forecast
 */
export const expectedDays = (given: RunwayInput, days: number): readonly HistoryDay[] => {
  // What rates do to money held is no movement.
  const { foreign: _foreign, ...input } = given;
  const ready = prepare({ ...input, horizonDays: days });
  if (ready.lacking.length > 0) return [];
  const payments = [...moved(ready, days), ...planned(input, ready, days)].filter(
    ({ amountMinor }) => amountMinor !== 0n,
  );
  const raised = ready.scenario.tranches.map((tranche) => ({
    k: arrival(input, tranche),
    amountMinor: minorIn(tranche.amount, input),
  }));
  return Array.from({ length: days }, (_, k) =>
    dayOf(
      addDays(input.asOf, k + 1),
      payments.filter((payment) => payment.k === k),
      raised.filter((each) => each.k === k).reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    ),
  );
};
