import { expectedDays } from '../model/expected-days.ts';
import type { RunwayInput } from '../model/runway.ts';
import type { PlanItem } from '../scenario/items.ts';
import { addDays, type CivilDate, daysBetween } from '../time/civil-date.ts';

/** Whether something was due in the days that have passed, the first of them included: it may have been late by a day. */
const isOver = (date: CivilDate, { asOf }: RunwayInput, to: CivilDate): boolean => date >= asOf && date <= to;

const hasCome = (item: PlanItem, input: RunwayInput, to: CivilDate): boolean =>
  (item.kind === 'scheduled' || item.kind === 'tranche') && isOver(item.date, input, to);

/**
 * What an input becomes by the passing of time alone: the days between have been as the forecast expected them, and what was
 * planned for them has come. So the pattern is fitted to days that say nothing new.
 */
export const timePassed = (input: RunwayInput, to: CivilDate): RunwayInput => {
  const days = daysBetween(input.asOf, to);
  if (days <= 0) return input;
  const passed = expectedDays(input, days);
  const movedMinor = passed.reduce((sum, day) => sum + day.netMinor + (day.fundingMinor ?? 0n), 0n);
  return {
    ...input,
    asOf: to,
    historyThrough: passed.length === 0 ? (input.historyThrough ?? input.asOf) : addDays(to, -1),
    balanceMinor: input.balanceMinor + movedMinor,
    days: [...input.days.filter(({ date }) => date <= input.asOf), ...passed],
    plan: { ...input.plan, items: input.plan.items.filter((item) => !hasCome(item, input, to)) },
    ...(input.expected && {
      expected: input.expected.filter(({ dueDate }) => !isOver(dueDate, input, to)),
    }),
  };
};
