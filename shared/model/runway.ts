/**
 * The plain model: tomorrow is like the last year, in whole months, and nobody knows its level exactly.
 *
 * The undeclared daily net flow of the window is resampled in blocks of 28 days (a year of them at most), the daily level is
 * shifted once per path by what the window leaves open about it, and the plan comes on top, dated. Two limits follow. A block
 * may start on any weekday, so paydays keep their distances but not their weekday. And a declared recurring item that also
 * shows in the ledger counts twice: declare what is new.
 */
import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import { quantileDay, quantileStandardErrorDays, survival } from '../forecast/quantile.ts';
import { simulate } from '../forecast/simulate.ts';
import type { Simulation, SimulationInput } from '../forecast/simulation.ts';
import { ENGINE_VERSION } from '../forecast/version.ts';
import { type Currency, exponentOf } from '../money/currency.ts';
import { decimalOf, type Minor } from '../money/money.ts';
import { compileScenario } from '../scenario/compile.ts';
import { normalised } from '../scenario/normalise.ts';
import type { Scenario } from '../scenario/parse.ts';
import { addDays, type CivilDate } from '../time/civil-date.ts';
import {
  BLOCK_DAYS,
  type Burn,
  burnOf,
  type HistoryDay,
  type HistoryWindow,
  historyWindow,
  levelUncertainty,
  shortcomings,
} from './history.ts';
import { movedOn, type Plan, type PlanAhead, planAhead } from './plan.ts';

/** Changes whenever equal input could give other numbers. */
export const MODEL_VERSION: string = `net-bootstrap-1+${ENGINE_VERSION}`;

export const SURVIVAL_DAYS = [30, 60, 90, 180, 365] as const;
export type SurvivalDay = (typeof SURVIVAL_DAYS)[number];

const BAND_STEP_DAYS = 7;

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
  /** What a reader of the number has to know, as sentences. */
  readonly reasons: readonly string[];
  readonly model: { readonly version: string; readonly paths: number; readonly seed: number };
  readonly inputsHash: string;
}

const quantiles = <Value>(valueAt: (q: number) => Value): Quantiles<Value> => ({
  p5: valueAt(0.05),
  p50: valueAt(0.5),
  p95: valueAt(0.95),
});

const survivals = (
  valueAt: (day: SurvivalDay) => number | null,
): Readonly<Record<SurvivalDay, number | null>> => ({
  30: valueAt(30),
  60: valueAt(60),
  90: valueAt(90),
  180: valueAt(180),
  365: valueAt(365),
});

/** The ledger and the plan in the engine's vocabulary: history is the residual, the plan comes on top, dated. */
const scenarioOf = (input: RunwayInput, window: HistoryWindow, ahead: PlanAhead): Scenario => {
  const { asOf, horizonDays, paths, seed, currency, balanceMinor, minimumCashMinor } = input;
  const { scheduled, recurring, tranches, credits } = ahead;
  return {
    as_of: asOf,
    horizon_days: horizonDays,
    paths,
    seed,
    currency,
    balance: decimalOf(balanceMinor, currency),
    minimum_cash: decimalOf(minimumCashMinor, currency),
    residual: {
      kind: 'bootstrap',
      values: window.netMinor.map((netMinor) => decimalOf(netMinor, currency)),
      block: BLOCK_DAYS,
    },
    scheduled,
    recurring,
    tranches,
    credits,
  };
};

/** What the numbers depend on, and nothing else: neither the order of days and items, nor days before the window. */
const hashOf = (scenario: Scenario, { outflowMinor, outflowCount }: HistoryWindow): string =>
  sha256Of(
    canonicalJson({ model: MODEL_VERSION, scenario: normalised(scenario), outflowMinor, outflowCount }),
  );

const levelOf = (window: HistoryWindow, unitsPerMinor: number): NonNullable<SimulationInput['level']> => {
  const { stdMinor, df } = levelUncertainty(window);
  return { std: stdMinor * unitsPerMinor, df };
};

