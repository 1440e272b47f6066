import { forecastRunway, type RunwayForecast, type RunwayInput } from '../model/runway.ts';
import { exponentOf } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import type { PlanItem } from '../scenario/items.ts';
import { addDays } from '../time/civil-date.ts';
import { type Difference, difference } from './difference.ts';

/** What a small change of one thing does. Each is a forecast of its own on the same draws, so none is extrapolated. */
export interface Sensitivities {
  readonly cashStepMinor: Minor;
  readonly moreCash: Difference;
  readonly lessCash: Difference;
  readonly tranches: readonly { readonly tranche: PlanItem; readonly aWeekLater: Difference }[];
}

const CASH_STEP = 10_000n;
const WEEK_DAYS = 7;
/** Each is a forecast; a plan with more rounds than this is told of its first ones. */
const TRANCHES_MAX = 5;

const weekLater = (input: RunwayInput, tranche: PlanItem): RunwayInput => ({
  ...input,
  plan: {
    ...input.plan,
    items: input.plan.items.map((item) =>
      item === tranche && item.kind === 'tranche' ? { ...item, date: addDays(item.date, WEEK_DAYS) } : item,
    ),
  },
});

export const sensitivities = (input: RunwayInput, current: RunwayForecast): Sensitivities => {
  const cashStepMinor = CASH_STEP * 10n ** BigInt(exponentOf(input.currency));
  const withCash = (moreMinor: Minor): Difference =>
    difference(current, forecastRunway({ ...input, balanceMinor: input.balanceMinor + moreMinor }));
  const ahead = input.plan.items
    .filter((item) => item.kind === 'tranche')
    .filter(({ date }) => date > input.asOf)
    .sort((a, b) => (a.date < b.date ? -1 : 1))
    .slice(0, TRANCHES_MAX);
  return {
    cashStepMinor,
    moreCash: withCash(cashStepMinor),
    lessCash: withCash(-cashStepMinor),
    tranches: ahead.map((tranche) => ({
      tranche,
      aWeekLater: difference(current, forecastRunway(weekLater(input, tranche))),
    })),
  };
};
