import type { Statement } from '../event/statement.ts';
import { currency } from '../money/currency.ts';
import { decimalOf, minorOf } from '../money/money.ts';
import { addDays, type CivilDate } from '../time/civil-date.ts';
import type { Decision, Outcome } from './decision.ts';

/** What saving was expected to change in a month's bill, and what the bills say it did; negative saves. */
export interface Savings {
  readonly since: CivilDate;
  /** The last day before the first group got its sizes back; null while saving lasts. */
  readonly until: CivilDate | null;
  readonly predicted: Amount | null;
  readonly realised: Realised;
}

type Realised =
  | { readonly status: 'measured'; readonly monthly: Amount; readonly days: number }
  | { readonly status: 'not measured yet'; readonly reason: string };

interface Amount {
  readonly amount: string;
  readonly currency: string;
}

/** Two whole weeks, so that weekends weigh alike. */
const BEFORE_DAYS = 14;
const AFTER_DAYS_MIN = 7;
/** A provider restates its figures for about so long. */
const SETTLING_DAYS = 2;
const DAYS_PER_MONTH_TIMES_12 = 365n;

const USD = currency('USD');
const isCompute = (service: string): boolean => /elastic compute cloud|^ec2/i.test(service);

/** Credits, refunds and taxes are no use of anything: what was used costs the same whoever pays for it. */
const usageByDay = (costs: readonly Statement<'cost'>[]): ReadonlyMap<string, bigint> => {
  const days = new Map<string, bigint>();
  for (const { date, body } of costs) {
    if (body.recordType !== 'usage' || body.estimated || body.currency !== 'USD' || !isCompute(body.service))
      continue;
    const [whole = '0', fraction = ''] = body.amount.split('.');
    const cents = USD && minorOf(`${whole}.${fraction.slice(0, 2).padEnd(2, '0')}`, USD);
    if (typeof cents === 'bigint') days.set(date, (days.get(date) ?? 0n) + cents);
  }
  return days;
};

/** Days from one to another, both counted, that have a figure. */
const told = (days: ReadonlyMap<string, bigint>, from: CivilDate, to: CivilDate): readonly bigint[] => {
  const found: bigint[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) {
    const cents = days.get(date);
    if (cents !== undefined) found.push(cents);
  }
  return found;
};

const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

const measured = (days: ReadonlyMap<string, bigint>, since: CivilDate, until: CivilDate): Realised => {
  const notYet = (reason: string): Realised => ({ status: 'not measured yet', reason });
  if (days.size === 0) return notYet('no cloud cost was told of any day');
  const before = told(days, addDays(since, -BEFORE_DAYS), addDays(since, -1));
  if (before.length < BEFORE_DAYS)
    return notYet(`of the ${BEFORE_DAYS} days before, ${before.length} have a cost`);
  const after = told(days, addDays(since, 1), until);
  if (after.length < AFTER_DAYS_MIN)
    return notYet(`${after.length} days since have a settled cost; it takes ${AFTER_DAYS_MIN}`);
  const [was, is] = [BigInt(before.length), BigInt(after.length)];
  const difference = sumOf(after) * was - sumOf(before) * is;
  const monthly = (difference * DAYS_PER_MONTH_TIMES_12) / (12n * was * is);
  return {
    status: 'measured',
    monthly: { amount: USD ? decimalOf(monthly, USD) : '', currency: 'USD' },
    days: after.length,
  };
};

/** The part of a decision's effect that a change of desired capacity made. */
const share = ({ from, to, expected }: Decision, { before, after }: Outcome): bigint | undefined => {
  const monthly = expected.cost.monthly && USD && minorOf(expected.cost.monthly.amount, USD);
  if (typeof monthly !== 'bigint' || !before || !after) return undefined;
  const whole = BigInt(to.desired - from.desired);
  return whole === 0n ? monthly : (monthly * BigInt(after.desired - before.desired)) / whole;
};

const predictionOf = (decisions: readonly Decision[], changes: readonly Outcome[]): Amount | null => {
  let cents = 0n;
  for (const change of changes) {
    const decision = decisions.find(({ decision_id: id }) => id === change.decision_id);
    const part = decision && share(decision, change);
    if (part === undefined) return null;
    cents += part;
  }
  return USD ? { amount: decimalOf(cents, USD), currency: 'USD' } : null;
};

/** The latest time of saving: what it was to save, and what it saved; undefined where nothing was ever changed. */
export const savingsOf = (
  decisions: readonly Decision[],
  outcomes: readonly Outcome[],
  costs: readonly Statement<'cost'>[],
  today: CivilDate,
): Savings | undefined => {
  const stanceOf = ({ decision_id: id }: Outcome): Decision['stance'] | undefined =>
    decisions.find((decision) => decision.decision_id === id)?.stance;
  const applied = outcomes
    .filter(({ status }) => status === 'applied')
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const lastSaving = applied.findLastIndex(
    (each) => stanceOf(each) !== 'NORMAL' && stanceOf(each) !== undefined,
  );
  if (lastSaving < 0) return undefined;
  const beforeThat = applied.slice(0, lastSaving).findLastIndex((each) => stanceOf(each) === 'NORMAL');
  const changes = applied.slice(beforeThat + 1, lastSaving + 1);
  const dayOf = (at: string): CivilDate => at.slice(0, 10) as CivilDate;
  const since = dayOf(changes[0]?.at ?? '');
  const back = applied[lastSaving + 1];
  const until = back ? addDays(dayOf(back.at), -1) : null;
  const settledUntil = addDays(today, -SETTLING_DAYS);
  return {
    since,
    until,
    predicted: predictionOf(decisions, changes),
    realised: measured(
      usageByDay(costs),
      since,
      until !== null && until < settledUntil ? until : settledUntil,
    ),
  };
};
