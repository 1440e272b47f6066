/** Customers, what they pay, and when it reaches the bank; and the tax on it. */
import type { Dice } from './dice.ts';
import { businessDayFrom, type Setting, TOTAL_DAYS } from './setting.ts';

interface Customer {
  readonly amount: number;
  readonly cycleDays: number;
  nextDay: number;
  /** One who has not paid yet does not leave. */
  hasPaid: boolean;
}

/** What the processor keeps of a charge: 3.2 %. */
const PAID_OUT = 0.968;

interface Terms {
  readonly meanAmount: number;
  readonly churn: number;
  readonly weeklyPayout: boolean;
}

/** One who joins today, or one of those who were there before the first day. */
const customer = (dice: Dice, { meanAmount }: Terms, firstDay: number, wasThere: boolean): Customer => {
  const annual = dice.chance(0.2);
  const cycleDays = annual ? 365 : 30;
  const amount = meanAmount * dice.lognormal(0.667, 0.9) * (annual ? 10 : 1);
  const nextDay = firstDay + (wasThere ? dice.integer(0, cycleDays - 1) : 0);
  return { amount, cycleDays, nextDay, hasPaid: wasThere };
};

/** Charges a customer, and sends what becomes of it to the bank. */
const charge = ({ calendar, book }: Setting, dice: Dice, day: number, amount: number, terms: Terms): void => {
  let paidDay = day;
  if (dice.chance(0.05)) {
    if (!dice.chance(0.6)) return;
    paidDay += [3, 5, 7][dice.integer(0, 2)] ?? 3;
  }
  const bankDay = (from: number): number => {
    if (!terms.weeklyPayout) return businessDayFrom(calendar, from, 2);
    const monday = from + ((8 - (calendar[from]?.weekday ?? 1)) % 7 || 7);
    return businessDayFrom(calendar, monday);
  };
  book.push({ day: bankDay(paidDay), amount: amount * PAID_OUT, category: 'revenue' });
  if (dice.chance(0.02)) {
    const refundDay = Math.min(calendar.length - 1, paidDay + Math.floor(dice.exponential(10)));
    book.push({ day: bankDay(refundDay), amount: -amount, category: 'refund' });
  }
};

const subscribers = (setting: Setting, at: (day: number) => Dice, monthlyRevenue: number): void => {
  const traits = at(0);
  const count = Math.round(Math.min(800, Math.max(10, traits.lognormal(80, 0.8))));
  const terms: Terms = {
    meanAmount: (0.8 * monthlyRevenue) / count,
    churn: traits.uniform(0.015, 0.05),
    weeklyPayout: traits.chance(0.3),
  };
  let growth = traits.normal(0.02, 0.02);
  let customers = Array.from({ length: count }, () => customer(traits, terms, 0, true));
  for (let day = 0; day < TOTAL_DAYS; day += 1) {
    const dice = at(day);
    if (day % 30 === 29) growth += dice.normal(0, 0.004);
    const weekend = (setting.calendar[day]?.weekday ?? 1) > 5;
    const rate = (Math.max(0, customers.length * (terms.churn + growth)) / 30.4) * (weekend ? 0.25 : 1.3);
    const joined = dice.poisson(rate);
    for (let k = 0; k < joined; k += 1) customers.push(customer(dice, terms, day, false));
    const left = new Set<Customer>();
    for (const one of customers) {
      if (one.nextDay !== day) continue;
      const stays = (1 - terms.churn) ** (one.cycleDays === 30 ? 1 : 12);
      if (one.hasPaid && !dice.chance(stays)) left.add(one);
      else charge(setting, dice, day, one.amount, terms);
      one.hasPaid = true;
      one.nextDay += one.cycleDays;
    }
    if (left.size > 0) customers = customers.filter((one) => !left.has(one));
  }
};

const invoices = ({ book }: Setting, at: (day: number) => Dice, monthlyRevenue: number): void => {
  const payers = at(0).poisson(3);
  for (let payer = 0; payer < payers; payer += 1) {
    const yearly = at(0).chance(1 / 3);
    const cycleDays = yearly ? 365 : 91;
    const usual = monthlyRevenue * 0.2 * at(0).uniform(0.3, 1.2) * 3 * (yearly ? 4 : 1);
    for (let day = at(0).integer(0, cycleDays - 1); day < TOTAL_DAYS; day += cycleDays) {
      const dice = at(day);
      if (dice.chance(0.05)) break;
      const late = Math.floor(dice.lognormal(12, 0.8));
      book.push({ day: day + late, amount: usual * dice.lognormal(1, 0.03), category: 'invoice' });
    }
  }
};

const TAX_MONTHS = [1, 4, 6, 9];

const tax = ({ calendar, book }: Setting): void => {
  const revenue = new Float64Array(calendar.length);
  for (const { day, amount, category } of book)
    if (category === 'revenue' || category === 'invoice') revenue[day] = (revenue[day] ?? 0) + amount;
  for (let day = 0; day < TOTAL_DAYS; day += 1) {
    const today = calendar[day];
    if (today?.dayOfMonth !== 15 || !TAX_MONTHS.includes(today.month)) continue;
    const earned = revenue.subarray(Math.max(0, day - 91), day).reduce((sum, amount) => sum + amount, 0);
    book.push({ day, amount: -(800 + 0.015 * earned), category: 'tax' });
  }
};

/** Writes income and its quarterly tax. */
export const revenue = (setting: Setting, monthlyCost: number): void => {
  const at = setting.dice('revenue');
  const monthlyRevenue = monthlyCost * at(0).uniform(0.1, 0.8);
  subscribers(setting, at, monthlyRevenue);
  invoices(setting, at, monthlyRevenue);
  tax(setting);
};
