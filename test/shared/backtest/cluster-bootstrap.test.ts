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

test('clusters that all say the same leave room for one that does not', () => {
  const always = coins(10, 2).map(({ cluster }) => ({ cluster, value: 1 }));
  const { mean, low, high } = clusterInterval(always, 1);
  assert.deepEqual([mean, high], [1, 1]);
  assert.ok(Math.abs(low - 0.6915) < 1e-4);
  const never = clusterInterval(
    always.map(({ cluster }) => ({ cluster, value: 0 })),
    1,
  );
  assert.deepEqual([never.mean, never.low], [0, 0]);
  assert.ok(Math.abs(never.high - 0.3085) < 1e-4);
});
