import { type PlanItem, parsePlanItem, type Recurring, renewalOf, USUAL_DELAY } from '../scenario/items.ts';
import { occurrenceDays } from '../scenario/recurrence.ts';
import { addDays, type CivilDate, daysBetween } from '../time/civil-date.ts';
import type { RunwayDocument } from './document.ts';
import { countText, dateText, moneyText, percentText } from './words.ts';

/** One plan item as a chart and a table show it. Days count from the forecast's date. */
export interface Planned {
  readonly kind: PlanItem['kind'];
  readonly label: string;
  /** When, how much and how likely, in words. */
  readonly detail: string;
  /** Days on which cash moves, ascending, none beyond the horizon; for credits the one day on which they end. */
  readonly days: readonly number[];
  /** How much moves on such a day; for credits the daily cost that comes back. */
  readonly amount: string;
  /** How long after its due day a tranche is expected. */
  readonly delayDays: number;
  readonly probability: number;
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });
const SUFFIXES: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' };
const dayName = (day: number): string =>
  day === -1 ? 'last day' : `${day}${SUFFIXES[ordinals.select(day)] ?? 'th'}`;

const ruleText = (rule: Recurring): string => {
  switch (rule.every) {
    case 'weekly':
      return `every ${WEEKDAYS[rule.weekday - 1] ?? 'week'}`;
    case 'biweekly':
      return 'every other week';
    case 'semi-monthly':
      return `on the ${rule.days
        .toSorted((a, b) => (a === -1 ? 99 : a) - (b === -1 ? 99 : b))
        .map(dayName)
        .join(' and ')} of each month`;
    case 'monthly':
      return `on the ${dayName(rule.day)} of each month`;
    case 'quarterly':
      return `on the ${dayName(rule.day)} of each quarter’s ${['first', 'second', 'third'][rule.month - 1] ?? ''} month`;
    case 'yearly':
      return `every year on the ${dayName(rule.day)} of ${MONTHS[rule.month - 1] ?? ''}`;
  }
};

const KIND_NAMES: Readonly<Record<PlanItem['kind'], string>> = {
  scheduled: 'Scheduled payment',
  recurring: 'Recurring payment',
  tranche: 'Funding tranche',
  credit: 'Cloud credits',
};

/** Days until a lot is used up: its last day of use, or the day on which nothing remains. */
const creditEndDay = (item: PlanItem & { kind: 'credit' }, asOf: CivilDate): number => {
  const dailyCost = Number(item.daily_gross_cost);
  const exhausted = dailyCost > 0 ? Math.ceil(Number(item.remaining) / dailyCost) : Number.POSITIVE_INFINITY;
  return Math.min(daysBetween(asOf, item.expires_on), exhausted);
};

type When = Pick<Planned, 'days' | 'detail' | 'amount' | 'delayDays' | 'probability'>;

const trancheWhen = (item: PlanItem & { kind: 'tranche' }, day: number, currency: string): When => {
  const { delay_days: delay = USUAL_DELAY } = item;
  const delayDays = delay.kind === 'none' ? 0 : delay.kind === 'fixed' ? delay.days : delay.mean;
  const late =
    delayDays > 0 ? `, ${delay.kind === 'gamma' ? 'about ' : ''}${countText(delayDays, 'day')} late` : '';
  return {
    days: [day],
    amount: item.amount,
    delayDays,
    probability: item.probability,
    detail: `${moneyText(item.amount, currency, 'exceptZero')} due ${dateText(item.date)}${late}, ${percentText(item.probability)} likely`,
  };
};

const whenOf = (item: PlanItem, { as_of, horizon_days, cash }: RunwayDocument): When => {
  const asOf = as_of as CivilDate;
  const certain = { delayDays: 0, probability: 1 };
  switch (item.kind) {
    case 'scheduled': {
      const detail = `${moneyText(item.amount, cash.currency, 'exceptZero')} on ${dateText(item.date)}`;
      return { ...certain, days: [daysBetween(asOf, item.date)], amount: item.amount, detail };
    }
    case 'tranche':
      return trancheWhen(item, daysBetween(asOf, item.date), cash.currency);
    case 'recurring': {
      const days = occurrenceDays(item, asOf, horizon_days);
      const renewal = renewalOf(item);
      const ends = renewal < 1 ? `, ${percentText(renewal)} likely to be renewed each time` : '';
      const detail = `${moneyText(item.amount, cash.currency, 'exceptZero')} ${ruleText(item)}${ends}`;
      return { ...certain, days, amount: item.amount, detail };
    }
    case 'credit': {
      const end = creditEndDay(item, asOf);
      const detail = `${moneyText(item.remaining, cash.currency)} pays ${moneyText(item.daily_gross_cost, cash.currency)} a day through ${dateText(addDays(asOf, end))}`;
      return { ...certain, days: [end], amount: `-${item.daily_gross_cost}`, detail };
    }
  }
};

/** The plan that is still ahead, soonest first. Items that no parser of ours understands are the document's to name. */
export const plannedItems = (plan: readonly unknown[], runway: RunwayDocument): readonly Planned[] => {
  const planned: Planned[] = [];
  for (const json of plan) {
    const parsed = parsePlanItem(json);
    if (!parsed.ok) continue;
    const item = parsed.value;
    const when = whenOf(item, runway);
    const days = when.days.filter((day) => day >= 0 && day <= runway.horizon_days);
    if (days.length === 0) continue;
    planned.push({
      ...when,
      days,
      kind: item.kind,
      label: item.label ?? item.id ?? KIND_NAMES[item.kind],
    });
  }
  return planned.sort((a, b) => (a.days[0] ?? 0) - (b.days[0] ?? 0) || (a.label < b.label ? -1 : 1));
};

export const kindName = (kind: PlanItem['kind']): string => KIND_NAMES[kind];
