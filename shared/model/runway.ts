/**
 * From ledger to forecast: what the ledger repeats, what it leaves open, and what is declared, as dated paths of cash.
 *
 * Half of the paths move money stream by stream, half as one net flow (`two-components.ts`); declared money replaces the
 * payments of the ledger that it speaks of (`declared/`); the simulated runway is widened by what a panel of companies was
 * found to need (`calibration/`).
 */
import { ENGINE_VERSION } from '../forecast/version.ts';
import { type Currency, exponentOf } from '../money/currency.ts';
import type { Minor } from '../money/money.ts';
import { compileScenario } from '../scenario/compile.ts';
import type { CivilDate } from '../time/civil-date.ts';
import { bandDays, outcomeOf, quantiles, requiredDays, type SimulatedRunway, survivals } from './answers.ts';
import type { Breaking } from './breaking.ts';
import { CALIBRATION } from './calibration/constants.ts';
import { calibrated, type Exponents } from './calibration/warp.ts';
import type { Expected } from './declared/expected.ts';
import { type Burn, burnOf, type HistoryDay } from './history.ts';
import type { Plan } from './plan.ts';
import { componentsOf, hashOf, type Prepared, prepare, usualScenario } from './prepare.ts';
import { type RequiredDays, simulatedDay } from './required-cash.ts';
import type { ForeignCash } from './structural/rates.ts';
import { walkComponents } from './two-components.ts';

/** Changes whenever equal input could give other numbers. */
export const MODEL_VERSION: string = `streams-3+${CALIBRATION.version}+${ENGINE_VERSION}`;

export const SURVIVAL_DAYS = [30, 60, 90, 180, 365] as const;
export type SurvivalDay = (typeof SURVIVAL_DAYS)[number];

export interface RunwayInput {
  readonly asOf: CivilDate;
  readonly horizonDays: number;
  readonly paths: number;
  readonly seed: number;
  readonly currency: Currency;
  /** Cash at the end of `asOf`. */
  readonly balanceMinor: Minor;
  readonly minimumCashMinor: Minor;
  /** Days in any order; days left out moved nothing. Those after `asOf` are not looked at. */
  readonly days: readonly HistoryDay[];
  /** Last closed day; `asOf` where left out. A day that is still going on is in the balance, not yet in the pattern. */
  readonly historyThrough?: CivilDate;
  /** First day of the ledger where that was before the first of `days`. */
  readonly historyFrom?: CivilDate;
  readonly plan: Plan;
  /** Payments to come that a provider or an invoice tells of. */
  readonly expected?: readonly Expected[];
  /** Foreign money in the balance. */
  readonly foreign?: readonly ForeignCash[];
  /** Exponents that the tenant's own past was found to need; 1 where left out. */
  readonly adaptation?: Exponents;
}

export interface Quantiles<Value> {
  readonly p5: Value;
  readonly p50: Value;
  readonly p95: Value;
}

/** Cash at the end of a day, over the paths. */
export interface CashBandPoint extends Quantiles<Minor> {
  readonly date: CivilDate;
}

export interface WithoutUnsigned {
  readonly days: Quantiles<number | null>;
  readonly censored: Quantiles<boolean>;
  readonly survival: Readonly<Record<SurvivalDay, number | null>>;
  readonly survivalCurve: RunwayForecast['survivalCurve'];
}

