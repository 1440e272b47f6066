import { forecastRunway, type RunwayInput } from '../model/runway.ts';
import { currency } from '../money/currency.ts';
import { decimalOf, minorOf } from '../money/money.ts';
import { parsePlanItem } from '../scenario/items.ts';
import type { Decision, Expected } from './decision.ts';
import type { Planned } from './plan.ts';

/** A month's use is charged early in the next. */
const BILLING_DAY = 3;

const USD = currency('USD');

/** What a run's plans save in a month together, where every one of them has a price and there is something to save. */
export const monthlySaving = (decisions: readonly Decision[]): string | undefined => {
  const planned = decisions.filter(({ status }) => status === 'planned');
  let cents = 0n;
  for (const { expected } of planned) {
    const monthly = expected.cost.monthly && USD && minorOf(expected.cost.monthly.amount, USD);
    if (typeof monthly !== 'bigint') return undefined;
    cents -= monthly;
  }
  return cents === 0n || !USD ? undefined : decimalOf(cents, USD);
};

/** p5 as it is forecast and with the saving in every bill to come, on the same draws; null where either has none. */
export const p5Effect = (input: RunwayInput, saving: string): Expected['p5_days'] => {
  if (input.currency !== 'USD') return null;
  const label = 'cloud capacity by the policy';
  const item = parsePlanItem({
    kind: 'recurring',
    every: 'monthly',
    day: BILLING_DAY,
    amount: saving,
    label,
  });
  if (!item.ok) return null;
  const items = [...input.plan.items, { ...item.value, id: 'capstack-policy' }];
  const before = forecastRunway(input).days.p5;
  const after = forecastRunway({ ...input, plan: { ...input.plan, items } }).days.p5;
  return before === null || after === null ? null : { before, after };
};

/** Writes the effect into the decisions it is of, wherever a run keeps them. */
export const withEffect = (planned: Planned, p5_days: Expected['p5_days']): Planned => {
  const told = (decision: Decision): Decision =>
    decision.status === 'planned' ? { ...decision, expected: { ...decision.expected, p5_days } } : decision;
  const fresh = new Map(planned.decisions.map((decision) => [decision.decision_id, told(decision)]));
  const groups = Object.entries(planned.state.groups).map(([name, memory]) => {
    const standing = memory.standing && fresh.get(memory.standing.decision_id);
    return [name, standing ? { ...memory, standing } : memory] as const;
  });
  return {
    ...planned,
    state: { ...planned.state, groups: Object.fromEntries(groups) },
    decisions: [...fresh.values()],
  };
};
