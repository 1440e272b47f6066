/** Which days a recurring payment falls on. All arithmetic is on days since 1970-01-01, so no zone or clock change enters. */
import { type CivilDate, epochDay, fromEpochDay } from '../time/civil-date.ts';
import type { Recurring, Rule } from './items.ts';

const MS_PER_DAY = 86_400_000;

/** 0 is January 1970. */
const monthIndex = (epoch: number): number => {
  const [year, month] = fromEpochDay(epoch).split('-').map(Number);
  return ((year ?? 0) - 1970) * 12 + (month ?? 0) - 1;
};

/** The day of that month; days past its end, and -1, mean its last day. */
const dayIn = (month: number, day: number): number => {
  const first = Date.UTC(1970, month, 1) / MS_PER_DAY;
  const last = Date.UTC(1970, month + 1, 0) / MS_PER_DAY;
  return day === -1 ? last : Math.min(first + day - 1, last);
};

/** Every `step` days through `phase`, within the range. */
const every = (step: number, phase: number, from: number, to: number): number[] => {
  const days: number[] = [];
  const first = from + ((((phase - from) % step) + step) % step);
  for (let day = first; day <= to; day += step) days.push(day);
  return days;
};

/** The days of the month a rule names in the month with this index; none in months it skips. */
const daysNamed = (rule: Rule, month: number): readonly number[] => {
  const ofYear = ((month % 12) + 12) % 12;
  if (rule.every === 'semi-monthly') return rule.days;
  if (rule.every === 'monthly') return [rule.day];
  if (rule.every === 'quarterly') return ofYear % 3 === rule.month - 1 ? [rule.day] : [];
  if (rule.every === 'yearly') return ofYear === rule.month - 1 ? [rule.day] : [];
  return [];
};

/** A Monday, as every 7th day counts from it. */
const MONDAY = epochDay('1970-01-05' as CivilDate);

/** Days the rule names from `from` to `to`, before any moves to a business day. */
const nominalDays = (rule: Rule, from: number, to: number): number[] => {
  if (rule.every === 'weekly') return every(7, MONDAY + rule.weekday - 1, from, to);
  if (rule.every === 'biweekly') return every(14, epochDay(rule.anchor), from, to);
  const days: number[] = [];
  for (let month = monthIndex(from); month <= monthIndex(to); month += 1)
    for (const named of daysNamed(rule, month)) {
      const day = dayIn(month, named);
      if (day >= from && day <= to) days.push(day);
    }
  return days;
};

/** Farthest that a move to a business day can go: a run of days off holds two weekend days in seven, the rest holidays. */
const reach = (holidays: number): number => Math.ceil(((holidays + 2) * 7) / 5) + 1;

/**
 * Days 1..horizonDays after `asOf` on which the payment falls, ascending; a day twice where two occurrences meet on it.
 * An occurrence belongs to the horizon by its adjusted day, wherever its nominal day lies.
 */
export const occurrenceDays = (recurring: Recurring, asOf: CivilDate, horizonDays: number): number[] => {
  const origin = epochDay(asOf);
  const holidays = new Set(recurring.holidays.map(epochDay));
  const isOff = (day: number): boolean => (((day - MONDAY) % 7) + 7) % 7 >= 5 || holidays.has(day);
  const step = { none: 0, previous: -1, next: 1 }[recurring.business_day];
  const margin = step === 0 ? 0 : reach(holidays.size);
  const days: number[] = [];
  for (const nominal of nominalDays(recurring, origin + 1 - margin, origin + horizonDays + margin)) {
    let day = nominal;
    while (step !== 0 && isOff(day)) day += step;
    if (day > origin && day <= origin + horizonDays) days.push(day - origin);
  }
  return days.sort((a, b) => a - b);
};
