/** The model with a part left out, to see what each part is good for. */
import { simulate } from '../forecast/simulate.ts';
import { creditInvoices } from '../model/declared/invoices.ts';
import { BLOCK_DAYS, historyWindow } from '../model/history.ts';
import type { PlanItem } from '../scenario/items.ts';
import { type DayDistribution, distributionOf } from './distribution.ts';
import { floatOf } from './methods.ts';
import { simulatedRunway } from './model-methods.ts';
import type { Method, Question } from './question.ts';

/** Every other path is made of streams, the others of the net flow as a whole. */
const everyOther = (question: Question, first: 0 | 1): DayDistribution | undefined => {
  const runway = simulatedRunway(question);
  if (runway === undefined) return undefined;
  const { horizonDays } = question;
  const days = runway.paths.depletionDay.filter((_, path) => path % 2 === first);
  const depletions = new Uint32Array(horizonDays + 1);
  for (const day of days) if (day > 0) depletions[day] = (depletions[day] ?? 0) + 1;
  return distributionOf({ horizonDays, paths: days.length, depletions });
};

export const STREAMS_ALONE: Method = {
  name: 'streams alone, before calibration',
  isPoint: false,
  forecast: (question) => everyOther(question, 0),
};

export const NET_ALONE: Method = {
  name: 'net flow alone, before calibration',
  isPoint: false,
  forecast: (question) => everyOther(question, 1),
};

/** The model with each declared item told in another way. */
const toldOtherwise = (
  name: string,
  told: (item: PlanItem, question: Question) => readonly PlanItem[],
): Method => ({
  name: `${name}, before calibration`,
  isPoint: false,
  forecast: (question) => {
    const known = question.declared ?? [];
    const declared = known.flatMap((item) => told(item, question));
    // What is told alike is simulated once.
    const isSame = declared.length === known.length && declared.every((item, k) => item === known[k]);
    const runway = simulatedRunway(isSame ? question : { ...question, declared });
    return runway && distributionOf(runway.paths.simulation);
  },
});

/** Every contract renewed, and for the amount that is declared. */
export const FIRM_CONTRACTS: Method = toldOtherwise('contracts taken for firm', (item) => [
  item.kind === 'recurring' && item.every === 'yearly' ? { ...item, renewal_probability: 1 } : item,
]);

/** A cloud that costs every day what it cost lately, and so the day on which its credits are used up taken for known. */
export const LEVEL_CLOUDS: Method = toldOtherwise(
  'clouds at today’s cost',
  (item, { asOf, horizonDays, currency }) => {
    if (item.kind !== 'credit') return [item];
    const remaining = Number(item.remaining) - Number(item.usage?.monthToDate ?? '0');
    const lot = { ...item, remaining: Math.max(0, remaining).toFixed(2) };
    return creditInvoices([lot], asOf, horizonDays, currency).map((invoice) => ({
      kind: 'scheduled',
      ...invoice,
    }));
  },
);

/** The ledger of a cloud that credits pay shows no cost at all. */
export const CREDITS_UNTOLD: Method = toldOtherwise('credits not told of', (item) =>
  item.kind === 'credit' ? [] : [item],
);

/** The net flow resampled, and the average of the window taken for the truth. */
export const SURE_OF_THE_LEVEL: Method = {
  name: 'net flow alone, sure of its level',
  isPoint: false,
  forecast: ({ days, asOf, historyFrom, horizonDays, paths, seed, balanceMinor, tranches }) =>
    distributionOf(
      simulate({
        horizonDays,
        paths,
        seed,
        openingCash: floatOf(balanceMinor),
        scheduled: new Float64Array(horizonDays),
        residual: {
          kind: 'bootstrap',
          values: Float64Array.from(historyWindow(days, asOf, historyFrom).netMinor, floatOf),
          block: BLOCK_DAYS,
        },
        jitters: [],
        tranches,
      }),
    ),
};
