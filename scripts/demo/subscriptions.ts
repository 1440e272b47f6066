import { addDays, type CivilDate, daysBetween } from '../../shared/time/civil-date.ts';
import { type Draws, drawsOf } from './random.ts';
import { datesWithin, isWithin, type Window } from './window.ts';

/** What customers pay with. Stripe settles either in dollars. */
export type Tender = 'usd' | 'eur';

export interface Subscription {
  /** Counts from 0 in order of signing up. */
  readonly customer: number;
  readonly name: string;
  readonly plan: string;
  readonly tender: Tender;
  readonly interval: 'month' | 'year';
  readonly unitAmount: number;
  readonly startedOn: CivilDate;
  /** The day it was cancelled, where it was. */
  readonly endedOn?: CivilDate;
}

/** An amount due on a day, in the tender's cents. */
export interface Invoice {
  readonly subscription: Subscription;
  readonly date: CivilDate;
  readonly amount: number;
  /** `date`, or a few days later where the first attempt failed. */
  readonly paidOn: CivilDate;
}

const PLANS = [
  { share: 0.3, plan: 'Team', unitAmount: 49_000, interval: 'month' },
  { share: 0.38, plan: 'Business', unitAmount: 149_000, interval: 'month' },
  { share: 0.22, plan: 'Scale', unitAmount: 390_000, interval: 'month' },
  { share: 0.1, plan: 'Enterprise', unitAmount: 3_840_000, interval: 'year' },
] as const;

const FIRST_NAMES =
  'Alder Beacon Cobalt Delta Ember Fathom Granite Harbor Indigo Juniper Keystone Lumen Meridian';
const MORE_NAMES = 'Nimbus Orchard Parcel Quarry Ridgeline Summit Tandem Umbra Vantage Willow Yarrow Zephyr';
const NAMES = `${FIRST_NAMES} ${MORE_NAMES}`.split(' ');
const TRADES = [
  'Logistics',
  'Health',
  'Labs',
  'Freight',
  'Robotics',
  'Dental',
  'Foods',
  'Energy',
  'Retail',
  'Legal',
];

const CUSTOMERS_AT_FIRST = 27;
const EURO_SHARE = 0.12;
const MONTHLY_CHURN = 0.022;
const FAILED_SHARE = 0.03;
const RETRY_DAYS = 3;
const MONTH_DAYS = 30.4;

/** Sign-ups a month: two at first, about five at the end. */
const signUpsAMonth = (window: Window, day: number): number => 2 + (3 * day) / window.days;

const nameOf = (customer: number): string =>
  `${NAMES[customer % NAMES.length]} ${TRADES[(customer * 7 + Math.floor(customer / NAMES.length)) % TRADES.length]}`;

const planOf = (draws: Draws): (typeof PLANS)[number] => {
  let left = draws.uniform();
  for (const each of PLANS) {
    left -= each.share;
    if (left < 0) return each;
  }
  return PLANS[0];
};

/** The day a subscription that has run since `startedOn` is cancelled, or undefined where it outlasts the window. */
const endOf = (window: Window, startedOn: CivilDate, draws: Draws): CivilDate | undefined => {
  for (let date = addDays(startedOn, 30); date <= window.last; date = addDays(date, 30))
    if (draws.chance(MONTHLY_CHURN) && date > window.first) return date;
  return undefined;
};

const subscriptionOf = (
  seed: number,
  customer: number,
  window: Window,
  startedOn: CivilDate,
): Subscription => {
  const draws = drawsOf(seed, 'customer', customer);
  const { plan, unitAmount, interval } = planOf(draws);
  const tender = draws.chance(EURO_SHARE) ? 'eur' : 'usd';
  const endedOn = interval === 'year' ? undefined : endOf(window, startedOn, draws);
  return {
    customer,
    name: nameOf(customer),
    plan,
    tender,
    interval,
    unitAmount,
    startedOn,
    ...(endedOn === undefined ? {} : { endedOn }),
  };
};

/** Everybody who pays at some time in the window, in order of signing up; the first signed up before it. */
export const subscriptionsOf = (seed: number, window: Window): readonly Subscription[] => {
  const draws = drawsOf(seed, 'customer', 0xffff);
  const before = Array.from({ length: CUSTOMERS_AT_FIRST }, () =>
    addDays(window.first, -draws.between(1, 360)),
  ).sort();
  const starts = [...before];
  for (let day = 0; day < window.days; day += 1)
    if (draws.chance(signUpsAMonth(window, day) / MONTH_DAYS)) starts.push(addDays(window.first, day));
  return starts.map((startedOn, customer) => subscriptionOf(seed, customer, window, startedOn));
};

/** Days on which a subscription is due: its own day of every month, or of its month of every year. */
const dueDates = (window: Window, { startedOn, endedOn, interval }: Subscription): readonly CivilDate[] => {
  const [, month = 1, day = 1] = startedOn.split('-').map(Number);
  const rule = interval === 'month' ? { every: 'monthly', day } : { every: 'yearly', month, day };
  return datesWithin(window, rule as Parameters<typeof datesWithin>[1], 'none').filter(
    (date) => date >= startedOn && (endedOn === undefined || date < endedOn),
  );
};

/** What a subscription was charged: its price, more seats now and then, and usage beyond the plan to the cent. */
export const invoicesOf = (seed: number, window: Window, subscription: Subscription): readonly Invoice[] => {
  const draws = drawsOf(seed, 'payment', subscription.customer);
  const yearly = subscription.interval === 'year';
  let unitAmount = subscription.unitAmount;
  return dueDates(window, subscription).flatMap((date): readonly Invoice[] => {
    const usage = yearly ? 0 : draws.between(0, Math.floor(unitAmount / 7));
    const amount = unitAmount + usage;
    if (draws.chance(yearly ? 0.5 : 0.05))
      unitAmount += 1_000 * Math.round((unitAmount * draws.between(8, 30)) / 100_000);
    const failed = draws.chance(FAILED_SHARE);
    const paidOn = failed ? addDays(date, RETRY_DAYS) : date;
    return isWithin(window, paidOn) ? [{ subscription, date, amount, paidOn }] : [];
  });
};

/** Whole days from the first of the window. */
export const dayIndex = (window: Window, date: CivilDate): number => daysBetween(window.first, date);
