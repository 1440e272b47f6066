import {
  medianDay,
  quantileDay,
  quantileStandardErrorDays,
  quantilesOf,
  survival,
  survivalStandardError,
} from '../forecast/quantile.ts';
import { lowestOf, simulate } from '../forecast/simulate.ts';
import type { Simulation } from '../forecast/simulation.ts';
import { ENGINE_VERSION } from '../forecast/version.ts';
import { type Currency, exponentOf } from '../money/currency.ts';
import { decimalOf } from '../money/money.ts';
import { addDays, type CivilDate } from '../time/civil-date.ts';
import { type CompiledScenario, compileScenario } from './compile.ts';
import { inputHash } from './normalise.ts';
import type { Scenario } from './parse.ts';

export type ScenarioStatus = 'out_of_cash' | 'not_burning' | 'ok';

/** One value for each published quantile. */
export interface Quantiles<T> {
  readonly p5: T;
  readonly p50: T;
  readonly p95: T;
}

/** Days whose survival is published. */
export type SurvivalDay = '30' | '60' | '90' | '180' | '365';

export interface ScenarioForecast {
  readonly status: ScenarioStatus;
  /** Null where the quantile lies beyond the horizon, as for all that follow. */
  readonly p5_days: number | null;
  readonly p50_days: number | null;
  readonly p95_days: number | null;
  readonly standard_error_days: Quantiles<number | null>;
  readonly censored: Quantiles<boolean>;
  /** P(runway > N); null beyond the horizon. */
  readonly survival: Readonly<Record<SurvivalDay, number | null>>;
  readonly survival_standard_error: Readonly<Record<SurvivalDay, number | null>>;
  /** Quantiles of the lowest end-of-day balance of a path within the horizon, and the median of its first day. */
  readonly lowest_cash: Quantiles<string> & { readonly date: CivilDate };
  readonly model: { readonly version: string; readonly paths: number; readonly seed: number };
  readonly inputs: { readonly hash: string };
}

const QUANTILES: Quantiles<number> = { p5: 0.05, p50: 0.5, p95: 0.95 };
const SURVIVAL_DAYS: readonly SurvivalDay[] = ['30', '60', '90', '180', '365'];

const perQuantile = <T>(answer: (q: number) => T): Quantiles<T> => ({
  p5: answer(QUANTILES.p5),
  p50: answer(QUANTILES.p50),
  p95: answer(QUANTILES.p95),
});

const perSurvivalDay = (answer: (day: number) => number | null): Record<SurvivalDay, number | null> =>
  Object.fromEntries(SURVIVAL_DAYS.map((day) => [day, answer(Number(day))])) as Record<
    SurvivalDay,
    number | null
  >;

/** Four decimals: what is left is noise of the estimate. */
const rounded = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 1e4) / 1e4;

const lowestCash = (
  scenario: Scenario,
  compiled: CompiledScenario,
  simulation: Simulation,
): ScenarioForecast['lowest_cash'] => {
  const currency = scenario.currency as Currency;
  const perMinorUnit = Number(`1e${compiled.decimals - exponentOf(currency)}`);
  const amount = (units: number): string =>
    decimalOf(BigInt(Math.round((units + compiled.minimumCash) / perMinorUnit)), currency);
  const [p5 = 0, p50 = 0, p95 = 0] = quantilesOf(simulation.lowestCash, [
    QUANTILES.p5,
    QUANTILES.p50,
    QUANTILES.p95,
  ]);
  const day = medianDay(simulation.lowestCashDay, simulation.horizonDays);
  return { p5: amount(p5), p50: amount(p50), p95: amount(p95), date: addDays(scenario.as_of, day) };
};

/** What is true from the start when the cash has already run out. */
const OUT_OF_CASH = {
  status: 'out_of_cash',
  p5_days: 0,
  p50_days: 0,
  p95_days: 0,
  standard_error_days: perQuantile(() => 0),
  censored: perQuantile(() => false),
} as const;

const runway = (compiled: CompiledScenario, simulation: Simulation) => {
  const days = perQuantile((q) => quantileDay(simulation, q));
  return {
    status: days.p50 === null && compiled.meanFlowNotNegative ? 'not_burning' : 'ok',
    p5_days: days.p5,
    p50_days: days.p50,
    p95_days: days.p95,
    standard_error_days: perQuantile((q) => rounded(quantileStandardErrorDays(simulation, q))),
    censored: { p5: days.p5 === null, p50: days.p50 === null, p95: days.p95 === null },
  } as const;
};

/** Read out before the next forecast begins. */
let lowest = lowestOf(0);

/** The forecast of a parsed scenario: a pure function, so equal scenarios give equal bytes. */
export const forecastScenario = (scenario: Scenario): ScenarioForecast => {
  const compiled = compileScenario(scenario);
  if (lowest.cash.length !== scenario.paths) lowest = lowestOf(scenario.paths);
  const simulation = simulate(compiled.input, { lowest });
  const isOut = compiled.input.openingCash <= 0;
  const ruined = (day: number): number | null => (day > scenario.horizon_days ? null : 0);
  return {
    ...(isOut ? OUT_OF_CASH : runway(compiled, simulation)),
    survival: perSurvivalDay((day) => (isOut ? ruined(day) : survival(simulation, day))),
    survival_standard_error: perSurvivalDay((day) =>
      isOut ? ruined(day) : rounded(survivalStandardError(simulation, day)),
    ),
    lowest_cash: lowestCash(scenario, compiled, simulation),
    model: { version: ENGINE_VERSION, paths: scenario.paths, seed: scenario.seed },
    inputs: { hash: inputHash(scenario) },
  };
};
