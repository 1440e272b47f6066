import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  certainDay,
  distributionOf,
  probabilityBy,
  quantileOf,
  seenFor,
} from '../../../shared/backtest/distribution.ts';
import { crps, pit, scoreOf, uniformDistance } from '../../../shared/backtest/scores.ts';

const HORIZON = 40;

/** A distribution from drawn days; days past the horizon are "later". */
const ofSamples = (samples: readonly number[]) => {
  const depletions = new Uint32Array(HORIZON + 1);
  for (const day of samples) if (day <= HORIZON) depletions[day] = (depletions[day] ?? 0) + 1;
  return distributionOf({ horizonDays: HORIZON, paths: samples.length, depletions });
};

const day = fc.integer({ min: 1, max: HORIZON + 1 });
const samples = fc.array(day, { minLength: 1, maxLength: 50 });

test('the sum over days is the score of sorted samples', () => {
  fc.assert(
    fc.property(samples, day, (drawn, outcome) => {
      const count = drawn.length;
      const distance = drawn.reduce((sum, at) => sum + Math.abs(at - outcome), 0) / count;
      const spread = drawn
        .toSorted((a, b) => a - b)
        .reduce((sum, at, k) => sum + (2 * (k + 1) - count - 1) * at, 0);
      assert.ok(Math.abs(crps(ofSamples(drawn), outcome) - (distance - spread / count ** 2)) < 1e-9);
    }),
  );
});

test('the score of a single day is the absolute error', () => {
  fc.assert(
    fc.property(day, day, (said, outcome) =>
      assert.equal(crps(certainDay(said, HORIZON), outcome), Math.abs(said - outcome)),
    ),
  );
});

test('no other forecast beats the truth on average', () => {
  fc.assert(
    fc.property(samples, samples, (truth, other) => {
      const expected = (said: readonly number[]): number =>
        truth.reduce((sum, outcome) => sum + crps(ofSamples(said), outcome), 0);
      assert.ok(expected(truth) <= expected(other) + 1e-9);
    }),
  );
});

test('quantiles are order statistics, and later days are all the day after the horizon', () => {
  fc.assert(
    fc.property(samples, fc.constantFrom(0.05, 0.5, 0.95), (drawn, q) => {
      const sorted = drawn.toSorted((a, b) => a - b);
      assert.equal(quantileOf(ofSamples(drawn), q), sorted[Math.ceil(q * drawn.length - 1e-9) - 1]);
    }),
  );
});

test('what cannot be seen counts as later, in the forecast as in the outcome', () => {
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: HORIZON }), (drawn, seenDays) => {
      const cut = seenFor(ofSamples(drawn), seenDays);
      const clipped = drawn.map((at) => Math.min(at, seenDays + 1)).toSorted((a, b) => a - b);
      assert.equal(quantileOf(cut, 0.5), clipped[Math.ceil(drawn.length / 2) - 1]);
      assert.equal(probabilityBy(cut, seenDays + 1), 1);
    }),
  );
  assert.throws(() => seenFor(certainDay(3, 10), 11), RangeError);
});

test('an outcome is placed within the probability of its own day', () => {
  const forecast = ofSamples([10, 10, 20, HORIZON + 1]);
  assert.deepEqual(
    [pit(forecast, 10, 0.5), pit(forecast, 15, 0.5), pit(forecast, 20, 0), pit(forecast, HORIZON + 1, 1)],
    [0.25, 0.5, 0.5, 1],
  );
});

test('the Brier score is asked only as far as the data goes', () => {
  const forecast = seenFor(certainDay(70, 365), 100);
  const { brier, p5Days, p95Days } = scoreOf(forecast, 50, 0.5);
  assert.deepEqual(brier, { 30: 0, 60: 1, 90: 0, 180: null, 365: null });
  assert.deepEqual([p5Days, p95Days], [70, 70]);
});

test('the distance from uniform', () => {
  assert.equal(uniformDistance([0.5]), 0.5);
  assert.ok(Math.abs(uniformDistance([0.125, 0.375, 0.625, 0.875]) - 0.125) < 1e-12);
  assert.ok(Math.abs(uniformDistance([0.9, 0.95]) - 0.9) < 1e-12);
});
