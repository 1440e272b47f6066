/** What is measured: one burn scenario in several sizes, and the model on a ledger. */

import { simulate } from '../../shared/forecast/simulate.ts';
import { compileScenario } from '../../shared/scenario/compile.ts';
import { forecastScenario } from '../../shared/scenario/forecast-scenario.ts';
import { parseScenario, type Scenario } from '../../shared/scenario/parse.ts';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';
import { exactRuin } from '../../test/support/exact-solver.ts';
import { attribution, model, modelOfToday } from './ledger-workloads.ts';
import type { BurnScenario } from './naive-port.ts';

export interface Size {
  readonly paths: number;
  readonly horizonDays: number;
}

export const SIZES: readonly Size[] = [
  { paths: 10_000, horizonDays: 365 },
  { paths: 10_000, horizonDays: 730 },
  { paths: 100_000, horizonDays: 365 },
  { paths: 100_000, horizonDays: 730 },
];

export interface Workload extends Size {
  readonly name: string;
  /** Makes the input of a call, which no other call has, and what is timed. */
  readonly prepare: () => (call: number) => () => unknown;
}

/** 2.4 M of cash, a burn of 14.2k a day give or take 2.8k, and 1.5 M more on day 76. */
export const burnScenario = (size: Size): BurnScenario => ({
  ...size,
  cash: 2_400_000,
  dailyBurnMean: 14_200,
  dailyBurnStd: 2_800,
  trancheAmount: 1_500_000,
  trancheDay: 76,
});

const AS_OF = '2026-01-01' as CivilDate;

/** Call 0 is the burn scenario; those after it have another balance, mean, spread and payment each. */
const scenarioOf = (size: Size, call: number): Scenario => {
  const burn = burnScenario(size);
  const parsed = parseScenario({
    as_of: AS_OF,
    horizon_days: size.horizonDays,
    paths: size.paths,
    seed: 42,
    currency: 'USD',
    balance: String(burn.cash + 371 * call),
    residual: {
      kind: 'normal',
      daily_mean: String(-burn.dailyBurnMean - (call % 97)),
      daily_std: String(burn.dailyBurnStd + (call % 89)),
    },
    scheduled: [{ date: addDays(AS_OF, 1 + (call % 60)), amount: String(-13 * call) }],
    tranches: [{ date: addDays(AS_OF, burn.trancheDay), amount: String(burn.trancheAmount), probability: 1 }],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
};

/** Without paths: the distribution itself, day by day. Its answers are not the sampled quantiles that the contract names. */
const exact = (size: Size): Workload => ({
  ...size,
  name: `exact solver, no paths, ${size.horizonDays} days`,
  prepare: () => (call) => {
    const burn = burnScenario(size);
    const flows = new Float64Array(size.horizonDays).fill(-burn.dailyBurnMean - (call % 97));
    flows[burn.trancheDay - 1] = (flows[burn.trancheDay - 1] ?? 0) + burn.trancheAmount;
    const stds = new Float64Array(size.horizonDays).fill(burn.dailyBurnStd + (call % 89));
    return () => exactRuin({ openingCash: burn.cash + 371 * call, flows, stds });
  },
});

const contract = (size: Size): Workload[] => {
  const label = `${size.paths / 1000}k x ${size.horizonDays}`;
  return [
    {
      ...size,
      name: `simulate ${label}`,
      prepare: () => (call) => {
        const { input } = compileScenario(scenarioOf(size, call));
        return () => simulate(input);
      },
    },
    {
      ...size,
      name: `forecastScenario ${label}`,
      prepare: () => (call) => {
        const scenario = scenarioOf(size, call);
        return () => forecastScenario(scenario);
      },
    },
  ];
};

export const WORKLOADS: readonly Workload[] = [
  ...SIZES.flatMap(contract),
  exact({ paths: 10_000, horizonDays: 365 }),
  ...[2000, 10_000].flatMap((paths) => [365, 730].map((horizonDays) => model({ paths, horizonDays }))),
  modelOfToday({ paths: 10_000, horizonDays: 730 }),
  attribution({ paths: 2000, horizonDays: 730 }),
];
