import { canonicalJson } from '../canonical/canonical.ts';
import type { Residual, SimulationInput } from '../forecast/simulation.ts';
import { type Currency, exponentOf } from '../money/currency.ts';
import { daysBetween } from '../time/civil-date.ts';
import { creditCashCosts } from './credits.ts';
import type { DecimalText } from './fields.ts';
import { normalised } from './normalise.ts';
import type { Scenario } from './parse.ts';
import { occurrenceDays } from './recurrence.ts';

/** A scenario in the engine's terms. */
export interface CompiledScenario {
  readonly input: SimulationInput;
  /** The engine's unit of money is 10^-decimals of the currency: the minor unit, or finer where an amount needs it. */
  readonly decimals: number;
  /** In that unit. */
  readonly minimumCash: number;
  /**
   * Whether the mean net flow is zero or more: the residual's mean and all certain flows (scheduled, recurring, costs that
   * credits leave), averaged over the horizon. Tranches are left out: money raised does not end the burning.
   */
  readonly meanFlowNotNegative: boolean;
}

const decimalsIn = (text: DecimalText): number => text.split('.')[1]?.length ?? 0;

const moneyOf = ({ residual, ...scenario }: Scenario): DecimalText[] => [
  scenario.balance,
  scenario.minimum_cash,
  ...(residual.kind === 'bootstrap' ? residual.values : [residual.daily_mean, residual.daily_std]),
  ...scenario.scheduled.map(({ amount }) => amount),
  ...scenario.recurring.flatMap(({ amount, jitter_std }) => [amount, jitter_std]),
  ...scenario.tranches.map(({ amount }) => amount),
  ...scenario.credits.flatMap(({ remaining, daily_gross_cost }) => [remaining, daily_gross_cost]),
];

const unitDecimals = (scenario: Scenario): number =>
  moneyOf(scenario).reduce(
    (decimals, text) => Math.max(decimals, decimalsIn(text)),
    exponentOf(scenario.currency as Currency),
  );

/** Whole units of 10^-decimals. */
const unitsOf = (text: DecimalText, decimals: number): bigint => {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(decimals, '0'));
};

/** Whole units of a scenario's own size. */
type Units = (text: DecimalText) => bigint;

/** Net certain flows beside the residual by day, summed before anything is rounded; most days have none. */
const certainFlows = (scenario: Scenario, units: Units): ReadonlyMap<number, bigint> => {
  const { as_of, horizon_days } = scenario;
  const flows = new Map<number, bigint>();
  const add = (day: number, amount: bigint): void => {
    if (day <= horizon_days) flows.set(day, (flows.get(day) ?? 0n) + amount);
  };
  for (const { date, amount } of scenario.scheduled) add(daysBetween(as_of, date), units(amount));
  for (const recurring of scenario.recurring) {
    const amount = units(recurring.amount);
    for (const day of occurrenceDays(recurring, as_of, horizon_days)) add(day, amount);
  }
  for (const { remaining, expires_on, daily_gross_cost } of scenario.credits) {
    const expiryDay = daysBetween(as_of, expires_on);
    const cost = units(daily_gross_cost);
    creditCashCosts(units(remaining), expiryDay, cost, horizon_days).forEach((cash, index) => {
      add(index + 1, -cash);
    });
  }
  return flows;
};

/** Element d-1 is day d. */
const dailyFloats = (flows: ReadonlyMap<number, bigint>, horizonDays: number): Float64Array => {
  const floats = new Float64Array(horizonDays);
  for (const [day, flow] of flows) floats[day - 1] = Number(flow);
  return floats;
};

const residualOf = ({ residual }: Scenario, units: Units): Residual => {
  if (residual.kind === 'bootstrap') {
    const values = Float64Array.from(residual.values, (value) => Number(units(value)));
    return { kind: 'bootstrap', values, block: residual.block };
  }
  const dailyMean = Number(units(residual.daily_mean));
  const dailyStd = Number(units(residual.daily_std));
  return residual.kind === 'normal'
    ? { kind: 'normal', dailyMean, dailyStd }
    : { kind: 'student_t', dailyMean, dailyStd, df: residual.df };
};

/** One per occurrence with a spread, in an order that does not depend on that of the items: floats do not add alike in any. */
const jittersOf = ({ recurring, as_of, horizon_days }: Scenario, units: Units): SimulationInput['jitters'] =>
  recurring
    .filter(({ jitter_std }) => jitter_std !== '0')
    .flatMap((item) => {
      const std = Number(units(item.jitter_std));
      return occurrenceDays(item, as_of, horizon_days).map((day) => ({ day, std }));
    })
    .sort((a, b) => a.day - b.day || a.std - b.std);

/** Those of one day are told apart by size, never by label or place, so that neither changes what is drawn for them. */
const tranchesOf = ({ tranches, as_of, horizon_days }: Scenario, units: Units): SimulationInput['tranches'] =>
  tranches
    .map(({ date, amount, probability, delay_days }) => ({
      day: daysBetween(as_of, date),
      amount: Number(units(amount)),
      probability,
      delay: delay_days,
      law: canonicalJson(delay_days),
    }))
    .filter(({ day }) => day <= horizon_days)
    .sort(
      (a, b) =>
        a.day - b.day ||
        a.amount - b.amount ||
        (a.law < b.law ? -1 : a.law > b.law ? 1 : a.probability - b.probability),
    );

/** Mean net flow over the horizon times a positive number: its sign is exact. */
const netFlowSign = (
  { residual, horizon_days }: Scenario,
  certain: ReadonlyMap<number, bigint>,
  units: Units,
): bigint => {
  const sum = [...certain.values()].reduce((total, flow) => total + flow, 0n);
  if (residual.kind !== 'bootstrap') return sum + BigInt(horizon_days) * units(residual.daily_mean);
  const values = residual.values.reduce((total, value) => total + units(value), 0n);
  return sum * BigInt(residual.values.length) + BigInt(horizon_days) * values;
};

/** Sums all certain money in whole units before it becomes floating point, so that how it is cut into items cannot matter. */
export const compileScenario = (given: Scenario): CompiledScenario => {
  const scenario = normalised(given);
  const decimals = unitDecimals(scenario);
  const units: Units = (text) => unitsOf(text, decimals);
  const certain = certainFlows(scenario, units);
  const input: SimulationInput = {
    horizonDays: scenario.horizon_days,
    paths: scenario.paths,
    seed: scenario.seed,
    openingCash: Number(units(scenario.balance) - units(scenario.minimum_cash)),
    scheduled: dailyFloats(certain, scenario.horizon_days),
    residual: residualOf(scenario, units),
    jitters: jittersOf(scenario, units),
    tranches: tranchesOf(scenario, units),
  };
  return {
    input,
    decimals,
    minimumCash: Number(units(scenario.minimum_cash)),
    meanFlowNotNegative: netFlowSign(scenario, certain, units) >= 0n,
  };
};
