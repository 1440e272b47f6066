import type { Recurring, Rule } from '../../shared/scenario/items.ts';
import { occurrenceDays } from '../../shared/scenario/recurrence.ts';
import {
  addDays,
  type CivilDate,
  civilDate,
  daysBetween,
  daysInMonth,
  epochDay,
  weekday,
} from '../../shared/time/civil-date.ts';

const MONTHS = 18;

/** The closed days of a company's books: `first` to `last`, both included; `today` has not ended. */
export interface Window {
  readonly first: CivilDate;
  readonly last: CivilDate;
  readonly today: CivilDate;
  readonly days: number;
}

/** The same day of the month that many months earlier, or that month's last. */
const monthsBefore = (date: CivilDate, months: number): CivilDate => {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const index = year * 12 + month - 1 - months;
  const [toYear, toMonth] = [Math.floor(index / 12), (index % 12) + 1];
  const text = [toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth))]
    .map((part, at) => part.toString().padStart(at === 0 ? 4 : 2, '0'))
    .join('-');
  return civilDate(text) as CivilDate;
};

/** Eighteen months that end yesterday. */
export const windowBefore = (today: CivilDate): Window => {
  const first = monthsBefore(today, MONTHS);
  return { first, last: addDays(today, -1), today, days: daysBetween(first, today) };
};

export const isWithin = ({ first, last }: Window, date: CivilDate): boolean => date >= first && date <= last;

export type BusinessDay = Recurring['business_day'];

/** The days of the window on which a rule's payment falls, ascending. */
export const datesWithin = (
  { first, days }: Window,
  rule: Rule,
  businessDay: BusinessDay,
): readonly CivilDate[] =>
  occurrenceDays(
    { ...rule, amount: '0', jitter_std: '0', business_day: businessDay, holidays: [] },
    addDays(first, -1),
    days,
  ).map((day) => addDays(first, day - 1));

/** The business day that lies `count` of them after `date`. */
export const businessDaysAfter = (date: CivilDate, count: number): CivilDate => {
  let day = date;
  for (let left = count; left > 0; ) {
    day = addDays(day, 1);
    if (weekday(day) <= 5) left -= 1;
  }
  return day;
};

/** Unix seconds of a working hour on both sides of the Atlantic: the day is the same in every zone of the company. */
export const secondsOn = (date: CivilDate, uniform: number): number =>
  epochDay(date) * 86_400 + 14 * 3_600 + Math.floor(uniform * 6 * 3_600);
