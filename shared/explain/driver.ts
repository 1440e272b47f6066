import { canonicalJson } from '../canonical/canonical.ts';
import type { Expected } from '../model/declared/expected.ts';
import type { HistoryDay } from '../model/history.ts';
import type { Plan } from '../model/plan.ts';
import type { RunwayInput } from '../model/runway.ts';
import type { Minor } from '../money/money.ts';
import type { PlanItem } from '../scenario/items.ts';

/** What can make a forecast differ from an older one, once time has passed and everything came as expected. */
export const NEWS = ['balance', 'rates', 'level', 'schedule', 'tranche', 'credit'] as const;
export type News = (typeof NEWS)[number];
/** How a forecast is made from what is known. */
export const RULES = ['calibration', 'settings'] as const;
export type Rule = (typeof RULES)[number];

const closedThrough = (input: RunwayInput): string => input.historyThrough ?? input.asOf;

/** Movements of a day that is still going on belong to the balance: they retire what was due, and form no pattern yet. */
const isOpenDay = (input: RunwayInput, { date }: HistoryDay): boolean =>
  date === input.asOf && date > closedThrough(input);

const openDays = (input: RunwayInput): readonly HistoryDay[] =>
  input.days.filter((day) => isOpenDay(input, day));

const patternDays = (input: RunwayInput): readonly HistoryDay[] =>
  input.days.filter((day) => !isOpenDay(input, day));

type When = 'past' | 'today' | 'ahead';

/** An item of one day is settled by the movements of that day; what recurs or lasts is always ahead. */
const whenOf = (item: PlanItem, { asOf }: RunwayInput): When => {
  if (item.kind === 'recurring' || item.kind === 'credit' || item.date > asOf) return 'ahead';
  return item.date === asOf ? 'today' : 'past';
};

const itemsWhen = (input: RunwayInput, when: When): readonly PlanItem[] =>
  input.plan.items.filter((item) => whenOf(item, input) === when);

const itemsOf = (input: RunwayInput, ...kinds: readonly PlanItem['kind'][]): readonly PlanItem[] =>
  itemsWhen(input, 'ahead').filter(({ kind }) => kinds.includes(kind));

const expectedWhen = ({ expected = [], asOf }: RunwayInput, when: When): readonly Expected[] =>
  expected.filter(({ dueDate }) => when === (dueDate > asOf ? 'ahead' : dueDate === asOf ? 'today' : 'past'));

type ForeignCash = NonNullable<RunwayInput['foreign']>[number];

/** Foreign money of one input at the rates of another; one that the other does not hold keeps its own. */
const atRates = (
  held: readonly ForeignCash[] = [],
  rates: readonly ForeignCash[] = [],
): readonly ForeignCash[] =>
  held.map((each) => {
    const rate = rates.find(({ currency }) => currency === each.currency);
    return rate === undefined
      ? each
      : { ...each, worthMinor: (each.amountMinor * rate.worthMinor) / rate.amountMinor };
  });

const worth = (held: readonly ForeignCash[] = []): Minor =>
  held.reduce((sum, { worthMinor }) => sum + worthMinor, 0n);

/** What one input holds, at the rates of another. */
export const cashAt = (
  held: RunwayInput,
  rates: RunwayInput,
): Pick<RunwayInput, 'balanceMinor' | 'foreign'> => {
  if (held === rates || held.foreign === undefined) return held;
  const foreign = atRates(held.foreign, rates.foreign);
  return { balanceMinor: held.balanceMinor - worth(held.foreign) + worth(foreign), foreign };
};

const isRevalued = (from: RunwayInput, to: RunwayInput): boolean =>
  cashAt(to, from).balanceMinor !== to.balanceMinor ||
  canonicalJson(cashAt(to, from).foreign ?? []) !== canonicalJson(to.foreign ?? []);

