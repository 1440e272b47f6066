/** What is measured: one burn scenario in several sizes, and the whole model on a year of a ledger. */
import { simulate } from '../../shared/forecast/simulate.ts';
import { NO_PLAN } from '../../shared/model/plan.ts';
import { forecastRunway, type RunwayInput } from '../../shared/model/runway.ts';
import { currency } from '../../shared/money/currency.ts';
import { compileScenario } from '../../shared/scenario/compile.ts';
import { forecastScenario } from '../../shared/scenario/forecast-scenario.ts';
import { parseScenario, type Scenario } from '../../shared/scenario/parse.ts';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';
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

const scenarioOf = (size: Size): Scenario => {
  const burn = burnScenario(size);
  const parsed = parseScenario({
    as_of: AS_OF,
    horizon_days: size.horizonDays,
    paths: size.paths,
    seed: 42,
    currency: 'USD',
    balance: String(burn.cash),
    residual: {
      kind: 'normal',
      daily_mean: String(-burn.dailyBurnMean),
      daily_std: String(burn.dailyBurnStd),
    },
    tranches: [{ date: addDays(AS_OF, burn.trancheDay), amount: String(burn.trancheAmount), probability: 1 }],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
};

const EVENTS = 1000;

/** A year of 1,000 payments and receipts that burns some 9k a day: payroll twice a month, the rest as it falls. */
const ledgerInput = (paths: number): RunwayInput => {
  const usd = currency('USD');
  if (usd === undefined) throw new Error('no USD');
  const inflows = new Array<bigint>(364).fill(0n);
  const outflows = new Array<bigint>(364).fill(0n);
  const counts = new Array<number>(364).fill(0);
  for (let event = 0; event < EVENTS; event += 1) {
    const ago = (event * 131) % 364;
    const cents = BigInt(40_000 + ((event * 7919) % 400_000));
    if (event % 4 === 0) inflows[ago] = (inflows[ago] ?? 0n) + cents;
    else {
      outflows[ago] = (outflows[ago] ?? 0n) + cents + (ago % 15 === 0 ? 4_000_000n : 0n);
      counts[ago] = (counts[ago] ?? 0) + 1;
    }
  }
  return {
    asOf: AS_OF,
    horizonDays: 730,
    paths,
    seed: 42,
    currency: usd,
    balanceMinor: 240_000_000n,
    minimumCashMinor: 0n,
    days: inflows.map((inflowMinor, ago) => ({
      date: addDays(AS_OF, -ago),
      inflowMinor,
      outflowMinor: outflows[ago] ?? 0n,
      netMinor: inflowMinor - (outflows[ago] ?? 0n),
      outflowCount: counts[ago] ?? 0,
    })),
    plan: NO_PLAN,
  };
};

export interface Workload extends Size {
  readonly name: string;
  /** Makes the input, and what is timed. */
  readonly prepare: () => () => unknown;
}

const contract = (size: Size): Workload[] => {
  const label = `${size.paths / 1000}k x ${size.horizonDays}`;
  return [
    {
      ...size,
      name: `simulate ${label}`,
      prepare: () => {
        const { input } = compileScenario(scenarioOf(size));
        return () => simulate(input);
      },
    },
    {
      ...size,
      name: `forecastScenario ${label}`,
      prepare: () => {
        const scenario = scenarioOf(size);
        return () => forecastScenario(scenario);
      },
    },
  ];
};

const model = (paths: number): Workload => ({
  paths,
  horizonDays: 730,
  name: `forecastRunway ${paths / 1000}k x 730, ${EVENTS} events`,
  prepare: () => {
    const input = ledgerInput(paths);
    return () => forecastRunway(input);
  },
});

export const WORKLOADS: readonly Workload[] = [...SIZES.flatMap(contract), model(2000), model(10_000)];