export interface RunwayForecast {
  /** The first that applies. */
  readonly status: 'out_of_cash' | 'insufficient_data' | 'not_burning' | 'ok';
  readonly asOf: CivilDate;
  readonly horizonDays: number;
  readonly currency: Currency;
  readonly balanceMinor: Minor;
  readonly minimumCashMinor: Minor;
  /** First day with cash at or below the minimum; null beyond the horizon, and where the data does not suffice. */
  readonly days: Quantiles<number | null>;
  readonly standardErrorDays: Quantiles<number | null>;
  /** True where the quantile lies beyond the horizon. */
  readonly censored: Quantiles<boolean>;
  /** P(runway > day); null beyond the horizon, and where the data does not suffice. */
  readonly survival: Readonly<Record<SurvivalDay, number | null>>;
  readonly burn: Burn | null;
  /** One point a week from `asOf`, and the horizon; empty where nothing was simulated. */
  readonly cashBand: readonly CashBandPoint[];
  /** P(runway > day) on the days of the band; empty where nothing was simulated. */
  readonly survivalCurve: readonly (readonly [day: number, probability: number])[];
  /** The same future without any money that is not certain to come; null where there is none, or nothing was simulated. */
  readonly withoutUnsigned: WithoutUnsigned | null;
  /** Least cash with which p5 is so many days or more; null beyond the horizon, and where nothing was simulated. */
  readonly requiredCash: Readonly<Record<RequiredDays, Minor | null>>;
  /** What breaks the bank; null where the median path does not run out. */
  readonly breaking: Breaking | null;
  /** Lowest cash of a path within the horizon, and the median of its first day; null where nothing was simulated. */
  readonly lowest: CashBandPoint | null;
  /** What a reader of the number has to know, as sentences. */
  readonly reasons: readonly string[];
  readonly model: { readonly version: string; readonly paths: number; readonly seed: number };
  readonly inputsHash: string;
}

/** What the paths say. */
export type Outcome = Omit<
  RunwayForecast,
  | 'asOf'
  | 'horizonDays'
  | 'currency'
  | 'balanceMinor'
  | 'minimumCashMinor'
  | 'burn'
  | 'reasons'
  | 'model'
  | 'inputsHash'
>;

/** An outcome known without simulation. */
const settled = (
  status: RunwayForecast['status'],
  days: number | null,
  survivalAt: (day: SurvivalDay) => number | null,
): Outcome => ({
  status,
  days: quantiles(() => days),
  standardErrorDays: quantiles(() => days),
  censored: quantiles(() => false),
  survival: survivals(survivalAt),
  cashBand: [],
  survivalCurve: [],
  withoutUnsigned: null,
  requiredCash: { 90: null, 180: null, 365: null },
  breaking: null,
  lowest: null,
});

const simulated = (input: RunwayInput, ready: Prepared): SimulatedRunway => {
  const compiled = compileScenario(ready.scenario);
  const unitsPerMinor = Number(`1e${compiled.decimals - exponentOf(input.currency)}`);
  const components = componentsOf(ready, unitsPerMinor);
  const paths = walkComponents(compiled.input, components, {
    bandDays: bandDays(input.horizonDays),
    pricedDays: requiredDays(input.horizonDays).map(simulatedDay),
  });
  const told = calibrated(paths.simulation, input.adaptation);
  const usual = usualScenario(ready);
  const { meanFlowNotNegative } = usual === ready.scenario ? compiled : compileScenario(usual);
  return { components, paths, told, unitsPerMinor, meanFlowNotNegative };
};

/** A ledger that holds nothing says nothing of the balance: a company that has just begun is not out of cash. */
const isEmpty = ({ balanceMinor, days, historyFrom }: RunwayInput): boolean =>
  balanceMinor === 0n && days.length === 0 && historyFrom === undefined;

/** The whole distribution of the runway from a balance above the minimum; undefined where the data does not suffice. */
export const simulateRunway = (input: RunwayInput): SimulatedRunway | undefined => {
  const ready = prepare(input);
  return ready.lacking.length > 0 ? undefined : simulated(input, ready);
};

/** Forecasts one ledger. Pure: equal input gives equal output, whatever the order of its days and plan items. */
export const forecastRunway = (input: RunwayInput): RunwayForecast => {
  const { asOf, horizonDays, paths, seed, currency, balanceMinor, minimumCashMinor } = input;
  const ready = prepare(input);
  const outcome = (): Outcome => {
    if (balanceMinor <= minimumCashMinor && !isEmpty(input))
      return settled('out_of_cash', 0, (day) => (day > horizonDays ? null : 0));
    if (ready.lacking.length > 0) return settled('insufficient_data', null, () => null);
    return outcomeOf(input, simulated(input, ready));
  };
  return {
    ...outcome(),
    asOf,
    horizonDays,
    currency,
    balanceMinor,
    minimumCashMinor,
    burn: ready.lacking.length > 0 ? null : burnOf(ready.window, currency),
    reasons: [...ready.lacking, ...ready.reasons],
    model: { version: MODEL_VERSION, paths, seed },
    inputsHash: hashOf(ready, input, MODEL_VERSION),
  };
};
