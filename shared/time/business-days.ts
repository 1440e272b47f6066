import { addDays, type CivilDate, daysBetween, weekday } from './civil-date.ts';

/** Monday to Friday; a bank's holidays are its own. */
const isBusinessDay = (date: CivilDate): boolean => weekday(date) <= 5;

/** The `count`-th business day after `date`; before it where negative. */
export const addBusinessDays = (date: CivilDate, count: number): CivilDate => {
  const step = count < 0 ? -1 : 1;
  let day = date;
  for (let left = Math.abs(count); left > 0; ) {
    day = addDays(day, step);
    if (isBusinessDay(day)) left -= 1;
  }
  return day;
};

/** Whether two days are no more than `count` business days apart. */
export const isWithinBusinessDays = (one: CivilDate, other: CivilDate, count: number): boolean => {
  const [from, to] = one <= other ? [one, other] : [other, one];
  return daysBetween(from, to) <= count || to <= addBusinessDays(from, count);
};
