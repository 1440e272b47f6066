import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  quantileDay,
  quantileStandardErrorDays,
  quantilesOf,
  survival,
  survivalStandardError,
} from '../../../shared/forecast/quantile.ts';
import { simulate } from '../../../shared/forecast/simulate.ts';
import type { Simulation } from '../../../shared/forecast/simulation.ts';

/** A simulation in which these counts of paths ran out on days 0, 1, 2... and the rest never did. */
const withDepletions = (depletions: readonly number[], paths: number): Simulation => ({
  horizonDays: depletions.length - 1,
  paths,
  depletions: Uint32Array.from(depletions),
  lowestCash: new Float64Array(paths),
  lowestCashDay: new Int32Array(paths),
});

test('quantiles by hand: the smallest day whose share reaches q', () => {
  const simulation = withDepletions([0, 0, 4, 6, 60, 25], 100);
  assert.equal(quantileDay(simulation, 0.04), 2);
  assert.equal(quantileDay(simulation, 0.05), 3);
  assert.equal(quantileDay(simulation, 0.1), 3);
  assert.equal(quantileDay(simulation, 0.5), 4);
  assert.equal(quantileDay(simulation, 0.95), 5);
  assert.equal(quantileDay(simulation, 0.96), null);
  assert.deepEqual(
    [0, 2, 3, 5, 6].map((day) => survival(simulation, day)),
    [1, 0.96, 0.9, 0.05, null],
  );
});

test('a rank that floats would miss by a hair is not missed', () => {
  assert.ok(0.55 * 100 > 55);
  assert.equal(quantileDay(withDepletions([0, 55, 45], 100), 0.55), 1);
});

const simulations = fc.array(fc.nat({ max: 30 }), { minLength: 2, maxLength: 40 }).chain((tail) =>
  fc.nat({ max: 50 }).map((alive) => {
    const depletions = [0, ...tail];
    return withDepletions(depletions, depletions.reduce((sum, count) => sum + count, 0) + alive + 1);
  }),
);

test('quantiles and survival say the same', () => {
  fc.assert(
    fc.property(simulations, fc.integer({ min: 1, max: 999 }), (simulation, perMille) => {
      const day = quantileDay(simulation, perMille / 1000);
      for (let n = 0; n <= simulation.horizonDays; n += 1) {
        const gone = simulation.paths - Math.round((survival(simulation, n) ?? 0) * simulation.paths);
        assert.equal(day !== null && day <= n, gone * 1000 >= perMille * simulation.paths, `day ${n}`);
      }
    }),
  );
});

test('counting finds what sorting finds', () => {
  const value = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.double({ noNaN: true }),
    fc.double({ noNaN: true, min: 0, max: 1 }),
  );
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, size: 'large' }), (values) => {
      const sorted = Float64Array.from(values).sort();
      const qs = [0.05, 0.5, 0.95, 1];
      const expected = qs.map(
        (q) => sorted[Math.max(1, Math.ceil(q * values.length - 1e-9)) - 1] ?? Number.NaN,
      );
      assert.deepEqual(
        quantilesOf(Float64Array.from(values), qs).map((found) => found + 0),
        expected.map((found) => found + 0),
      );
    }),
  );
});

test('quantiles of many values, and of values with one far from the rest', () => {
  const many = Float64Array.from({ length: 20_001 }, (_, k) => Math.sin(k * k));
  for (const values of [many, Float64Array.of(...many, 1e300), Float64Array.of(...many, -1e308, 1e308)]) {
    const sorted = values.toSorted();
    const [p5, p50] = quantilesOf(values, [0.05, 0.5]);
    assert.equal(p5, sorted[Math.ceil(0.05 * values.length) - 1]);
    assert.equal(p50, sorted[Math.ceil(0.5 * values.length) - 1]);
  }
});

test('the error of a survival probability is binomial, and unknown beyond the horizon', () => {
  const simulation = withDepletions([0, 50, 25], 100);
  assert.equal(survivalStandardError(simulation, 1), 0.05);
  assert.equal(survivalStandardError(simulation, 3), null);
});

test('where every path fails on one day, and where the quantile is censored, there is no error to speak of', () => {
  assert.equal(quantileStandardErrorDays(withDepletions([0, 0, 100], 100), 0.5), 0);
  assert.equal(quantileStandardErrorDays(withDepletions([0, 1, 1], 100), 0.5), null);
});

test('a median that hangs between two ways to fail has an error of half the distance', () => {
  const depletions = new Array<number>(101).fill(0);
  depletions[10] = 500;
  depletions[100] = 500;
  const error = quantileStandardErrorDays(withDepletions(depletions, 1000), 0.5) ?? 0;
  assert.ok(Math.abs(error - 45) < 1, String(error));
});

test('stated errors are the spread that other seeds show', () => {
  const seeds = 60;
  const runs = Array.from({ length: seeds }, (_, seed) =>
    simulate({
      horizonDays: 500,
      paths: 1000,
      seed,
      openingCash: 2_400_000,
      scheduled: new Float64Array(500),
      residual: { kind: 'normal', dailyMean: -9000, dailyStd: 45_000 },
      jitters: [],
      tranches: [],
    }),
  );
  const compare = (
    answer: (run: Simulation) => number | null,
    error: (run: Simulation) => number | null,
  ): void => {
    const answers = runs.map((run) => answer(run) ?? Number.NaN);
    const mean = answers.reduce((sum, value) => sum + value, 0) / seeds;
    const spread = Math.sqrt(answers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seeds - 1));
    const stated = Math.sqrt(runs.reduce((sum, run) => sum + (error(run) ?? Number.NaN) ** 2, 0) / seeds);
    assert.ok(stated / spread > 0.7 && stated / spread < 1.4, `${stated} stated, ${spread} seen`);
  };
  for (const q of [0.05, 0.5])
    compare(
      (run) => quantileDay(run, q),
      (run) => quantileStandardErrorDays(run, q),
    );
  for (const day of [180, 365])
    compare(
      (run) => survival(run, day),
      (run) => survivalStandardError(run, day),
    );
});
