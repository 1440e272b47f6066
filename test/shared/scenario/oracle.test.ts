/**
 * The engine against an exact solver that draws no random number, on scenarios read a second time and by other means.
 * `ORACLE_SCENARIOS=500 npm test -- test/shared/scenario/oracle.test.ts` asks for more of them, `ORACLE_SEED` for others.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { forecastScenario, type ScenarioForecast } from '../../../shared/scenario/forecast-scenario.ts';
import { type ExactInput, exactRuin } from '../../support/exact-solver.ts';
import { scenarioOf } from './scenarios.ts';

const SCENARIOS = Number(process.env['ORACLE_SCENARIOS'] ?? 80);
const SEED = Number(process.env['ORACLE_SEED'] ?? 1);
/** 2026-01-01, a Thursday. */
const AS_OF_MS = Date.UTC(2026, 0, 1);
const MS_PER_DAY = 86_400_000;

const dateOf = (day: number): string => new Date(AS_OF_MS + day * MS_PER_DAY).toISOString().slice(0, 10);
const dayOfMonth = (day: number): number => new Date(AS_OF_MS + day * MS_PER_DAY).getUTCDate();

/** A scenario in plain numbers: what the JSON is written from, and what the exact solver reads. */
interface Drawn {
  readonly horizonDays: number;
  readonly seed: number;
  readonly balance: number;
  readonly minimumCash: number;
  readonly mean: number;
  readonly std: number;
  readonly scheduled: readonly { readonly day: number; readonly amount: number }[];
  /** On the 10th of each month, give or take. */
  readonly monthly: { readonly amount: number; readonly jitterStd: number };
  readonly certain: { readonly day: number; readonly amount: number; readonly delayDays: number };
  readonly credit: { readonly remaining: number; readonly expiryDay: number; readonly dailyCost: number };
  readonly uncertain: {
    readonly day: number;
    readonly amount: number;
    readonly probability: number;
    /** 0 for none; the delay is gamma of shape 4, of which the distribution is elementary. */
    readonly meanDelayDays: number;
  };
}

const whole = (min: number, max: number): fc.Arbitrary<number> => fc.noBias(fc.integer({ min, max }));
const maybe = (amount: fc.Arbitrary<number>): fc.Arbitrary<number> => fc.oneof(fc.constant(0), amount);

/** Burns of a tenth to five times the noise, or none, and cash for weeks to years. */
const drawn: fc.Arbitrary<Drawn> = fc
  .record({ noise: whole(300, 3000), ratio: whole(-50, 300), weeks: whole(1, 70), spread: whole(0, 40) })
  .chain(({ noise, ratio, weeks, spread }) => {
    const mean = -Math.round((noise * ratio) / 100);
    const cash = Math.round(Math.max(0, -mean) * 7 * weeks + (noise * spread * Math.sqrt(weeks)) / 4);
    const part = (max: number): fc.Arbitrary<number> => whole(1, Math.max(1, Math.round(cash * max)));
    return fc.record({
      horizonDays: whole(60, 500),
      seed: whole(0, 1_000_000),
      balance: fc.constant(cash + noise),
      minimumCash: fc.constantFrom(0, 0, -noise, Math.floor(noise / 2)),
      mean: fc.constant(mean),
      std: fc.constant(noise),
      scheduled: fc.array(
        fc
          .record({ day: whole(1, 300), amount: fc.oneof(part(0.3), part(0.3)) })
          .chain((item) => fc.constantFrom(item, { ...item, amount: -item.amount })),
        { maxLength: 4 },
      ),
      monthly: fc.record({ amount: maybe(part(0.1)), jitterStd: maybe(whole(1, 4 * noise)) }),
      certain: fc.record({ day: whole(1, 200), amount: maybe(part(1)), delayDays: whole(0, 30) }),
      credit: fc.record({
        remaining: part(0.5),
        expiryDay: whole(1, 200),
        dailyCost: maybe(whole(1, noise)),
      }),
      uncertain: fc.record({
        day: whole(1, 200),
        amount: maybe(part(1)),
        probability: fc.noBias(fc.double({ min: 0.05, max: 1, noNaN: true })),
        meanDelayDays: fc.constantFrom(0, 4, 20),
      }),
    });
  });

