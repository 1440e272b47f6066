import { monthIndex, monthStart, type Shift, shifted } from './month.ts';

/** When a regular stream pays. All days count from 1970-01-01. */
export interface Schedule {
  readonly kind: 'weekly' | 'biweekly' | 'monthly' | 'semi-monthly' | 'quarterly' | 'tax-days';
  readonly periodDays: number;
  /** Days that the schedule names, ascending, both ends included. */
  readonly named: (from: number, to: number) => readonly number[];
  /** How many days after the named day each payment came, oldest first; negative where it came before. */
  readonly lags: Int32Array;
}

/** Days through which a payment is looked for around the day that names it. */
const REACH_DAYS = 20;

/** The nearest of the named days; `day` itself where none is near. */
const nearest = (named: Schedule['named'], day: number): number => {
  let best = day;
  let distance = Number.POSITIVE_INFINITY;
  for (const candidate of named(day - REACH_DAYS, day + REACH_DAYS))
    if (Math.abs(candidate - day) < distance) {
      best = candidate;
      distance = Math.abs(candidate - day);
    }
  return best;
};

export const withLags = (schedule: Omit<Schedule, 'lags'>, days: Int32Array): Schedule => ({
  ...schedule,
  lags: days.map((day) => day - nearest(schedule.named, day)),
});

/** Every `step` days, on the phase that most of the payments keep. */
export const everyDays = (kind: 'weekly' | 'biweekly', step: number, days: Int32Array): Schedule => {
  const counts = new Int32Array(step);
  for (const day of days)
    counts[((day % step) + step) % step] = (counts[((day % step) + step) % step] ?? 0) + 1;
  const phase = counts.indexOf(Math.max(...counts));
  const named = (from: number, to: number): readonly number[] => {
    const found: number[] = [];
    for (let day = from + ((((phase - from) % step) + step) % step); day <= to; day += step) found.push(day);
    return found;
  };
  return withLags({ kind, periodDays: step, named }, days);
};

/** A day of the month: from its start (1 is the first) or from its end (-1 is the last), moved off weekends. */
interface MonthRule {
  readonly day: number;
  readonly shift: Shift;
}

const dayOf = ({ day, shift }: MonthRule, month: number): number => {
  const first = monthStart(month);
  const last = monthStart(month + 1) - 1;
  return shifted(day > 0 ? Math.min(first + day - 1, last) : last + 1 + day, shift);
};

const ruleDays = (rules: readonly MonthRule[], from: number, to: number): readonly number[] => {
  const found: number[] = [];
  for (let month = monthIndex(from) - 1; month <= monthIndex(to) + 1; month += 1)
    for (const rule of rules) {
      const day = dayOf(rule, month);
      if (day >= from && day <= to) found.push(day);
    }
  return found.sort((a, b) => a - b);
};

const distance = (rule: MonthRule, day: number): number => {
  const month = monthIndex(day);
  let least = Number.POSITIVE_INFINITY;
  for (let near = month - 1; near <= month + 1; near += 1)
    least = Math.min(least, Math.abs(day - dayOf(rule, near)));
  return least;
};

const SHIFTS = ['none', 'previous', 'next'] as const;
/** Days from the month's end that are taken for a rule of their own: an end of month has no other number. */
const FROM_END = [-1, -2, -3] as const;

/** The rule that the payments keep best: few days off count less than a rule that never holds. */
const bestRule = (days: Int32Array): { readonly rule: MonthRule; readonly rootMeanSquare: number } => {
  const seen = new Set<number>([1, 15]);
  for (const day of days) seen.add(day - monthStart(monthIndex(day)) + 1);
  let rule: MonthRule = { day: 1, shift: 'none' };
  let least = Number.POSITIVE_INFINITY;
  for (const day of [...seen].sort((a, b) => a - b).concat(FROM_END))
    for (const shift of SHIFTS) {
      const candidate = { day, shift };
      let cost = 0;
      for (const paid of days) cost += Math.min(6, distance(candidate, paid));
      if (cost < least) {
        least = cost;
        rule = candidate;
      }
    }
  const squares = days.reduce((sum, day) => sum + distance(rule, day) ** 2, 0);
  return { rule, rootMeanSquare: Math.sqrt(squares / days.length) };
};

/** One day of the month that all payments keep to within `spreadDays` (root mean square), if there is one. */
export const monthly = (days: Int32Array, spreadDays: number): Schedule | undefined => {
  const { rule, rootMeanSquare } = bestRule(days);
  if (rootMeanSquare > spreadDays) return undefined;
  const named = (from: number, to: number): readonly number[] => ruleDays([rule], from, to);
  return withLags({ kind: 'monthly', periodDays: 30.4, named }, days);
};

/** Two days of the month, one for each half of the payments. */
export const semiMonthly = (days: Int32Array, spreadDays: number): Schedule | undefined => {
  const dayOfMonth = (day: number): number => day - monthStart(monthIndex(day)) + 1;
  const ways = [
    (day: number): boolean => dayOfMonth(day) > 5 && dayOfMonth(day) <= 20,
    (day: number): boolean => dayOfMonth(day) <= 10,
    (_day: number, k: number): boolean => k % 2 === 0,
  ];
  for (const way of ways) {
    const halves = [days.filter(way), days.filter((day, k) => !way(day, k))];
    if (halves.some((half) => half.length === 0 || half.length * 3 < days.length)) continue;
    const found = halves.map(bestRule);
    if (found.some(({ rootMeanSquare }) => rootMeanSquare > spreadDays)) continue;
    const rules = found.map(({ rule }) => rule);
    const named = (from: number, to: number): readonly number[] => ruleDays(rules, from, to);
    return withLags({ kind: 'semi-monthly', periodDays: 15.2, named }, days);
  }
  return undefined;
};

/** Every so many days since the last payment. */
export const everyQuarter = (days: Int32Array, medianGap: number): Schedule => {
  const last = days.at(-1) ?? 0;
  const step = Math.round(medianGap);
  const named = (from: number, to: number): readonly number[] => {
    const found: number[] = [];
    for (let k = Math.ceil((from - last) / step); last + k * step <= to; k += 1) found.push(last + k * step);
    return found;
  };
  const lags = Int32Array.from(days.subarray(1), (day, k) => day - (days[k] ?? 0) - step);
  return { kind: 'quarterly', periodDays: medianGap, named, lags: lags.length > 0 ? lags : Int32Array.of(0) };
};

/** Months, from 0, whose 15th is a due date of the United States' estimated taxes (26 U.S.C. 6654). */
const TAX_MONTHS: readonly number[] = [0, 3, 5, 8];
const TAX_SLACK_DAYS = 5;

const taxDays = (from: number, to: number): readonly number[] =>
  ruleDays([{ day: 15, shift: 'none' }], from, to).filter((day) => TAX_MONTHS.includes(monthIndex(day) % 12));

/** The statutory days, where every payment fell on or near one. */
export const onTaxDays = (days: Int32Array): Schedule | undefined => {
  const schedule = withLags({ kind: 'tax-days', periodDays: 91.3, named: taxDays }, days);
  const fits = days.every(
    (day, k) =>
      Math.abs(schedule.lags[k] ?? 0) <= TAX_SLACK_DAYS &&
      taxDays(day - TAX_SLACK_DAYS, day + TAX_SLACK_DAYS).length > 0,
  );
  return fits ? schedule : undefined;
};