/** The parts that have a driver of their own; whatever else an input holds is settings. */
const parts = (input: RunwayInput): Readonly<Record<News | Rule, unknown>> => {
  const {
    asOf: _asOf,
    balanceMinor,
    days: _days,
    historyThrough,
    historyFrom,
    plan,
    expected: _expected,
    foreign = [],
    adaptation,
    ...settings
  } = input;
  return {
    balance: [
      balanceMinor - worth(foreign),
      foreign.map(({ currency, amountMinor }) => [currency, amountMinor]),
      openDays(input),
      itemsWhen(input, 'today'),
      expectedWhen(input, 'today'),
    ],
    rates: foreign,
    level: [
      historyThrough,
      historyFrom,
      patternDays(input),
      itemsWhen(input, 'past'),
      expectedWhen(input, 'past'),
    ],
    schedule: [itemsOf(input, 'scheduled', 'recurring'), plan.reasons, expectedWhen(input, 'ahead')],
    tranche: itemsOf(input, 'tranche'),
    credit: itemsOf(input, 'credit'),
    calibration: adaptation,
    settings,
  };
};

const differing =
  <Part extends News | Rule>(of: readonly Part[]) =>
  (from: RunwayInput, to: RunwayInput): readonly Part[] => {
    const [before, after] = [parts(from), parts(to)];
    return of.filter((part) =>
      part === 'rates'
        ? isRevalued(from, to)
        : canonicalJson(before[part] ?? null) !== canonicalJson(after[part] ?? null),
    );
  };

/** The news in which two inputs of one day differ. */
export const newsBetween: (from: RunwayInput, to: RunwayInput) => readonly News[] = differing(NEWS);
/** The rules in which two inputs differ. */
export const rulesBetween: (from: RunwayInput, to: RunwayInput) => readonly Rule[] = differing(RULES);

/** All that no other driver stands for, as `to` has it. */
const withSettings = (from: RunwayInput, to: RunwayInput): RunwayInput => {
  const { asOf, balanceMinor, days, plan, historyThrough, historyFrom, expected, foreign, adaptation } = from;
  const {
    historyThrough: _through,
    historyFrom: _from,
    expected: _expected,
    foreign: _foreign,
    ...settings
  } = to;
  const { adaptation: _adaptation, ...rest } = settings;
  return {
    ...rest,
    ...{ asOf, balanceMinor, days, plan },
    ...(historyThrough !== undefined && { historyThrough }),
    ...(historyFrom !== undefined && { historyFrom }),
    ...(expected && { expected }),
    ...(foreign && { foreign }),
    ...(adaptation && { adaptation }),
  };
};

/** The input as one rule of `to` makes it. */
export const withRule = (from: RunwayInput, to: RunwayInput, rule: Rule): RunwayInput => {
  if (rule === 'settings') return withSettings(from, to);
  const { adaptation: _adaptation, ...input } = from;
  return { ...input, ...(to.adaptation && { adaptation: to.adaptation }) };
};

const planOf = (of: (news: News) => RunwayInput): Plan => ({
  items: [
    ...itemsWhen(of('level'), 'past'),
    ...itemsWhen(of('balance'), 'today'),
    ...itemsOf(of('schedule'), 'scheduled', 'recurring'),
    ...itemsOf(of('tranche'), 'tranche'),
    ...itemsOf(of('credit'), 'credit'),
  ],
  reasons: of('schedule').plan.reasons,
});

/** The input that has some of the news of `to` and is else as `from`; both are of the same day, and made by the same rules. */
export const withNews = (from: RunwayInput, to: RunwayInput, known: ReadonlySet<News>): RunwayInput => {
  const of = (news: News): RunwayInput => (known.has(news) ? to : from);
  const {
    historyThrough: _through,
    historyFrom: _from,
    expected: _expected,
    foreign: _foreign,
    ...rest
  } = from;
  const { balanceMinor, foreign } = cashAt(of('balance'), of('rates'));
  const expected = [
    ...expectedWhen(of('level'), 'past'),
    ...expectedWhen(of('balance'), 'today'),
    ...expectedWhen(of('schedule'), 'ahead'),
  ];
  const { historyThrough, historyFrom } = of('level');
  return {
    ...rest,
    balanceMinor,
    ...(foreign && { foreign }),
    days: [...patternDays(of('level')), ...openDays(of('balance'))],
    ...(historyThrough !== undefined && { historyThrough }),
    ...(historyFrom !== undefined && { historyFrom }),
    plan: planOf(of),
    ...(expected.length > 0 && { expected }),
  };
};
