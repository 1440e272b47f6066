import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expiresEarly } from '../../../shared/runway/early-expiration.ts';

const entry = { cachedAtMs: 1_000_000, ttlMs: 30_000, refreshCostMs: 20 };

test('an entry past its time is expired for every reader', () => {
  for (const uniform of [1, 0.5, 1e-9]) assert.equal(expiresEarly(entry, 1_030_000, uniform), true);
});

test('a fresh entry is refreshed early by the rare reader only', () => {
  assert.equal(expiresEarly(entry, 1_029_990, 1), false);
  assert.equal(expiresEarly(entry, 1_029_990, 0.5), true);
  assert.equal(expiresEarly(entry, 1_015_000, 1e-9), false);
});

test('at the distance of one refresh cost, the share of early readers is 1/e', () => {
  const readers = 100_000;
  let early = 0;
  for (let reader = 0; reader < readers; reader++)
    if (expiresEarly(entry, 1_029_980, (reader + 0.5) / readers)) early += 1;
  assert.ok(Math.abs(early / readers - Math.exp(-1)) < 1e-4);
});
