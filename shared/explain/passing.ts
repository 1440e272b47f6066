import type { HistoryDay } from '../model/history.ts';
import { forecastRunway, type RunwayInput } from '../model/runway.ts';
import { type Currency, exponentOf } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import { type CivilDate, daysBetween } from '../time/civil-date.ts';

/** More than all plan items together, whatever their signs. */
const beyondPlan = ({ plan, currency }: RunwayInput): Minor => {
  const unit = 10n ** BigInt(exponentOf(currency as Currency));
  const whole = plan.items.map((item) =>
    item.kind === 'credit' ? 0n : BigInt(item.amount.replace('-', '').split('.', 1)[0] ?? '0') + 1n,
  );
  return whole.reduce((sum, amount) => sum + amount, 0n) * unit;
};

/** A day on which all that the plan expects has come and gone. */
const asExpected = (input: RunwayInput, date: CivilDate): HistoryDay => {
  const enoughMinor = beyondPlan(input);
  return { date, netMinor: 0n, inflowMinor: enoughMinor, outflowMinor: enoughMinor, outflowCount: 0 };
};

/** The middle of the cash that a forecast expects at the end of a later day; the balance where it expects none. */
const expectedCash = (input: RunwayInput, days: number): Minor =>
  forecastRunway({ ...input, horizonDays: days }).cashBand.at(-1)?.p50 ?? input.balanceMinor;

/**
 * What an input becomes by the passing of time alone: the day is another, cash is what the middle of the forecast expected
 * by then, and what was planned for the days between has come. The pattern stays as it was fitted.
 */
export const timePassed = (input: RunwayInput, to: CivilDate): RunwayInput => {
  const days = daysBetween(input.asOf, to);
  if (days <= 0) return input;
  return {
    ...input,
    asOf: to,
    historyThrough: input.historyThrough ?? input.asOf,
    balanceMinor: expectedCash(input, days),
    days: [...input.days.filter(({ date }) => date < to), asExpected(input, to)],
  };
};
