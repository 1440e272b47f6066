/** The answers that are read off the paths. */
import { medianDay, quantileDay, quantilesOf, survival } from '../forecast/quantile.ts';
import type { Simulation } from '../forecast/simulation.ts';
import type { Minor } from '../money/money.ts';
import { addDays } from '../time/civil-date.ts';
import { breakingOf } from './breaking.ts';
import { calibrated, toldStandardErrorDays } from './calibration/warp.ts';
import { REQUIRED_DAYS, type RequiredDays, requiredCash, simulatedDay } from './required-cash.ts';
import type {
  CashBandPoint,
  Outcome,
  Quantiles,
  RunwayForecast,
  RunwayInput,
  SurvivalDay,
  WithoutUnsigned,
} from './runway.ts';
import type { Components, RunwayPaths } from './two-components.ts';

/** What both the API and the backtest read their answers from. */
export interface SimulatedRunway {
  readonly components: Components;
  readonly paths: RunwayPaths;
  /** The simulated runway after calibration. */
  readonly told: Simulation;
  /** Units of the simulation's money in a minor unit. */
  readonly unitsPerMinor: number;
  /** Whether the mean net flow is zero or more, money raised left out. */
  readonly meanFlowNotNegative: boolean;
}

const BAND_STEP_DAYS = 7;

export const quantiles = <Value>(valueAt: (q: number) => Value): Quantiles<Value> => ({
  p5: valueAt(0.05),
  p50: valueAt(0.5),
  p95: valueAt(0.95),
});

export const survivals = (
  valueAt: (day: SurvivalDay) => number | null,
): Readonly<Record<SurvivalDay, number | null>> => ({
  30: valueAt(30),
  60: valueAt(60),
  90: valueAt(90),
  180: valueAt(180),
  365: valueAt(365),
});

/** One day a week, and the last. */
export const bandDays = (horizonDays: number): readonly number[] => {
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

export const requiredDays = (horizonDays: number): readonly RequiredDays[] =>
  REQUIRED_DAYS.filter((days) => simulatedDay(days) <= horizonDays + 1);

const curveOf = (told: Simulation): RunwayForecast['survivalCurve'] =>
  [0, ...bandDays(told.horizonDays)].map((day) => [day, survival(told, day) ?? 0] as const);

const censoredOf = (days: Quantiles<number | null>): Quantiles<boolean> => ({
  p5: days.p5 === null,
  p50: days.p50 === null,
  p95: days.p95 === null,
});

const withoutUnsignedOf = (
  { adaptation }: RunwayInput,
  { simulation, depletionsWithoutUnsigned: depletions }: RunwayPaths,
): WithoutUnsigned | null => {
  if (depletions === undefined) return null;
  const told = calibrated({ ...simulation, depletions }, adaptation);
  const days = quantiles((q) => quantileDay(told, q));
  return {
    days,
    censored: censoredOf(days),
    survival: survivals((day) => survival(told, day)),
    survivalCurve: curveOf(told),
  };
};

const requiredOf = (input: RunwayInput, runway: SimulatedRunway): RunwayForecast['requiredCash'] => {
  const { minimumCashMinor, adaptation, paths, horizonDays } = input;
  const priced = requiredDays(horizonDays);
  const cash = (days: RequiredDays): Minor | null => {
    const column = priced.indexOf(days);
    if (column === -1) return null;
    const prices = runway.paths.prices.subarray(column * paths, (column + 1) * paths);
    const units = requiredCash(prices, days, adaptation);
    return minimumCashMinor + BigInt(Math.ceil(units / runway.unitsPerMinor));
  };
  return { 90: cash(90), 180: cash(180), 365: cash(365) };
};

const lowestOf = (
  input: RunwayInput,
  { paths: { simulation }, unitsPerMinor }: SimulatedRunway,
): CashBandPoint => {
  const amounts = quantilesOf(simulation.lowestCash, [0.05, 0.5, 0.95]);
  const cash = (k: number): Minor =>
    input.minimumCashMinor + BigInt(Math.round((amounts[k] ?? 0) / unitsPerMinor));
  const day = medianDay(simulation.lowestCashDay, input.horizonDays);
  return { date: addDays(input.asOf, day), p5: cash(0), p50: cash(1), p95: cash(2) };
};

export const outcomeOf = (input: RunwayInput, runway: SimulatedRunway): Outcome => {
  const { told, paths, unitsPerMinor, meanFlowNotNegative, components } = runway;
  const { asOf, currency, horizonDays, adaptation } = input;
  const days = quantiles((q) => quantileDay(told, q));
  const median = quantileDay(paths.simulation, 0.5);
  return {
    status: days.p50 === null && meanFlowNotNegative ? 'not_burning' : 'ok',
    days,
    standardErrorDays: quantiles((q) =>
      rounded(toldStandardErrorDays(paths.simulation, told, q, adaptation)),
    ),
    censored: censoredOf(days),
    survival: survivals((day) => survival(told, day)),
    cashBand: cashBand(input, told, unitsPerMinor),
    survivalCurve: curveOf(told),
    withoutUnsigned: withoutUnsignedOf(input, paths),
    requiredCash: requiredOf(input, runway),
    breaking:
      median === null
        ? null
        : breakingOf(
            { asOf, currency, items: input.plan.items },
            components,
            paths.depletionDay,
            median,
            horizonDays,
          ),
    lowest: lowestOf(input, runway),
  };
};
