import { categoryOf, FUNDING, OPENING_BALANCE, payeeOf } from '../event/category.ts';
import type { StreamFlow } from '../model/history.ts';
import type { Minor } from '../money/money.ts';
import type { CivilDate } from '../time/civil-date.ts';
import type { LedgerLine } from './line.ts';

/** What moved on one day; `outflowMinor` is positive, `netMinor` is inflow less outflow. */
export interface DailyFlow {
  readonly date: CivilDate;
  readonly netMinor: Minor;
  readonly inflowMinor: Minor;
  readonly outflowMinor: Minor;
  readonly outflowCount: number;
  /** The same by stream, in order of their names. */
  readonly streams: readonly StreamFlow[];
}

/** What a line was for: its category, else what its description says without the numbers in it. */
const streamOf = ({ category = '', description = '' }: LedgerLine): string =>
  categoryOf(category) || payeeOf(description);

/** Sums lines that moved something by stream. */
const streamFlows = (lines: readonly LedgerLine[]): readonly StreamFlow[] => {
  const flows = new Map<string, StreamFlow>();
  for (const line of lines) {
    if (line.amountMinor === 0n || !isMovement(line)) continue;
    const stream = streamOf(line);
    const flow = flows.get(stream);
    const out = line.amountMinor < 0n;
    flows.set(stream, {
      stream,
      inflowMinor: (flow?.inflowMinor ?? 0n) + (out ? 0n : line.amountMinor),
      outflowMinor: (flow?.outflowMinor ?? 0n) - (out ? line.amountMinor : 0n),
      inflowCount: (flow?.inflowCount ?? 0) + (out ? 0 : 1),
      outflowCount: (flow?.outflowCount ?? 0) + (out ? 1 : 0),
    });
  }
  return [...flows.values()].sort((a, b) => (a.stream < b.stream ? -1 : 1));
};

const isMovement = ({ category = '' }: LedgerLine): boolean =>
  ![OPENING_BALANCE, FUNDING].includes(categoryOf(category));

/**
 * Sums the lines by day, in date order; days without lines are left out. Money raised and what an account opened with are
 * neither earned nor spent: their days count, their amounts do not.
 */
export const dailyFlows = (lines: readonly LedgerLine[]): readonly DailyFlow[] =>
  [...Map.groupBy(lines, ({ date }) => date)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, ofDay]) => {
      const streams = streamFlows(ofDay);
      const sum = (amountOf: (flow: StreamFlow) => Minor): Minor =>
        streams.reduce((total, flow) => total + amountOf(flow), 0n);
      const inflowMinor = sum((flow) => flow.inflowMinor);
      const outflowMinor = sum((flow) => flow.outflowMinor);
      return {
        date,
        netMinor: inflowMinor - outflowMinor,
        inflowMinor,
        outflowMinor,
        outflowCount: streams.reduce((total, flow) => total + flow.outflowCount, 0),
        streams,
      };
    });
