import { type CivilDate, daysBetween, epochDay, fromEpochDay } from './civil-date.ts';

/** Monday to Friday; a bank's holidays are its own. 1970-01-01 was a Thursday. */
const isBusinessDay = (epoch: number): boolean => (((epoch + 3) % 7) + 7) % 7 < 5;

/** The `count`-th business day after `date`; before it where negative. */
export const addBusinessDays = (date: CivilDate, count: number): CivilDate => {
  const step = count < 0 ? -1 : 1;
  let epoch = epochDay(date);
  for (let left = Math.abs(count); left > 0; ) {
    epoch += step;
    if (isBusinessDay(epoch)) left -= 1;
  }
  return fromEpochDay(epoch);
};

/** Whether two days are no more than `count` business days apart. */
export const isWithinBusinessDays = (one: CivilDate, other: CivilDate, count: number): boolean => {
  const [from, to] = one <= other ? [one, other] : [other, one];
  return daysBetween(from, to) <= count || to <= addBusinessDays(from, count);
};
