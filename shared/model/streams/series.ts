import { epochDay } from '../../time/civil-date.ts';
import type { HistoryDay } from '../history.ts';

/** The payments of one stream in one direction; amounts of one day are one payment. */
export interface Series {
  /** Empty for what no stream names. */
  readonly stream: string;
  /** 1 for money in, -1 for money out. */
  readonly sign: 1 | -1;
  /** Days since 1970-01-01, ascending. */
  readonly days: Int32Array;
  /** Positive, in minor units; element k moved on `days[k]`. */
  readonly amounts: Float64Array;
  /** Most of what the stream moved was in other currencies. */
  readonly isForeign?: true;
}

/** Name and direction; orders series, and addresses their noise. */
export const seriesKey = ({ stream, sign }: Pick<Series, 'stream' | 'sign'>): string =>
  `${sign > 0 ? '+' : '-'}${stream}`;

type Payments = Map<number, number>;

const add = (all: Map<string, Payments>, key: string, day: number, amount: number): void => {
  if (amount === 0) return;
  const payments = all.get(key) ?? new Map<number, number>();
  payments.set(day, (payments.get(day) ?? 0) + amount);
  all.set(key, payments);
};

/**
 * The payments of each stream from day `from` to `to` (days since 1970-01-01), streams by name. Sums are of whole minor units
 * below 2^53, so no order of the days changes a bit; then they are scaled. What a day's streams leave of its total goes under no name.
 */
export const seriesOf = (
  days: readonly HistoryDay[],
  from: number,
  to: number,
  unitsPerMinor: number = 1,
): readonly Series[] => {
  const all = new Map<string, Payments>();
  /** By stream: what of it was foreign, less what was not. */
  const foreign = new Map<string, number>();
  for (const { date, inflowMinor, outflowMinor, streams = [] } of days) {
    const day = epochDay(date);
    if (day < from || day > to) continue;
    let inflow = Number(inflowMinor);
    let outflow = Number(outflowMinor);
    for (const flow of streams) {
      add(all, `+${flow.stream}`, day, Number(flow.inflowMinor));
      add(all, `-${flow.stream}`, day, Number(flow.outflowMinor));
      const moved = Number(flow.inflowMinor + flow.outflowMinor);
      foreign.set(flow.stream, (foreign.get(flow.stream) ?? 0) + 2 * Number(flow.foreignMinor ?? 0n) - moved);
      inflow -= Number(flow.inflowMinor);
      outflow -= Number(flow.outflowMinor);
    }
    add(all, '+', day, inflow);
    add(all, '-', day, outflow);
  }
  return [...all]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, payments]) => {
      const ascending = [...payments].sort(([a], [b]) => a - b);
      return {
        stream: key.slice(1),
        sign: key.startsWith('+') ? 1 : -1,
        days: Int32Array.from(ascending, ([day]) => day),
        amounts: Float64Array.from(ascending, ([, amount]) => amount * unitsPerMinor),
        ...((foreign.get(key.slice(1)) ?? 0) > 0 && { isForeign: true as const }),
      };
    });
};

/** The payments through a day. */
export const through = (series: Series, day: number): Series => {
  const count = series.days.findLastIndex((paid) => paid <= day) + 1;
  return count === series.days.length
    ? series
    : { ...series, days: series.days.subarray(0, count), amounts: series.amounts.subarray(0, count) };
};
