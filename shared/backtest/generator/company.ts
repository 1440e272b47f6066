/**
 * Made-up start-ups, to test forecasts where the truth can be drawn again: 400 days that are known and 400 that follow. The
 * past of a company depends on its seed alone; its future can be drawn any number of times. It does not react to low cash.
 * The parts are guesses at what start-ups look like, not measurements: coverage here is necessary, not sufficient.
 */
import type { LedgerLine } from '../../ledger-file/line.ts';
import { type CreditLot, cloud, costs, rent } from './costs.ts';
import type { Dice } from './dice.ts';
import { staff } from './people.ts';
import { revenue } from './revenue.ts';
import { type Entry, HISTORY_DAYS, type Setting, settingOf, TOTAL_DAYS } from './setting.ts';

/** Money that investors may pay; `arrivesDay` counts from the forecast, and is null where it never comes. */
export interface Round {
  readonly plannedDay: number;
  readonly amountMinor: bigint;
  readonly probability: number;
  readonly arrivesDay: number | null;
}

export interface Company {
  /** Movements of the days that are known and of those that follow, without rounds. */
  readonly lines: readonly LedgerLine[];
  readonly rounds: readonly Round[];
  /** Cloud credits that are left; undefined where there are none. */
  readonly credits: CreditLot | undefined;
  /** Of the last 90 known days, a day, in minor units. */
  readonly burnMinor: number;
  readonly outflowMinor: number;
}

const BURN_DAYS = 90;

/** Shape and mean of the days by which money comes late, where it does. */
const LATE = { onTime: 0.15, shape: 1.3, meanDays: 24 } as const;

const arrival = (dice: Dice, plannedDay: number, probability: number): number | null => {
  if (!dice.chance(probability)) return null;
  if (dice.chance(LATE.onTime)) return plannedDay;
  return plannedDay + Math.floor(dice.gamma(LATE.shape, LATE.meanDays));
};

const roundsOf = (setting: Setting, burnMinor: number): readonly Round[] => {
  const at = setting.dice('tranches');
  const known = at(0);
  const which = known.uniform(0, 1);
  return Array.from({ length: which < 0.4 ? 0 : which < 0.85 ? 1 : 2 }, () => {
    const plannedDay = known.integer(20, 330);
    const [a, b] = [known.gamma(7, 7), known.gamma(2, 2)];
    const probability = a / (a + b);
    const amountMinor = BigInt(Math.round(known.uniform(3, 9) * 30.4 * Math.max(0, burnMinor)));
    return {
      plannedDay,
      probability,
      amountMinor,
      arrivesDay: arrival(at(TOTAL_DAYS), plannedDay, probability),
    };
  });
};

const recent = (book: readonly Entry[], counts: (amount: number) => boolean): number =>
  book.reduce(
    (sum, { day, amount }) =>
      day >= HISTORY_DAYS - BURN_DAYS && day < HISTORY_DAYS && counts(amount) ? sum - amount : sum,
    0,
  ) *
  (100 / BURN_DAYS);

/** @param future which of the futures follows; the past is the same before all of them */
export const companyOf = (seed: number, future: number): Company => {
  const setting = settingOf(seed, future);
  const people = staff(setting);
  const { firstHeads, dailyWage } = people;
  const monthlyCost = firstHeads * dailyWage * 30.4 * 1.08 + rent(setting, firstHeads);
  costs(setting, { ...people, monthlyCost });
  const credits = cloud(setting, monthlyCost);
  revenue(setting, monthlyCost);
  const burnMinor = recent(setting.book, () => true);
  const lines = setting.book.flatMap(({ day, amount, category }, k) => {
    const date = setting.calendar[day]?.date;
    return date === undefined || day >= TOTAL_DAYS
      ? []
      : [{ line: k + 2, date, amountMinor: BigInt(Math.round(amount * 100)), category }];
  });
  return {
    lines,
    rounds: roundsOf(setting, burnMinor),
    credits,
    burnMinor,
    outflowMinor: recent(setting.book, (amount) => amount < 0),
  };
};

/** The last day that the forecaster knows. */
export const originOf = (seed: number): LedgerLine['date'] => {
  const origin = settingOf(seed, 0).calendar[HISTORY_DAYS - 1]?.date;
  if (origin === undefined) throw new Error('the calendar ends before the history');
  return origin;
};
