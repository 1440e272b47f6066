import { addDays, type CivilDate, daysInMonth, weekday } from '../time/civil-date.ts';

const SATURDAY = 6;

/** The payday's date in its month: a day past the end is the last one, as is -1. */
const paydayIn = (date: CivilDate, day: number): CivilDate => {
  const [year = '', month = ''] = date.split('-');
  const last = daysInMonth(Number(year), Number(month));
  const inMonth = day === -1 ? last : Math.min(day, last);
  return `${year}-${month}-${inMonth.toString().padStart(2, '0')}` as CivilDate;
};

const workingDayUntil = (date: CivilDate): CivilDate => {
  const day = weekday(date);
  return day < SATURDAY ? date : addDays(date, SATURDAY - 1 - day);
};

/** Whether payroll is on its way: from the working day on which it leaves until the day after the payday. */
export const isPayday = (today: CivilDate, paydays: readonly number[]): boolean =>
  paydays.some((day) =>
    /** The last payday of a month reaches into the next one, and an early one begins on a Friday before. */
    [addDays(today, -1), today, addDays(today, 2)].some((around) => {
      const payday = paydayIn(around, day);
      return workingDayUntil(payday) <= today && today <= addDays(payday, 1);
    }),
  );
