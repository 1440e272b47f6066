import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalCdf } from '../../../shared/forecast/probability.ts';
import { survival } from '../../../shared/forecast/quantile.ts';
import { simulate } from '../../../shared/forecast/simulate.ts';
import type { SimulationInput } from '../../../shared/forecast/simulation.ts';

/** 2.4 M of cash and a burn of 14.2k a day, give or take 2.8k, in cents. */
const burning = (change: Partial<SimulationInput> = {}): SimulationInput => ({
  horizonDays: 250,
  paths: 10_000,
  seed: 42,
  openingCash: 240_000_000,
  scheduled: new Float64Array(change.horizonDays ?? 250),
  residual: { kind: 'normal', dailyMean: -1_420_000, dailyStd: 280_000 },
  jitters: [],
  tranches: [],
  ...change,
});

const near = (share: number, expected: number, paths: number, why: string): void =>
  assert.ok(
    Math.abs(share - expected) <= 4.5 * Math.sqrt((expected * (1 - expected)) / paths) + 1 / paths,
    `${why}: ${share} for ${expected}`,
  );

test('under a strong steady burn the day of ruin follows the normal distribution of the cash', () => {
  const simulation = simulate(burning({ paths: 100_000 }));
  for (const day of [155, 160, 164, 168, 169, 173, 180]) {
    // Cash once below zero stays there, so ruin by day d is cash at d below zero, to 1e-7.
    const expected = normalCdf((14.2 * day - 2400) / (2.8 * Math.sqrt(day)));
    near(1 - (survival(simulation, day) ?? 0), expected, 100_000, `day ${day}`);
  }
});

test('without randomness every path is the one worked out by hand', () => {
  const scheduled = Float64Array.of(0, 0, 500, 0, -450, 0, 0);
  const simulation = simulate(
    burning({
      horizonDays: 7,
      paths: 3,
      openingCash: 300,
      scheduled,
      residual: { kind: 'student_t', dailyMean: -100, dailyStd: 0, df: 3 },
    }),
  );
  // 200, 100, 500, 400, -150, -250, -350
  assert.deepEqual([...simulation.depletions], [0, 0, 0, 0, 0, 3, 0, 0]);
  assert.deepEqual([...simulation.lowestCash], [-350, -350, -350]);
  assert.deepEqual([...simulation.lowestCashDay], [7, 7, 7]);
});

test('cash of exactly the minimum is ruin, a recovery later in the day is not', () => {
  const flat = {
    residual: { kind: 'normal', dailyMean: -100, dailyStd: 0 },
    horizonDays: 3,
    paths: 1,
  } as const;
  const scheduled = Float64Array.of(0, 100, 0);
  const simulation = simulate(burning({ ...flat, openingCash: 200, scheduled }));
  assert.deepEqual([...simulation.depletions], [0, 0, 0, 1]);
  assert.deepEqual([...simulation.lowestCash, ...simulation.lowestCashDay], [0, 3]);
});

/** mulberry32 and Box-Muller on Math functions: nothing in common with the engine but the model. */
const naive = (input: SimulationInput, random: () => number): number[] => {
  const gauss = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const student = (df: number): number => {
    let chi = 0;
    for (let k = 0; k < df; k += 1) chi += gauss() ** 2;
    return gauss() / Math.sqrt(chi / df);
  };
  const { residual, level } = input;
  return Array.from({ length: input.paths }, () => {
    const shift = level === undefined ? 0 : level.std * student(level.df);
    const arrivals = input.tranches.map(({ day, amount, probability, delay }) => {
      const days = delay.kind === 'gamma' ? Math.floor(-delay.mean * Math.log(1 - random())) : 0;
      return { amount, day: random() < probability ? day + days : Infinity };
    });
    let cash = input.openingCash;
    for (let day = 1; day <= input.horizonDays; day += 1) {
      if (residual.kind === 'student_t')
        cash +=
          residual.dailyMean +
          residual.dailyStd * Math.sqrt((residual.df - 2) / residual.df) * student(residual.df);
      cash += shift + (input.scheduled[day - 1] ?? 0);
      for (const jitter of input.jitters) if (jitter.day === day) cash += jitter.std * gauss();
      for (const arrival of arrivals) if (arrival.day === day) cash += arrival.amount;
      if (cash <= 0) return day;
    }
    return Infinity;
  });
};

const mulberry = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

test('everything at once agrees with a naive simulation on other random numbers', () => {
  const paths = 20_000;
  const scheduled = new Float64Array(120);
  for (let day = 15; day <= 120; day += 15) scheduled[day - 1] = -90;
  const input = burning({
    horizonDays: 120,
    paths,
    openingCash: 800,
    scheduled,
    residual: { kind: 'student_t', dailyMean: -5, dailyStd: 40, df: 5 },
    level: { std: 4, df: 6 },
    jitters: [
      { day: 30, std: 60 },
      { day: 60, std: 60 },
    ],
    // The mean equals the standard deviation: an exponential, which the naive way can draw.
    tranches: [{ day: 40, amount: 700, probability: 0.7, delay: { kind: 'gamma', mean: 12, std: 12 } }],
  });
  const simulation = simulate(input);
  const other = naive(input, mulberry(20_260_101));
  for (const day of [20, 30, 45, 60, 75, 90, 120]) {
    const p = 1 - (survival(simulation, day) ?? 0);
    const q = other.filter((ruin) => ruin <= day).length / paths;
    assert.ok(
      Math.abs(p - q) < 4.5 * Math.sqrt((p * (1 - p) * 2) / paths) + 1 / paths,
      `day ${day}: ${p} and ${q}`,
    );
  }
});

test('a longer horizon, and more paths, leave what was there unchanged', () => {
  const kinds: SimulationInput['residual'][] = [
    { kind: 'normal', dailyMean: -10, dailyStd: 100 },
    { kind: 'student_t', dailyMean: -10, dailyStd: 100, df: 3 },
    { kind: 'bootstrap', values: Float64Array.of(-120, 40, 50, -30), block: 3 },
  ];
  for (const residual of kinds) {
    const at = (horizonDays: number, paths: number): ReturnType<typeof simulate> =>
      simulate(
        burning({ horizonDays, paths, residual, openingCash: 900, scheduled: new Float64Array(horizonDays) }),
      );
    const [short, long, more] = [at(101, 500), at(200, 500), at(101, 800)];
    assert.ok(short.depletions.some((count) => count > 0));
    assert.deepEqual(long.depletions.slice(0, 102), short.depletions);
    assert.deepEqual(more.lowestCash.slice(0, 500), short.lowestCash);
  }
});
