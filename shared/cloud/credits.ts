/** Cloud credits: what is left of each lot, and what a day takes of them. */
import type { CreditGrant } from '../contract/tenant.ts';
import type { Cost, Statement } from '../event/statement.ts';
import { sumDecimals } from '../providers/decimal.ts';
import { addDays, type CivilDate, daysInMonth } from '../time/civil-date.ts';

/** The last day of credits that never end. */
export const NEVER_ENDS: CivilDate = '2099-12-31' as CivilDate;

/** Credits that a bill took on a day. */
export interface Taken {
  readonly date: CivilDate;
  /** Decimal, positive. */
  readonly amount: string;
  readonly currency: string;
}

const negated = (decimal: string): string =>
  decimal === '0' ? decimal : decimal.startsWith('-') ? decimal.slice(1) : `-${decimal}`;

/** The credits among the costs of a provider, as amounts taken. */
export const takenBy = (
  provider: string,
  costs: readonly { readonly date: CivilDate; readonly body: Cost }[],
): readonly Taken[] =>
  costs
    .filter(({ body }) => body.provider === provider && body.recordType === 'credit')
    .map(({ date, body }) => ({ date, amount: negated(body.amount), currency: body.currency }));

const isPositive = (decimal: string): boolean => decimal !== '0' && !decimal.startsWith('-');
const lesser = (a: string, b: string): string => (isPositive(sumDecimals([a, negated(b)])) ? b : a);

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * What is left of each lot, by id: what was left at its day, without what bills have taken since. The lot that ends first
 * is taken from first. A lot that ended is worth nothing, whatever was left of it.
 */
export const remainingOf = (
  grants: readonly CreditGrant[],
  taken: readonly Taken[],
  today: CivilDate,
): ReadonlyMap<string, string> => {
  const left = new Map(grants.map(({ id, remaining }) => [id, remaining]));
  const inOrder = grants.toSorted((a, b) => text(a.expiresOn, b.expiresOn) || text(a.id, b.id));
  for (const { date, amount, currency } of taken.toSorted((a, b) => text(a.date, b.date))) {
    let open = amount;
    for (const grant of inOrder) {
      if (grant.currency !== currency || date <= grant.asOf || date > grant.expiresOn) continue;
      // A correction of what was taken gives back to the lot that is next to give.
      const part = lesser(open, left.get(grant.id) ?? '0');
      left.set(grant.id, sumDecimals([left.get(grant.id) ?? '0', negated(part)]));
      open = sumDecimals([open, negated(part)]);
      if (open === '0') break;
    }
  }
  for (const { id, expiresOn } of grants) if (expiresOn < today) left.set(id, '0');
  return left;
};

/** AWS's figures of the last days still move. */
const SETTLING_DAYS = 3;
/** Whole weeks, so that weekends weigh alike. */
const DAYS = 28;
const DAYS_MIN = 7;

const scaled = (decimal: string, divisor: number): number => Number(decimal) / divisor;

/** What bills took of the credits of a provider that tells days, a day on average; undefined where too few days are known. */
export const dailyTaken = (
  provider: string,
  costs: readonly Statement<'cost'>[],
  currency: string,
  today: CivilDate,
): number | undefined => {
  const last = addDays(today, -SETTLING_DAYS);
  const first = addDays(last, 1 - DAYS);
  const told = costs.filter(
    ({ date, body }) =>
      body.provider === provider && body.currency === currency && date >= first && date <= last,
  );
  const days = new Set(told.map(({ date }) => date)).size;
  if (days < DAYS_MIN) return undefined;
  return scaled(sumDecimals(takenBy(provider, told).map(({ amount }) => amount)), days);
};

/** The same of a provider that tells months: of the last whole one. */
export const dailyTakenByMonth = (
  provider: string,
  costs: readonly Statement<'cost'>[],
  currency: string,
  today: CivilDate,
): number | undefined => {
  const before = addDays(`${today.slice(0, 7)}-01` as CivilDate, -1);
  const [year = 0, month = 0] = before.split('-').map(Number);
  const told = costs.filter(
    ({ date, body }) =>
      body.provider === provider && body.currency === currency && date.slice(0, 7) === before.slice(0, 7),
  );
  if (told.length === 0) return undefined;
  return scaled(sumDecimals(takenBy(provider, told).map(({ amount }) => amount)), daysInMonth(year, month));
};

/** What is charged once, by agreement or by a state: no sign of how use grows. */
const NO_USE = new Set([
  'credit',
  'fee',
  'refund',
  'ri_fee',
  'savings_plan_negation',
  'savings_plan_recurring_fee',
  'savings_plan_upfront_fee',
  'tax',
]);

/** Use as bills tell it: its mean a day in periods of so many days, oldest first. */
export interface Use {
  readonly dailyMeans: readonly number[];
  readonly stepDays: number;
}

const used = (
  provider: string,
  costs: readonly Statement<'cost'>[],
  currency: string,
): readonly Statement<'cost'>[] =>
  costs.filter(
    ({ body }) => body.provider === provider && body.currency === currency && !NO_USE.has(body.recordType),
  );

const sumOf = (costs: readonly Statement<'cost'>[]): number =>
  Number(sumDecimals(costs.map(({ body }) => body.amount)));

/** Use of a provider that tells days, in whole periods of 28 back from the last day that hardly moves any more. */
export const useByDays = (
  provider: string,
  costs: readonly Statement<'cost'>[],
  currency: string,
  today: CivilDate,
): Use => {
  const told = used(provider, costs, currency);
  const first = told.reduce<CivilDate>((least, { date }) => (date < least ? date : least), today);
  const means: number[] = [];
  for (let to = addDays(today, -SETTLING_DAYS); addDays(to, 1 - DAYS) >= first; to = addDays(to, -DAYS)) {
    const from = addDays(to, 1 - DAYS);
    means.unshift(sumOf(told.filter(({ date }) => date >= from && date <= to)) / DAYS);
  }
  return { dailyMeans: means, stepDays: DAYS };
};

/** Use of a provider that tells months, the current one left out, and the first: few exports begin with a month. */
export const useByMonths = (
  provider: string,
  costs: readonly Statement<'cost'>[],
  currency: string,
  today: CivilDate,
): Use => {
  const byMonth = Map.groupBy(used(provider, costs, currency), ({ date }) => date.slice(0, 7));
  const whole = [...byMonth]
    .sort(([a], [b]) => text(a, b))
    .slice(1)
    .filter(([month]) => month < today.slice(0, 7));
  const dailyMeans = whole.map(([month, told]) => {
    const [year = 0, of = 0] = month.split('-').map(Number);
    return sumOf(told) / daysInMonth(year, of);
  });
  return { dailyMeans, stepDays: 30.4 };
};
