import type { GustoCompany } from '../../contract/tenant.ts';
import { addDays, type CivilDate, weekday } from '../../time/civil-date.ts';

const SATURDAY = 6;
const WEDNESDAY = 3;
const FRIDAY = 5;

/** The day itself, or the next Monday where it is on a weekend. */
const onBusinessDay = (date: CivilDate): CivilDate => {
  const day = weekday(date);
  return day < SATURDAY ? date : addDays(date, 8 - day);
};

const fifteenthOfNextMonth = (date: CivilDate): CivilDate =>
  `${addDays(`${date.slice(0, 7)}-28` as CivilDate, 7).slice(0, 7)}-15` as CivilDate;

/**
 * The day on which a company that remits its own payroll taxes deposits those of a payday, by the federal rules: monthly by
 * the 15th of the next month; semi-weekly on the next Wednesday for paydays from Wednesday to Friday, else on the next
 * Friday. Holidays are not known here, and states have rules of their own.
 */
export const depositDay = (
  payday: CivilDate,
  schedule: Exclude<GustoCompany['taxes'], 'impound'>,
): CivilDate => {
  if (schedule === 'monthly') return onBusinessDay(fifteenthOfNextMonth(payday));
  const day = weekday(payday);
  const target = day >= WEDNESDAY && day <= FRIDAY ? WEDNESDAY : FRIDAY;
  return addDays(payday, (target - day + 7) % 7 || 7);
};
