import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Dice, diceOf } from '../../../../shared/backtest/generator/dice.ts';

const DRAWS = 20_000;

/** Mean and standard deviation of many draws. */
const moments = (draw: (dice: Dice) => number): readonly [mean: number, std: number] => {
  const dice = diceOf(3, 32, 0);
  const values = Array.from({ length: DRAWS }, () => draw(dice));
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS)];
};

const LAWS: readonly [name: string, draw: (dice: Dice) => number, mean: number, std: number][] = [
  ['uniform', (dice) => dice.uniform(2, 8), 5, Math.sqrt(3)],
  ['integer', (dice) => dice.integer(1, 6), 3.5, Math.sqrt(35 / 12)],
  ['chance', (dice) => Number(dice.chance(0.3)), 0.3, Math.sqrt(0.21)],
  ['normal', (dice) => dice.normal(5, 2), 5, 2],
  ['lognormal', (dice) => dice.lognormal(1, 0.25), Math.exp(0.03125), 0.262],
  ['exponential', (dice) => dice.exponential(10), 10, 10],
  ['poisson', (dice) => dice.poisson(4), 4, 2],
  ['gamma', (dice) => dice.gamma(1.3, 24), 24, 24 / Math.sqrt(1.3)],
];
for (const [name, draw, mean, std] of LAWS)
  test(`${name} has its mean and its spread`, () => {
    const [seenMean, seenStd] = moments(draw);
    assert.ok(Math.abs(seenMean - mean) < (4 * std) / Math.sqrt(DRAWS), `mean ${seenMean}`);
    assert.ok(Math.abs(seenStd / std - 1) < 0.05, `std ${seenStd}`);
  });

test('the same numbers again, and others elsewhere', () => {
  const first = (seed: number, stream: number, path: number): number =>
    diceOf(seed, stream, path).uniform(0, 1);
  assert.equal(first(1, 2, 3), first(1, 2, 3));
  assert.equal(new Set([first(1, 2, 3), first(2, 2, 3), first(1, 3, 3), first(1, 2, 4)]).size, 4);
});
