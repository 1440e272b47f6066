import { FUNDING, OPENING_BALANCE } from '../event/category.ts';
import type { CashFact, FactLine } from '../event/fact.ts';
import type { HistoryDay } from '../model/history.ts';
import type { RunwayInput } from '../model/runway.ts';
import type { Minor } from '../money/money.ts';
import type { PlanItem } from '../scenario/items.ts';
import type { CivilDate } from '../time/civil-date.ts';

const quiet = (date: CivilDate): HistoryDay => ({
  date,
  netMinor: 0n,
  inflowMinor: 0n,
  outflowMinor: 0n,
  outflowCount: 0,
});

/** The day with a line more, or less: as the ledger's aggregates count it. */
const withLine = (day: HistoryDay, { category, amountMinor }: FactLine, times: 1n | -1n): HistoryDay => {
  if (category === OPENING_BALANCE) return day;
  if (category === FUNDING) return { ...day, fundingMinor: (day.fundingMinor ?? 0n) + times * amountMinor };
  const isOutflow = amountMinor < 0n;
  return {
    ...day,
    netMinor: day.netMinor + times * amountMinor,
    inflowMinor: day.inflowMinor + (isOutflow ? 0n : times * amountMinor),
    outflowMinor: day.outflowMinor - (isOutflow ? times * amountMinor : 0n),
    outflowCount: day.outflowCount + (isOutflow ? Number(times) : 0),
  };
};

/** What a fact does to total cash: nothing where it moves money between own accounts. */
export const cashMoved = ({ counterAccount, lines }: CashFact): Minor =>
  counterAccount === 'external' ? lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n) : 0n;

const withTimes = (input: RunwayInput, fact: CashFact, times: 1n | -1n): RunwayInput => {
  if (fact.currency !== input.currency || fact.counterAccount !== 'external') return input;
  const before = input.days.find(({ date }) => date === fact.date);
  const after = fact.lines.reduce((day, line) => withLine(day, line, times), before ?? quiet(fact.date));
  return {
    ...input,
    balanceMinor: input.balanceMinor + times * cashMoved(fact),
    days: [...input.days.filter((day) => day !== before), after],
  };
};

/** The input as it would be had the fact been known as well. */
export const withFact = (input: RunwayInput, fact: CashFact): RunwayInput => withTimes(input, fact, 1n);

/** The input as it would be had the fact never happened. It must be one of those the input was made from. */
export const withoutFact = (input: RunwayInput, fact: CashFact): RunwayInput => withTimes(input, fact, -1n);

/** The input with some plan items left out, and others in place of those of their id. */
export const withPlan = (
  input: RunwayInput,
  { add, remove }: { readonly add: readonly PlanItem[]; readonly remove: readonly string[] },
): RunwayInput => {
  const gone = new Set([...remove, ...add.flatMap(({ id }) => id ?? [])]);
  const kept = input.plan.items.filter(({ id }) => id === undefined || !gone.has(id));
  return { ...input, plan: { ...input.plan, items: [...kept, ...add] } };
};
