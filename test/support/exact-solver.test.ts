import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalCdf } from '../../shared/forecast/probability.ts';
import { simulate } from '../../shared/forecast/simulate.ts';
import { type ExactInput, exactRuin } from './exact-solver.ts';

const steady = (days: number, openingCash: number, mean: number, std: number): ExactInput => ({
  openingCash,
  flows: new Float64Array(days).fill(mean),
  stds: new Float64Array(days).fill(std),
});

const farthest = (a: Float64Array, b: Float64Array): number =>
  a.reduce((gap, value, k) => Math.max(gap, Math.abs(value - (b[k] ?? Number.NaN))), 0);

/** P(a symmetric walk stays on one side for its first n steps) = C(2n, n) / 4^n, whatever its steps (Sparre Andersen). */
const ruinOfSymmetricWalk = (days: number): Float64Array => {
  let alive = 1;
  return Float64Array.from({ length: days }, (_, k) => {
    alive *= (2 * k + 1) / (2 * k + 2);
    return 1 - alive;
  });
};

test('a walk that starts on the line is ruined as the binomial formula says', () => {
  const expected = ruinOfSymmetricWalk(60);
  assert.ok(farthest(exactRuin(steady(60, 0, 0, 3), 8), expected) < 1e-6);
  assert.ok(farthest(exactRuin(steady(60, 0, 0, 3)), expected) < 5e-4);
});

test('the engine follows that formula too', () => {
  const paths = 40_000;
  const { depletions } = simulate({
    horizonDays: 60,
    paths,
    seed: 5,
    openingCash: 0,
    scheduled: new Float64Array(60),
    residual: { kind: 'normal', dailyMean: 0, dailyStd: 1 },
    jitters: [],
    tranches: [],
  });
  let ruined = 0;
  ruinOfSymmetricWalk(60).forEach((share, k) => {
    ruined += depletions[k + 1] ?? 0;
    assert.ok(
      Math.abs(ruined / paths - share) < 4.5 * Math.sqrt((share * (1 - share)) / paths),
      `day ${k + 1}`,
    );
  });
});

test('under a strong burn ruin by a day is cash below zero on it', () => {
  const expected = Float64Array.from({ length: 250 }, (_, k) =>
    normalCdf((14.2 * (k + 1) - 2400) / (2.8 * Math.sqrt(k + 1))),
  );
  assert.ok(farthest(exactRuin(steady(250, 2400, -14.2, 2.8)), expected) < 1e-6);
});

/** Paydays, a lump of cash, a noisy day now and then, and money that may come. */
const eventful: ExactInput = {
  openingCash: 900,
  flows: Float64Array.from({ length: 150 }, (_, k) => (k % 15 === 14 ? -95 : k === 60 ? 300 : -6)),
  stds: Float64Array.from({ length: 150 }, (_, k) => (k % 30 === 29 ? 90 : 40)),
  arrival: {
    amount: 700,
    probability: Float64Array.from({ length: 150 }, (_, k) => (k < 40 ? 0 : 0.05 * 0.93 ** (k - 40))),
  },
};

test('a finer grid gives the same answer', () => {
  const [coarse, fine, finest] = [2, 4, 8].map((refinement) => exactRuin(eventful, refinement));
  assert.ok(coarse !== undefined && fine !== undefined && finest !== undefined);
  assert.ok(farthest(coarse, fine) < 1e-4, String(farthest(coarse, fine)));
  assert.ok(farthest(fine, finest) < 1e-6, String(farthest(fine, finest)));
});

test('money that may come is the mixture of the days on which it comes', () => {
  const { flows, stds, openingCash, arrival } = eventful;
  assert.ok(arrival !== undefined);
  const mixture = new Float64Array(flows.length);
  const add = (share: number, ruin: Float64Array): void =>
    ruin.forEach((value, k) => {
      mixture[k] = (mixture[k] ?? 0) + share * value;
    });
  let never = 1;
  arrival.probability.forEach((share, k) => {
    never -= share;
    const paid = Float64Array.from(flows, (flow, day) => flow + (day === k ? arrival.amount : 0));
    if (share > 0) add(share, exactRuin({ openingCash, flows: paid, stds }));
  });
  add(never, exactRuin({ openingCash, flows, stds }));
  assert.ok(farthest(exactRuin(eventful), mixture) < 1e-5, String(farthest(exactRuin(eventful), mixture)));
});
