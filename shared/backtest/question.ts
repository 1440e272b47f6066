/** What a forecaster is asked, and what it answers. */
import type { SimulationInput } from '../forecast/simulation.ts';
import type { LedgerLine } from '../ledger-file/line.ts';
import type { HistoryDay } from '../model/history.ts';
import type { Currency } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import type { PlanItem } from '../scenario/items.ts';
import type { CivilDate } from '../time/civil-date.ts';
import type { DayDistribution } from './distribution.ts';

/** Everything that was known at the end of `asOf`; nothing in it depends on a later day. */
export interface Question {
  /** The ledger, and how it is played: what a forecaster learns of one says nothing of another. */
  readonly series: string;
  readonly asOf: CivilDate;
  readonly historyFrom: CivilDate;
  readonly currency: Currency;
  readonly balanceMinor: Minor;
  /** Movements from `historyFrom` to `asOf`, and the same summed by day. */
  readonly lines: readonly LedgerLine[];
  readonly days: readonly HistoryDay[];
  /** Money that may come, amounts in minor units. */
  readonly tranches: SimulationInput['tranches'];
  /** What the company has told of its coming cash beside that. */
  readonly declared?: readonly PlanItem[];
  readonly horizonDays: number;
  readonly paths: number;
  readonly seed: number;
}

/** A question whose answer is known. */
export interface Case {
  /** Ledger and year: cases of one cluster overlap. */
  readonly cluster: string;
  /** Days that the balance would last at the recent burn. */
  readonly leadDays: number;
  readonly question: Question;
  /** Days after `asOf` in which the outcome could be seen, at most the question's horizon. */
  readonly seenDays: number;
  /** First day with nothing left; `seenDays` + 1 where there was none. */
  readonly outcomeDays: number;
}

export interface Method {
  readonly name: string;
  /** Names one day and no probability, so there is no interval to score. */
  readonly isPoint: boolean;
  /** Undefined where the history does not suffice. */
  readonly forecast: (question: Question) => DayDistribution | undefined;
  /** Told of each case after its forecast, outcome and all; must not use an outcome before its day has come. */
  readonly learn?: (answered: Case) => void;
}
