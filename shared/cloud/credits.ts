/** Cloud credits: what is left of each lot, and what a day takes of them. */
import type { CreditGrant } from '../contract/tenant.ts';
import type { Cost, Statement } from '../event/statement.ts';
import { sumDecimals } from '../providers/decimal.ts';
import { addDays, type CivilDate, daysInMonth } from '../time/civil-date.ts';

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
