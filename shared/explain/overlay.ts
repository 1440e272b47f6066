import { OPENING_BALANCE, payeeOf } from '../event/category.ts';
import type { CashFact } from '../event/fact.ts';
import type { RunwayInput } from '../model/runway.ts';
import type { PlanItem } from '../scenario/items.ts';
import { type Flow, streamOf, withFlow } from './flow.ts';

const flowsOf = ({ date, lines, counterparty }: CashFact): readonly Flow[] =>
  lines.map(({ category, amountMinor }) => ({
    date,
    stream: streamOf(category, payeeOf(counterparty), amountMinor),
    inflowMinor: amountMinor > 0n ? amountMinor : 0n,
    outflowMinor: amountMinor < 0n ? -amountMinor : 0n,
    inflowCount: amountMinor > 0n ? 1 : 0,
    outflowCount: amountMinor < 0n ? 1 : 0,
  }));

/** What an account opened with is cash, and no movement. */
const opened = (input: RunwayInput, { lines }: CashFact): RunwayInput => ({
  ...input,
  balanceMinor: lines.reduce(
    (sum, { category, amountMinor }) => (category === OPENING_BALANCE ? sum + amountMinor : sum),
    input.balanceMinor,
  ),
});

/** The input as it would be had the fact been known as well; as it is where that moves no money of its currency. */
export const withFact = (input: RunwayInput, fact: CashFact): RunwayInput =>
  fact.currency !== input.currency || fact.counterAccount !== 'external'
    ? input
    : flowsOf(fact)
        .filter(({ stream }) => stream !== OPENING_BALANCE)
        .reduce(withFlow, opened(input, fact));

/** The input with some plan items left out, and others in place of those of their id. */
export const withPlan = (
  input: RunwayInput,
  { add, remove }: { readonly add: readonly PlanItem[]; readonly remove: readonly string[] },
): RunwayInput => {
  const gone = new Set([...remove, ...add.flatMap(({ id }) => id ?? [])]);
  const kept = input.plan.items.filter(({ id }) => id === undefined || !gone.has(id));
  return { ...input, plan: { ...input.plan, items: [...kept, ...add] } };
};
