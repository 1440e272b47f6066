import { Decimal } from 'decimal.js';
import type { RunwayForecast, RunwayInput } from '../model/runway.ts';
import { exponentOf } from '../money/currency.ts';
import type { Credit } from '../scenario/items.ts';
import { addDays, type CivilDate } from '../time/civil-date.ts';

/** A cliff: the day on which a credit lot pays its last, and what its cloud costs a month from then. */
interface Cliff {
  readonly name: string;
  readonly lastDay: CivilDate;
  readonly monthly: string;
}

const MONTH_DAYS = 30;
/** Days in which a company can still act on what a cliff will cost. */
const CLIFF_AHEAD_DAYS = 365;

/** The last day on which the lot pays, if in part: it lasts from tomorrow, or to its expiry. */
const lastDayOf = ({ remaining, expires_on, daily_gross_cost }: Credit, asOf: CivilDate): CivilDate => {
  const days = new Decimal(remaining).div(daily_gross_cost).ceil().toNumber();
  const exhausted = addDays(asOf, Math.min(days, CLIFF_AHEAD_DAYS + 1));
  return exhausted < expires_on ? exhausted : expires_on;
};

const cliffsOf = ({ plan, asOf, currency }: RunwayInput): readonly Cliff[] =>
  plan.items
    .filter((item) => item.kind === 'credit')
    .filter(({ daily_gross_cost: cost, remaining }) => Number(cost) > 0 && Number(remaining) > 0)
    .map((lot) => ({
      name: lot.label ?? lot.id ?? 'a cloud credit',
      lastDay: lastDayOf(lot, asOf),
      monthly: new Decimal(lot.daily_gross_cost)
        .times(MONTH_DAYS)
        .toFixed(exponentOf(currency), Decimal.ROUND_HALF_EVEN),
    }))
    .filter(({ lastDay }) => lastDay > asOf && lastDay <= addDays(asOf, CLIFF_AHEAD_DAYS))
    .sort((a, b) => (a.lastDay < b.lastDay ? -1 : 1));

/** Wider than its own middle: then the level of spending is a guess, and mostly because one-off money passes for a habit. */
const isWide = ({ days: { p5, p50, p95 }, horizonDays }: RunwayForecast): boolean =>
  p5 !== null && p50 !== null && (p95 ?? horizonDays + 1) - p5 > p50;

/** What to look at in the books before believing the number, as sentences. */
export const doubts = (input: RunwayInput, forecast: RunwayForecast): readonly string[] => {
  const { burn, days, horizonDays, currency } = forecast;
  const reasons: string[] = [];
  if (isWide(forecast))
    reasons.push(
      `the interval is wide, from ${days.p5} days to ${days.p95 ?? `more than ${horizonDays}`}: audit how expenses are classified, and whether one-off payments count as habits`,
    );
  if (burn?.netDailyMean.startsWith('-') && forecast.status !== 'out_of_cash')
    reasons.push(
      `cash grew by ${burn.netDailyMean.slice(1)} ${currency} a day on average: if the company does burn money, look for unapplied credits, a batch of refunds, or funding that was booked as income`,
    );
  for (const { name, lastDay, monthly } of cliffsOf(input))
    reasons.push(
      `${name} pays its last on ${lastDay}: from then ${monthly} ${currency} of cloud cost in ${MONTH_DAYS} days is paid in cash`,
    );
  return reasons;
};
