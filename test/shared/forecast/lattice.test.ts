import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latticed, NOISE_MAX, QUANTILES, UNIT_SHIFTS, unitOf } from '../../../shared/forecast/lattice.ts';
import { normalQuantile } from '../../../shared/forecast/normal-quantile.ts';
import { normalCdf } from '../../../shared/forecast/probability.ts';

test('the inverse of the normal distribution inverts it, far into both tails', () => {
  for (let k = 1; k < 2000; k += 1) {
    const u = k / 2000;
    assert.ok(Math.abs(normalCdf(normalQuantile(u)) / u - 1) < 1e-12, String(u));
  }
  for (const u of [1e-9, 1e-6, 1e-4]) {
    assert.ok(Math.abs(normalCdf(normalQuantile(u)) / u - 1) < 1e-6, String(u));
    assert.ok(Math.abs(normalQuantile(u) + normalQuantile(1 - u)) < 1e-6);
  }
});

test("a day's noise has the moments of a normal", () => {
  const moment = (power: number): number =>
    QUANTILES.reduce((sum, units) => sum + (units / 4096) ** power, 0) / QUANTILES.length;
  assert.equal(moment(1), 0);
  assert.ok(Math.abs(moment(2) - 1) < 3e-5);
  assert.ok(Math.abs(moment(4) - 3) < 2e-3);
});

test('twelve standard deviations of its spread fit a sixteen-bit number, at the finest unit that holds them', () => {
  UNIT_SHIFTS.forEach((shift, block) => {
    const days = 8 * (block + 1);
    const most = Math.min(NOISE_MAX * days, 12 * Math.sqrt(days)) / unitOf(block);
    assert.ok(most < 0x8000 && (most > 0x3fff || shift === 0), `block ${block}`);
  });
});

test('a sum is kept to the nearest unit', () => {
  for (const block of [0, 5, 40, 200])
    for (const sum of [-70_001, -4096, -1, 0, 3, 4095, 123_457])
      assert.ok(Math.abs(latticed(sum, block) - sum / 4096) <= unitOf(block) / 2);
});
