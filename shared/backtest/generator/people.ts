/** Heads, and all that is paid because of them. */
import { exp } from '../../forecast/elementary.ts';
import type { Dice } from './dice.ts';
import { businessDayBy, businessDayFrom, type CalendarDay, type Setting, TOTAL_DAYS } from './setting.ts';

export interface Staff {
  /** Heads at the start, what a day of one costs, and the heads of each day. */
  readonly firstHeads: number;
  readonly dailyWage: number;
  readonly heads: Float64Array;
}

interface Firm {
  heads: number;
  growing: boolean;
  dailyWage: number;
  /** Heads that were let go since the last payday. */
  severed: number;
}

const hire = (firm: Firm, { isBusiness }: CalendarDay, dice: Dice): void => {
  if (firm.growing) {
    if (dice.chance(1 / 200)) firm.growing = false;
  } else if (dice.chance(1 / 300)) firm.growing = true;
  else if (dice.chance(1 / 500)) {
    const cut = Math.min(Math.round(firm.heads * dice.uniform(0.15, 0.35)), Math.max(0, firm.heads - 3));
    firm.heads -= cut;
    firm.severed += cut;
  }
  if (isBusiness && dice.chance((firm.heads * (firm.growing ? 0.035 : 0.005)) / 30.4)) firm.heads += 1;
  if (firm.heads > 3 && dice.chance((firm.heads * 0.008) / 30.4)) firm.heads -= 1;
};

/** Days of pay that fall due on each day, by the company's schedule. */
const payDays = ({ calendar }: Setting, dice: Dice): ReadonlyMap<number, number> => {
  const kind = dice.uniform(0, 1);
  const firstFriday = calendar.findIndex((day) => day.weekday === 5) + 7 * dice.integer(0, 1);
  const due = new Map<number, number>();
  const pay = (day: number, days: number): unknown => due.set(businessDayBy(calendar, day), days);
  calendar.forEach(({ dayOfMonth, isMonthEnd }, day) => {
    if (kind < 0.45) {
      if (day >= firstFriday && (day - firstFriday) % 14 === 0) pay(day, 14);
    } else if (kind < 0.85) {
      if (dayOfMonth === 15 || isMonthEnd) pay(day, 365 / 24);
    } else if (isMonthEnd) pay(day, 365 / 12);
  });
  return due;
};

/** Writes payroll, its taxes, benefits and foreign contractors into the book. */
export const staff = (setting: Setting): Staff => {
  const { calendar, book } = setting;
  const at = setting.dice('people');
  const traits = at(0);
  const firm: Firm = {
    heads: Math.min(80, Math.max(4, Math.round(traits.lognormal(14, 0.6)))),
    growing: traits.chance(0.5),
    dailyWage: traits.lognormal(95_000, 0.2) / 365,
    severed: 0,
  };
  const { heads: firstHeads, dailyWage } = firm;
  const due = payDays(setting, traits);
  const raiseMonth = traits.integer(1, 12);
  const taxLagDays = traits.integer(3, 7);
  const foreignShare = traits.chance(0.5) ? 0 : traits.uniform(0.05, 0.35);
  let logRate = 0;
  const heads = new Float64Array(TOTAL_DAYS);
  for (let day = 0; day < TOTAL_DAYS; day += 1) {
    const today = calendar[day];
    if (today === undefined) break;
    const dice = at(day);
    hire(firm, today, dice);
    heads[day] = firm.heads;
    logRate += dice.normal(0, 0.005) + (dice.chance(1 / 700) ? dice.normal(0, 0.04) : 0);
    if (today.month === raiseMonth && today.dayOfMonth === 1) firm.dailyWage *= 1 + dice.uniform(0.01, 0.06);
    const paidDays = due.get(day);
    if (paidDays !== undefined) {
      const regular =
        firm.heads * firm.dailyWage * paidDays * (1 - foreignShare) * exp(dice.normal(0, 0.015));
      const gross = regular + firm.severed * 30 * firm.dailyWage;
      firm.severed = 0;
      book.push({ day, amount: -0.7 * gross, category: 'payroll' });
      const taxDay = businessDayFrom(calendar, day + taxLagDays + (dice.chance(0.15) ? 1 : 0));
      book.push({ day: taxDay, amount: -0.38 * gross, category: 'payroll_tax' });
    }
    if (today.dayOfMonth === 5) book.push({ day, amount: -900 * firm.heads, category: 'benefits' });
    if (today.dayOfMonth === 28 && foreignShare > 0)
      book.push({
        day,
        amount: -firm.heads * firm.dailyWage * 30.4 * foreignShare * exp(logRate),
        category: 'contractors_fx',
      });
  }
  return { firstHeads, dailyWage, heads };
};
