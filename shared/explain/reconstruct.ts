import type { RunwayInput } from '../model/runway.ts';
import { addDays, type CivilDate } from '../time/civil-date.ts';

/**
 * What a forecast of an earlier day would be made from, by what is known now: the ledger cut off after that day. What was
 * planned then is not known, so the plan is the one of `later`.
 * @returns undefined where the ledger begins after `date`
 */
export const reconstructed = (later: RunwayInput, date: CivilDate): RunwayInput | undefined => {
  const known = later.days.map((day) => day.date).sort();
  const [first] = known;
  const begins = later.historyFrom ?? first;
  if (first === undefined || begins === undefined || begins > date) return undefined;
  const since = later.days.filter((day) => day.date > date && day.date <= later.asOf);
  const movedMinor = since.reduce((sum, day) => sum + day.netMinor + (day.fundingMinor ?? 0n), 0n);
  return {
    ...later,
    asOf: date,
    historyThrough: addDays(date, -1),
    /** Days before the first of `days` are not known to have been quiet. */
    historyFrom: first > begins ? first : begins,
    balanceMinor: later.balanceMinor - movedMinor,
    days: later.days.filter((day) => day.date <= date),
  };
};
