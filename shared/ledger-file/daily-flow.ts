import { categoryOf, FUNDING, OPENING_BALANCE } from '../event/category.ts';
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
}

const isMovement = ({ category = '' }: LedgerLine): boolean =>
  ![OPENING_BALANCE, FUNDING].includes(categoryOf(category));

/**
 * Sums the lines by day, in date order; days without lines are left out. Money raised and what an account opened with are
 * neither earned nor spent: their days count, their amounts do not.
 */
export const dailyFlows = (lines: readonly LedgerLine[]): readonly DailyFlow[] => {
  const days = new Map<CivilDate, DailyFlow>();
  for (const line of lines) {
    const { date } = line;
    const amountMinor = isMovement(line) ? line.amountMinor : 0n;
    const day = days.get(date);
    const out = amountMinor < 0n;
    days.set(date, {
      date,
      netMinor: (day?.netMinor ?? 0n) + amountMinor,
      inflowMinor: (day?.inflowMinor ?? 0n) + (out ? 0n : amountMinor),
      outflowMinor: (day?.outflowMinor ?? 0n) - (out ? amountMinor : 0n),
      outflowCount: (day?.outflowCount ?? 0) + (out ? 1 : 0),
    });
  }
  return [...days.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
};
