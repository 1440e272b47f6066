import assert from 'node:assert/strict';
import { test } from 'node:test';
import { creditCashCosts } from '../../../shared/scenario/credits.ts';

const costs = (remaining: number, expiryDay: number, daily: number, days: number): number[] =>
  creditCashCosts(BigInt(remaining), expiryDay, BigInt(daily), days).map(Number);

test('a lot pays whole days, then the last in part, then nothing', () => {
  assert.deepEqual(costs(250, 100, 100, 5), [0, 0, 50, 100, 100]);
});

test('18 it pays on the day it expires and not on the next, and what is left is lost', () => {
  assert.deepEqual(costs(92_000, 2, 1100, 4), [0, 0, 1100, 1100]);
});

test('a lot that is empty, or expired before day 1, pays nothing', () => {
  assert.deepEqual(costs(0, 100, 7, 3), [7, 7, 7]);
  assert.deepEqual(costs(1000, 0, 7, 3), [7, 7, 7]);
  assert.deepEqual(costs(1000, -40, 7, 3), [7, 7, 7]);
});

test('92,000 against 1,100 a day lasts 83 days and 700 of the next', () => {
  const cash = costs(92_000, 365, 1100, 365);
  assert.equal(cash.findIndex((cost) => cost > 0) + 1, 84);
  assert.equal(cash[83], 400);
  assert.equal(
    cash.reduce((sum, cost) => sum + cost, 0),
    365 * 1100 - 92_000,
  );
});
