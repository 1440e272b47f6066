import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gammaCdf, normalCdf } from '../../../shared/forecast/probability.ts';

const close = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test('normal distribution at tabulated points', () => {
  for (const [z, p] of [
    [0, 0.5],
    [1, 0.8413447460685429],
    [1.6448536269514722, 0.95],
    [-1.959963984540054, 0.025],
    [-5, 2.866515718791939e-7],
    [12, 1],
    [-12, 0],
  ] as const)
    close(normalCdf(z), p, 1e-14);
});

test('a gamma of whole shape is the Poisson tail', () => {
  for (const shape of [1, 2, 5, 20])
    for (const x of [0.1, 1, 4.5, 19, 60]) {
      let term = Math.exp(-x);
      let fewer = 0;
      for (let k = 0; k < shape; k += 1) {
        fewer += term;
        term *= x / (k + 1);
      }
      close(gammaCdf(shape, x), 1 - fewer, 1e-13);
    }
});

test('shapes beyond the series continue it, and the extremes are certain', () => {
  close(gammaCdf(9_999.9, 10_050), gammaCdf(10_000.1, 10_050.2), 1e-5);
  assert.equal(gammaCdf(3, 0), 0);
  assert.equal(gammaCdf(3, Infinity), 1);
  close(gammaCdf(1e-12, 1e-12), 1, 1e-10);
});
