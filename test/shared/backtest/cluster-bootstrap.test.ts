import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterInterval } from '../../../shared/backtest/cluster-bootstrap.ts';
import { uniformAt } from './cases.ts';

const coins = (clusters: number, copies: number) =>
  Array.from({ length: clusters * copies }, (_, k) => ({
    cluster: String(k % clusters),
    value: uniformAt(5, k % clusters) < 0.8 ? 1 : 0,
  }));

test('independent trials have the interval of a binomial', () => {
  const { mean, low, high } = clusterInterval(coins(400, 1), 1);
  const expected = 1.96 * Math.sqrt((mean * (1 - mean)) / 400);
  assert.ok(Math.abs(high - mean - expected) < 0.25 * expected);
  assert.ok(Math.abs(mean - low - expected) < 0.25 * expected);
});

test('repeating every trial nine times adds no knowledge', () => {
  assert.deepEqual(clusterInterval(coins(40, 9), 1), clusterInterval(coins(40, 1), 1));
});

test('one cluster tells nothing of the next', () => {
  assert.deepEqual(clusterInterval(coins(1, 50), 1), {
    mean: uniformAt(5, 0) < 0.8 ? 1 : 0,
    low: 0,
    high: 1,
  });
});
