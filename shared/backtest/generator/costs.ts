/** What is paid beside people: rent, subscriptions, contracts, cards, the cloud, and what nobody planned. */
import { exp, ln } from '../../forecast/elementary.ts';
import type { Dice } from './dice.ts';
import { HISTORY_DAYS, type Setting, TOTAL_DAYS } from './setting.ts';

const WEEKEND = 6;

export const rent = ({ calendar, book, dice }: Setting, heads: number): number => {
  const monthly = heads * 550 * exp(dice('company')(0).normal(0, 0.3));
  for (let day = 0; day < TOTAL_DAYS; day += 1)
    if (calendar[day]?.dayOfMonth === 1) book.push({ day, amount: -monthly, category: 'rent' });
  return monthly;
};

const subscriptions = ({ calendar, book }: Setting, at: (day: number) => Dice): void => {
  const payees = Array.from({ length: at(0).poisson(12) + 3 }, (_, payee) => ({
    category: `software_${payee}`,
    amount: at(0).lognormal(220, 1),
    dayOfMonth: at(0).integer(1, 28),
    raiseMonth: at(0).integer(1, 12),
  }));
  for (let day = 0; day < TOTAL_DAYS; day += 1)
    for (const payee of payees) {
      const today = calendar[day];
      if (today?.dayOfMonth !== payee.dayOfMonth) continue;
      if (today.month === payee.raiseMonth && at(day).chance(0.3))
        payee.amount *= 1 + at(day).uniform(0.05, 0.12);
      const paidDay = day + (at(day).chance(0.15) ? 1 : 0);
      book.push({ day: paidDay, amount: -payee.amount, category: payee.category });
    }
};

const yearly = (
  { book }: Setting,
  at: (day: number) => Dice,
  first: { readonly amount: number; readonly category: string },
  law: { readonly stops: number; readonly drift: number; readonly std: number },
): void => {
  let amount = first.amount;
  for (let day = at(0).integer(0, 364); day < TOTAL_DAYS; day += 365) {
    if (day >= 365) {
      if (at(day).chance(law.stops)) return;
      amount *= exp(at(day).normal(law.drift, law.std));
    }
    book.push({ day, amount: -amount, category: first.category });
  }
};

const cards = ({ calendar, book }: Setting, at: (day: number) => Dice, heads: Float64Array): void => {
  let burstUntil = -1;
  for (let day = 0; day < TOTAL_DAYS; day += 1) {
    const dice = at(day);
    if (dice.chance(1 / 45)) burstUntil = day + dice.integer(3, 8);
    const rate = ((2 * (heads[day] ?? 0)) / 14) * (day < burstUntil ? 3 : 1);
    const count = dice.poisson((calendar[day]?.weekday ?? 1) >= WEEKEND ? rate / 4 : rate);
    for (let k = 0; k < count; k += 1) book.push({ day, amount: -dice.lognormal(60, 1.1), category: 'card' });
  }
};

/** Rare and large, both ways. */
const surprises = ({ book }: Setting, at: (day: number) => Dice, monthlyCost: number): void => {
  for (let day = 0; day < TOTAL_DAYS; day += 1) {
    const dice = at(day);
    if (dice.chance(4 / 365)) {
      const share = Math.min(1.5, 0.04 * exp(-ln(dice.uniform(0, 1)) / 1.8));
      book.push({ day, amount: -share * monthlyCost, category: 'one_off' });
    }
    if (dice.chance(0.7 / 365))
      book.push({ day, amount: 0.1 * monthlyCost * exp(dice.normal(0, 0.8)), category: 'one_off_income' });
  }
};

export const costs = (
  setting: Setting,
  firm: { readonly heads: Float64Array; readonly firstHeads: number; readonly monthlyCost: number },
): void => {
  const at = setting.dice('costs');
  subscriptions(setting, at);
  const contracts = at(0).poisson(4) + 1;
  for (let k = 0; k < contracts; k += 1)
    yearly(
      setting,
      at,
      { amount: at(0).lognormal(6_000, 0.8), category: `contract_${k}` },
      { stops: 0.08, drift: 0.05, std: 0.1 },
    );
  const premium = at(0).uniform(8_000, 25_000) * Math.sqrt(firm.firstHeads / 14);
  yearly(setting, at, { amount: premium, category: 'insurance' }, { stops: 0, drift: 0.05, std: 0.08 });
  cards(setting, at, firm.heads);
  surprises(setting, at, firm.monthlyCost);
};

/** Cost of the cloud on each day, credits aside. */
const usage = (at: (day: number) => Dice, monthlyCost: number): Float64Array => {
  const first = (monthlyCost * at(0).uniform(0.03, 0.15)) / 30.4;
  const growth = at(0).normal(0.35, 0.25);
  let wander = 0;
  let spike = 1;
  let spikeUntil = -1;
  return Float64Array.from({ length: TOTAL_DAYS }, (_, day) => {
    const dice = at(day);
    wander = 0.97 * wander + dice.normal(0, 0.02);
    if (dice.chance(1 / 365)) {
      spike = 1 + dice.uniform(0.4, 2);
      spikeUntil = day + dice.integer(2, 14);
    }
    return first * exp((growth * day) / 365 + wander) * (day < spikeUntil ? spike : 1);
  });
};

/** Cloud credits as the company sees them at the end of the days that are known. */
export interface CreditLot {
  /** At the end of the month before: credits are taken when a month is over. */
  readonly remaining: number;
  /** Day of the calendar; a month that ends later is not credited at all. */
  readonly expiryDay: number;
  /** Cost of each known day, and of this month so far. */
  readonly used: Float64Array;
  readonly monthToDate: number;
}

/**
 * Writes the monthly invoices of the cloud: what credits leave of last month's usage, on the third.
 * @returns undefined where there are no credits, or none any more
 */
export const cloud = ({ calendar, book, dice }: Setting, monthlyCost: number): CreditLot | undefined => {
  const at = dice('cloud');
  const used = usage(at, monthlyCost);
  const credited = at(0).chance(0.45);
  const expiryDay = at(0).integer(340, 599);
  const meanUsage = used.subarray(0, HISTORY_DAYS).reduce((sum, cost) => sum + cost, 0) / HISTORY_DAYS;
  let credit = credited ? meanUsage * expiryDay * at(0).uniform(0.7, 1.5) : 0;
  let lot: CreditLot | undefined;
  let month = 0;
  let invoice = 0;
  for (let day = 0; day < TOTAL_DAYS; day += 1) {
    if (day === HISTORY_DAYS && credit > 0 && expiryDay >= HISTORY_DAYS)
      lot = { remaining: credit, expiryDay, used: used.slice(0, HISTORY_DAYS), monthToDate: month };
    month += used[day] ?? 0;
    if (calendar[day]?.isMonthEnd) {
      const offset = day <= expiryDay ? Math.min(credit, month) : 0;
      credit -= offset;
      invoice = month - offset;
      month = 0;
    }
    if (calendar[day]?.dayOfMonth === 3 && invoice > 0)
      book.push({ day, amount: -invoice, category: 'cloud' });
  }
  return lot;
};