const jsonOf = (scenario: Drawn, paths: number): object => ({
  as_of: dateOf(0),
  horizon_days: scenario.horizonDays,
  paths,
  seed: scenario.seed,
  currency: 'USD',
  balance: String(scenario.balance),
  minimum_cash: String(scenario.minimumCash),
  residual: { kind: 'normal', daily_mean: String(scenario.mean), daily_std: String(scenario.std) },
  scheduled: scenario.scheduled.map(({ day, amount }) => ({ date: dateOf(day), amount: String(amount) })),
  recurring: [
    {
      every: 'monthly',
      day: 10,
      amount: String(-scenario.monthly.amount),
      jitter_std: String(scenario.monthly.jitterStd),
    },
  ],
  tranches: [
    {
      date: dateOf(scenario.certain.day),
      amount: String(scenario.certain.amount),
      probability: 1,
      delay_days: { kind: 'fixed', days: scenario.certain.delayDays },
    },
    {
      date: dateOf(scenario.uncertain.day),
      amount: String(scenario.uncertain.amount),
      probability: scenario.uncertain.probability,
      delay_days:
        scenario.uncertain.meanDelayDays === 0
          ? { kind: 'none' }
          : {
              kind: 'gamma',
              mean: scenario.uncertain.meanDelayDays,
              std: scenario.uncertain.meanDelayDays / 2,
            },
    },
  ],
  credits: [
    {
      remaining: String(scenario.credit.remaining),
      expires_on: dateOf(scenario.credit.expiryDay),
      daily_gross_cost: String(scenario.credit.dailyCost),
    },
  ],
});

/** Gamma of shape 4 (Erlang): a Poisson sum. */
const erlang4 = (x: number): number =>
  x <= 0 ? 0 : 1 - Math.exp(-x) * (1 + x + (x * x) / 2 + (x * x * x) / 6);

const arrivalOf = ({ uncertain, horizonDays }: Drawn): NonNullable<ExactInput['arrival']> => {
  const { day, amount, probability, meanDelayDays } = uncertain;
  const scale = meanDelayDays / 4;
  const lateBy = (days: number): number =>
    meanDelayDays === 0 ? Number(days === 0) : erlang4((days + 1) / scale) - erlang4(days / scale);
  return {
    amount,
    probability: Float64Array.from({ length: horizonDays }, (_, k) =>
      k + 1 < day ? 0 : probability * lateBy(k + 1 - day),
    ),
  };
};

const exactInputOf = (scenario: Drawn): ExactInput => {
  const { horizonDays, monthly, certain, credit } = scenario;
  const flows = new Float64Array(horizonDays);
  const stds = new Float64Array(horizonDays);
  let lot = credit.remaining;
  for (let day = 1; day <= horizonDays; day += 1) {
    const covered = day <= credit.expiryDay ? Math.min(lot, credit.dailyCost) : 0;
    lot -= covered;
    const dated = scenario.scheduled.reduce((sum, item) => sum + (item.day === day ? item.amount : 0), 0);
    const tranche = certain.day + certain.delayDays === day ? certain.amount : 0;
    const payday = dayOfMonth(day) === 10;
    flows[day - 1] =
      scenario.mean + dated + tranche + covered - credit.dailyCost - (payday ? monthly.amount : 0);
    stds[day - 1] = Math.hypot(scenario.std, payday ? monthly.jitterStd : 0);
  }
  const openingCash = scenario.balance - scenario.minimumCash;
  return { openingCash, flows, stds, arrival: arrivalOf(scenario) };
};

const QUANTILES = { p5: 0.05, p50: 0.5, p95: 0.95 } as const;
const DAYS = ['30', '60', '90', '180', '365'] as const;

/** One published quantity, what it should be, and how far from that it may lie. */
interface Compared {
  readonly name: string;
  readonly actual: number;
  readonly exact: number;
  readonly standardError: number;
  readonly floor: number;
}

