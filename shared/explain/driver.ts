import { canonicalJson } from '../canonical/canonical.ts';
import type { HistoryDay } from '../model/history.ts';
import type { Plan } from '../model/plan.ts';
import type { RunwayInput } from '../model/runway.ts';
import type { PlanItem } from '../scenario/items.ts';

/** What can make a forecast differ from an older one, once time has passed and everything came as expected. */
export const NEWS = ['balance', 'level', 'schedule', 'tranche', 'credit', 'settings'] as const;
export type News = (typeof NEWS)[number];

const closedThrough = (input: RunwayInput): string => input.historyThrough ?? input.asOf;

/** Movements of a day that is still going on belong to the balance: they retire what was due, and form no pattern yet. */
const isOpenDay = (input: RunwayInput, { date }: HistoryDay): boolean =>
  date === input.asOf && date > closedThrough(input);

const openDays = (input: RunwayInput): readonly HistoryDay[] =>
  input.days.filter((day) => isOpenDay(input, day));

const patternDays = (input: RunwayInput): readonly HistoryDay[] =>
  input.days.filter((day) => !isOpenDay(input, day));

const itemsOf = ({ plan }: RunwayInput, ...kinds: readonly PlanItem['kind'][]): readonly PlanItem[] =>
  plan.items.filter(({ kind }) => kinds.includes(kind));

/** The parts that have a driver of their own; whatever else an input holds is settings. */
const parts = (input: RunwayInput): Readonly<Record<News, unknown>> => {
  const { asOf: _asOf, balanceMinor, days: _days, historyThrough, historyFrom, plan, ...settings } = input;
  return {
    balance: [balanceMinor, openDays(input)],
    level: [historyThrough, historyFrom, patternDays(input)],
    schedule: [itemsOf(input, 'scheduled', 'recurring'), plan.reasons],
    tranche: itemsOf(input, 'tranche'),
    credit: itemsOf(input, 'credit'),
    settings,
  };
};

/** The drivers in which two inputs of one day differ. */
export const newsBetween = (from: RunwayInput, to: RunwayInput): readonly News[] => {
  const [before, after] = [parts(from), parts(to)];
  return NEWS.filter((news) => canonicalJson(before[news]) !== canonicalJson(after[news]));
};

const planOf = (of: (news: News) => RunwayInput): Plan => ({
  items: [
    ...itemsOf(of('schedule'), 'scheduled', 'recurring'),
    ...itemsOf(of('tranche'), 'tranche'),
    ...itemsOf(of('credit'), 'credit'),
  ],
  reasons: of('schedule').plan.reasons,
});

/** The input that has some of the news of `to` and is else as `from`; both are of the same day. */
export const withNews = (from: RunwayInput, to: RunwayInput, known: ReadonlySet<News>): RunwayInput => {
  const of = (news: News): RunwayInput => (known.has(news) ? to : from);
  const { historyThrough: _through, historyFrom: _from, ...settings } = of('settings');
  const { historyThrough, historyFrom } = of('level');
  return {
    ...settings,
    balanceMinor: of('balance').balanceMinor,
    days: [...patternDays(of('level')), ...openDays(of('balance'))],
    ...(historyThrough !== undefined && { historyThrough }),
    ...(historyFrom !== undefined && { historyFrom }),
    plan: planOf(of),
  };
};
