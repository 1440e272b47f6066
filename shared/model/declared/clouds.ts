/**
 * Cloud bills to come, where credits pay them for now: each month's cost is not known and may grow, so neither is the day on
 * which the credits are used up. What they leave of a month is cash when its invoice is paid.
 */
import { exp, ln } from '../../forecast/elementary.ts';
import { normalOf } from '../../forecast/noise.ts';
import { draw, type RandomStream } from '../../forecast/random.ts';
import { type Currency, exponentOf } from '../../money/currency.ts';
import type { Credit } from '../../scenario/items.ts';
import { epochDay } from '../../time/civil-date.ts';
import { monthIndex, monthStart } from '../streams/month.ts';
import { namedNoise } from '../structural/named-noise.ts';
import type { Part, Span } from '../structural/part.ts';
import type { UsualPayment } from './contracts.ts';
import { INVOICE_DAY } from './invoices.ts';

const MONTH_DAYS = 30.4;
/** Standard deviation of the logarithm: of a month's cost about its level, and of the level's growth in a month. */
const LEVEL_STD = 0.05;
const GROWTH_STD = 0.03;
/** Months of history that halve the trust in a slope. */
const SLOPE_MONTHS = 4;
/** Growth is not carried on for longer than this. */
const GROWTH_MONTHS_MAX = 12;
/** An eighth a month. A cloud that was hardly used at first has grown a hundredfold, and will not do so again. */
const GROWTH_MAX = 0.12;

interface Lot {
  readonly left: number;
  /** Last day that it pays, day 1 is the first of the forecast. */
  readonly lastDay: number;
}

/** What one cloud costs, and who pays it. Amounts in minor units. */
export interface Cloud {
  /** Addresses its noise. */
  readonly name: string;
  readonly label: string;
  readonly daily: number;
  /** Cost of this month so far that no lot has paid yet. */
  readonly monthToDate: number;
  /** Of the logarithm, a month. */
  readonly growth: number;
  /** In the order in which they end. */
  readonly lots: readonly Lot[];
}

/** Least-squares slope of the logarithms, a month; less of it is believed the shorter the history is. */
const growthOf = ({ usage }: Credit): number => {
  const means = usage?.dailyMeans ?? [];
  const logs = means.slice(means.findLastIndex((mean) => mean <= 0) + 1).map(ln);
  if (usage === undefined || logs.length < 2) return 0;
  const middle = (logs.length - 1) / 2;
  let product = 0;
  let square = 0;
  logs.forEach((log, k) => {
    product += (k - middle) * log;
    square += (k - middle) * (k - middle);
  });
  const stepMonths = usage.stepDays / MONTH_DAYS;
  const months = logs.length * stepMonths;
  const growth = ((product / square / stepMonths) * months) / (months + SLOPE_MONTHS);
  return Math.min(GROWTH_MAX, Math.max(-GROWTH_MAX, growth));
};

export const cloudOf = (credit: Credit, span: Span, currency: Currency): Cloud => {
  const minorPerUnit = Number(`1e${exponentOf(currency)}`);
  const minor = (amount: string): number => Number(amount) * minorPerUnit;
  const { id, label, daily_gross_cost, usage } = credit;
  return {
    name: id ?? label ?? JSON.stringify(credit),
    label: label ?? id ?? 'a cloud bill',
    daily: minor(daily_gross_cost),
    monthToDate: minor(usage?.monthToDate ?? '0'),
    growth: growthOf(credit),
    lots: (usage?.lots ?? [credit])
      .map(({ remaining, expires_on }) => ({
        left: minor(remaining),
        lastDay: epochDay(expires_on) - span.asOf,
      }))
      .sort((a, b) => a.lastDay - b.lastDay || a.left - b.left),
  };
};

/** A month of which the invoice is paid within the horizon. Days as in the forecast, both included. */
interface Month {
  readonly index: number;
  readonly from: number;
  readonly to: number;
  readonly dueDay: number;
  /** Months from the forecast to its middle. */
  readonly ahead: number;
}

const monthsOf = ({ asOf, horizonDays }: Span): readonly Month[] => {
  const first = monthIndex(asOf + 1);
  const last = monthIndex(asOf + horizonDays);
  return Array.from({ length: last - first + 1 }, (_, k) => {
    const from = Math.max(1, monthStart(first + k) - asOf);
    const to = monthStart(first + k + 1) - 1 - asOf;
    return { index: first + k, from, to, dueDay: to + INVOICE_DAY, ahead: (from + to) / 2 / MONTH_DAYS };
  }).filter(({ dueDay }) => dueDay <= horizonDays);
};

/** How a path's costs lie about their level. */
interface Course {
  readonly growth: number;
  readonly factorOf: (month: Month) => number;
}

/** What is to be paid in cash on the due day of each month. */
const writeInvoices = (
  { daily, monthToDate, lots }: Cloud,
  months: readonly Month[],
  { growth, factorOf }: Course,
  pay: (month: Month, cash: number) => void,
): void => {
  const left = lots.map((lot) => lot.left);
  months.forEach((month, k) => {
    const days = month.to - month.from + 1;
    const before = k === 0 ? monthToDate : 0;
    const cost = daily * exp(growth * Math.min(GROWTH_MONTHS_MAX, month.ahead)) * factorOf(month) * days;
    let paid = 0;
    lots.forEach(({ lastDay }, lot) => {
      if (lastDay < month.from) return;
      const within = before + cost * Math.min(1, (lastDay - month.from + 1) / days);
      const part = Math.min(left[lot] ?? 0, Math.max(0, within - paid));
      left[lot] = (left[lot] ?? 0) - part;
      paid += part;
    });
    pay(month, before + cost - paid);
  });
};

const drawn = (noise: RandomStream, path: number, index: number): number => {
  draw(noise, path, index);
  return normalOf(noise);
};

/** Noise is addressed by the month of the calendar, so that tomorrow's forecast draws the same for it. */
export const cloudPart = (cloud: Cloud, span: Span, unitsPerMinor: number): Part => {
  const noise = namedNoise(span.seed, `cloud ${cloud.name}`);
  const months = monthsOf(span);
  return {
    label: cloud.label,
    of: [cloud, unitsPerMinor],
    add: (path, flows) => {
      const course = {
        growth: cloud.growth + GROWTH_STD * drawn(noise, path, 0),
        factorOf: ({ index }: Month): number => exp(LEVEL_STD * drawn(noise, path, index)),
      };
      writeInvoices(cloud, months, course, ({ dueDay }, cash) => {
        flows[dueDay - 1] = (flows[dueDay - 1] ?? 0) - cash * unitsPerMinor;
      });
    },
  };
};

/** The invoices where cost grows as it did and else keeps its level. */
export const usualOfCloud = (cloud: Cloud, span: Span): readonly UsualPayment[] => {
  const usual: UsualPayment[] = [];
  writeInvoices(cloud, monthsOf(span), { growth: cloud.growth, factorOf: () => 1 }, ({ dueDay }, cash) => {
    if (cash >= 0.5) usual.push({ day: dueDay, amountMinor: -cash, label: '' });
  });
  return usual;
};
