import { addDays, type CivilDate, daysBetween, monthOf } from '../../shared/time/civil-date.ts';
import type { Payment } from './spending.ts';
import { datesWithin, type Window } from './window.ts';

const GRANT_MINOR = 250_000_00;
const GRANTED_ON_DAY = 12;
const GRANT_DAYS = 730;
/** Support and marketplace purchases are cash whatever the credits. */
const CREDITED_PERMILLE = 935;
const FIRST_DAILY_MINOR = 262_00;
const LAST_DAILY_MINOR = 517_00;

/** A grant of cloud credits as it stands at the end of the window. */
export interface CloudCredits {
  readonly grantedOn: CivilDate;
  readonly grantMinor: number;
  readonly remainingMinor: number;
  readonly expiresOn: CivilDate;
  /** What they pay on a day like the last. */
  readonly dailyMinor: number;
}

/** Usage grows evenly, and is a third higher on working days than on the weekend. */
const usageMinor = (window: Window, date: CivilDate): number => {
  const day = Math.max(0, daysBetween(window.first, date));
  const level = FIRST_DAILY_MINOR + ((LAST_DAILY_MINOR - FIRST_DAILY_MINOR) * day) / window.days;
  return Math.round(level * (day % 7 < 5 ? 1.07 : 0.825));
};

const creditedMinor = (window: Window, date: CivilDate): number =>
  date < addDays(window.first, GRANTED_ON_DAY)
    ? 0
    : Math.floor((usageMinor(window, date) * CREDITED_PERMILLE) / 1_000);

export const cloudCredits = (window: Window): CloudCredits => {
  const grantedOn = addDays(window.first, GRANTED_ON_DAY);
  let usedMinor = 0;
  for (let date = grantedOn; date <= window.last; date = addDays(date, 1))
    usedMinor += creditedMinor(window, date);
  return {
    grantedOn,
    grantMinor: GRANT_MINOR,
    remainingMinor: Math.max(0, GRANT_MINOR - usedMinor),
    expiresOn: addDays(grantedOn, GRANT_DAYS),
    dailyMinor: Math.round((LAST_DAILY_MINOR * CREDITED_PERMILLE) / 1_000),
  };
};

/** The invoice of the 3rd is for the month before, less what the credits paid. */
export const cloudPayments = (window: Window): readonly Payment[] =>
  datesWithin(window, { every: 'monthly', day: 3 }, 'none').map((date) => {
    const billed = monthOf(addDays(date, -3));
    let amountMinor = 0;
    for (let day = addDays(date, -3); monthOf(day) === billed; day = addDays(day, -1))
      amountMinor += usageMinor(window, day) - creditedMinor(window, day);
    return {
      name: 'aws',
      date,
      amountMinor,
      category: 'cloud',
      counterparty: 'Amazon Web Services',
      description: `Usage of ${billed}, after credits`,
    };
  });