/** One day a week, and the last. */
const bandDays = (horizonDays: number): readonly number[] => {
  const weeks = Array.from(
    { length: Math.ceil(horizonDays / BAND_STEP_DAYS) - 1 },
    (_, k) => (k + 1) * BAND_STEP_DAYS,
  );
  return [...weeks, horizonDays];
};

const cashBand = (
  { asOf, balanceMinor, minimumCashMinor }: RunwayInput,
  { cashBand: band }: Simulation,
  unitsPerMinor: number,
): readonly CashBandPoint[] => {
  const cash = (values: Float64Array | undefined, k: number): Minor =>
    minimumCashMinor + BigInt(Math.round((values?.[k] ?? 0) / unitsPerMinor));
  const today = { date: asOf, ...quantiles(() => balanceMinor) };
  const ahead = Array.from(band?.days ?? [], (day, k) => ({
    date: addDays(asOf, day),
    p5: cash(band?.p5, k),
    p50: cash(band?.p50, k),
    p95: cash(band?.p95, k),
  }));
  return [today, ...ahead];
};

/** Four decimals: what is left is noise of the estimate. */
const rounded = (days: number | null): number | null => (days === null ? null : Math.round(days * 1e4) / 1e4);

type Outcome = Pick<
  RunwayForecast,
  'status' | 'days' | 'standardErrorDays' | 'censored' | 'survival' | 'cashBand' | 'survivalCurve'
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
});

const simulated = (input: RunwayInput, window: HistoryWindow, scenario: Scenario): Outcome => {
  const compiled = compileScenario(scenario);
  const unitsPerMinor = Number(`1e${compiled.decimals - exponentOf(input.currency)}`);
  const level = levelOf(window, unitsPerMinor);
  const simulation = simulate({ ...compiled.input, level }, { bandDays: bandDays(input.horizonDays) });
  const days = quantiles((q) => quantileDay(simulation, q));
  return {
    status: days.p50 === null && compiled.meanFlowNotNegative ? 'not_burning' : 'ok',
    days,
    standardErrorDays: quantiles((q) => rounded(quantileStandardErrorDays(simulation, q))),
    censored: { p5: days.p5 === null, p50: days.p50 === null, p95: days.p95 === null },
    survival: survivals((day) => survival(simulation, day)),
    cashBand: cashBand(input, simulation, unitsPerMinor),
    survivalCurve: [0, ...bandDays(input.horizonDays)].map(
      (day) => [day, survival(simulation, day) ?? 0] as const,
    ),
  };
};

/** A ledger that holds nothing says nothing of the balance: a company that has just begun is not out of cash. */
const isEmpty = ({ balanceMinor, days, historyFrom }: RunwayInput): boolean =>
  balanceMinor === 0n && days.length === 0 && historyFrom === undefined;

/** Forecasts one ledger. Pure: equal input gives equal output, whatever the order of its days and plan items. */
export const forecastRunway = (input: RunwayInput): RunwayForecast => {
  const { asOf, horizonDays, paths, seed, currency, balanceMinor, minimumCashMinor } = input;
  const window = historyWindow(input.days, input.historyThrough ?? asOf, input.historyFrom);
  const lacking = shortcomings(window);
  const ahead = planAhead(input.plan, asOf, movedOn(input.days, asOf), currency);
  const scenario = scenarioOf(input, window, ahead);
  const outcome = (): Outcome => {
    if (balanceMinor <= minimumCashMinor && !isEmpty(input))
      return settled('out_of_cash', 0, (day) => (day > horizonDays ? null : 0));
    if (lacking.length > 0) return settled('insufficient_data', null, () => null);
    return simulated(input, window, scenario);
  };
  return {
    ...outcome(),
    asOf,
    horizonDays,
    currency,
    balanceMinor,
    minimumCashMinor,
    burn: lacking.length > 0 ? null : burnOf(window, currency),
    reasons: [...lacking, ...ahead.reasons],
    model: { version: MODEL_VERSION, paths, seed },
    inputsHash: hashOf(scenario, window),
  };
};
