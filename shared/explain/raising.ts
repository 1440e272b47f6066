import type { RunwayForecast } from '../model/runway.ts';
import { addDays, type CivilDate } from '../time/civil-date.ts';

/** Half a year from the first talk to the money in the bank. */
export const RAISING_DAYS = 182;

/** When to begin to raise money; `date` is null where the forecast names no day, and `reason` says why. */
export interface StartRaising {
  readonly date: CivilDate | null;
  readonly leadDays: number;
  readonly method: string;
  readonly reason: string | null;
}

const METHOD = `the day by which 5 of 100 futures have run out, less ${RAISING_DAYS} days to raise money in`;

export const startRaising = ({
  status,
  asOf,
  days,
  censored,
  horizonDays,
}: Pick<RunwayForecast, 'status' | 'asOf' | 'days' | 'censored' | 'horizonDays'>): StartRaising => {
  const stated = (date: CivilDate | null, reason: string | null): StartRaising => ({
    date,
    leadDays: RAISING_DAYS,
    method: METHOD,
    reason,
  });
  if (status === 'out_of_cash') return stated(null, 'cash has run out already');
  if (censored.p5)
    return stated(null, `fewer than 5 of 100 futures run out within the ${horizonDays} days looked at`);
  if (days.p5 === null) return stated(null, 'there is no forecast');
  const date = addDays(asOf, days.p5 - RAISING_DAYS);
  return stated(date, date < asOf ? 'the day has passed: less than the time to raise money is left' : null);
};