/** A quantile is a whole day, hence a floor of half of one: no error below that can be told from none. */
const compared = (forecast: ScenarioForecast, ruin: Float64Array): Compared[] => {
  const horizonDays = ruin.length;
  const quantiles = (['p5', 'p50', 'p95'] as const).map((name) => {
    const reached = ruin.findIndex((share) => share >= QUANTILES[name]);
    const error = forecast.standard_error_days[name];
    const exact = reached === -1 ? horizonDays + 1 : reached + 1;
    const actual = forecast[`${name}_days`] ?? horizonDays + 1;
    // A censored quantile states no error: it is as far beyond the horizon as paths are missing.
    if (error === null)
      return {
        name,
        actual: QUANTILES[name],
        exact: exact > horizonDays ? QUANTILES[name] : (ruin[horizonDays - 1] ?? 0),
        standardError: Math.sqrt((QUANTILES[name] * (1 - QUANTILES[name])) / forecast.model.paths),
        floor: 0.001,
      };
    return { name, actual, exact, standardError: error, floor: 0.5 };
  });
  const survivals = DAYS.flatMap((day) => {
    const actual = forecast.survival[day];
    const standardError = forecast.survival_standard_error[day];
    if (actual === null || standardError === null) return [];
    return [
      {
        name: `survival ${day}`,
        actual,
        exact: 1 - (ruin[Number(day) - 1] ?? 0),
        standardError,
        floor: 0.001,
      },
    ];
  });
  return [...quantiles, ...survivals];
};

test('answers lie within three stated errors of the exact ones', () => {
  let count = 0;
  const far: string[] = [];
  for (const scenario of fc.sample(drawn, { numRuns: SCENARIOS, seed: SEED })) {
    const forecast = forecastScenario(scenarioOf(jsonOf(scenario, 10_000)));
    for (const { name, actual, exact, standardError, floor } of compared(
      forecast,
      exactRuin(exactInputOf(scenario)),
    )) {
      count += 1;
      if (Math.abs(actual - exact) > Math.max(3 * standardError, floor))
        far.push(`${name} ${actual} +- ${standardError}, exactly ${exact}: ${JSON.stringify(scenario)}`);
    }
  }
  assert.ok(count >= 6 * SCENARIOS, `${count} quantities`);
  assert.ok(far.length <= count / 100, `${far.length} of ${count}:\n${far.join('\n')}`);
});

test('stated errors are the distance from the exact answer that other seeds show', () => {
  const seeds = 60;
  const scenario: Drawn = {
    horizonDays: 500,
    seed: 0,
    balance: 900_000,
    minimumCash: 0,
    mean: -5000,
    std: 30_000,
    scheduled: [{ day: 20, amount: -60_000 }],
    monthly: { amount: 20_000, jitterStd: 15_000 },
    certain: { day: 50, amount: 0, delayDays: 0 },
    credit: { remaining: 40_000, expiryDay: 60, dailyCost: 800 },
    uncertain: { day: 60, amount: 400_000, probability: 0.7, meanDelayDays: 20 },
  };
  const ruin = exactRuin(exactInputOf(scenario));
  const squares = new Map<string, { seen: number; stated: number }>();
  for (let seed = 0; seed < seeds; seed += 1)
    for (const { name, actual, exact, standardError } of compared(
      forecastScenario(scenarioOf(jsonOf({ ...scenario, seed }, 1000))),
      ruin,
    )) {
      const { seen, stated } = squares.get(name) ?? { seen: 0, stated: 0 };
      squares.set(name, { seen: seen + (actual - exact) ** 2, stated: stated + standardError ** 2 });
    }
  assert.equal(squares.size, 8);
  for (const [name, { seen, stated }] of squares) {
    // The spread of 60 draws is known to about 9 %; four of that either way.
    const ratio = Math.sqrt(stated / seen);
    if (name !== 'survival 30')
      assert.ok(ratio > 0.68 && ratio < 1.5, `${name}: stated ${ratio} of what is seen`);
  }
});
