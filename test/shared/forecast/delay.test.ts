import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delayDays } from '../../../shared/forecast/delay.ts';

const grid = Array.from({ length: 100_000 }, (_, k) => (k + 0.5) / 100_000);

test('an exponential delay is geometric in whole days', () => {
  const days = delayDays({ kind: 'gamma', mean: 18, std: 18 }, 400);
  for (const k of [0, 1, 17, 60]) {
    const share = grid.filter((u) => days(u) <= k).length / grid.length;
    assert.ok(Math.abs(share - (1 - Math.exp(-(k + 1) / 18))) < 2e-5, `${k}: ${share}`);
  }
});

test('floored to whole days, the mean is about half a day less', () => {
  const days = delayDays({ kind: 'gamma', mean: 30, std: 6 }, 400);
  const mean = grid.reduce((sum, u) => sum + days(u), 0) / grid.length;
  assert.ok(Math.abs(mean - 29.5) < 0.01, String(mean));
});

test('what cannot vary does not', () => {
  for (const u of [0.0001, 0.5, 0.9999]) {
    assert.equal(delayDays({ kind: 'none' }, 10)(u), 0);
    assert.equal(delayDays({ kind: 'fixed', days: 12 }, 10)(u), 12);
    assert.equal(delayDays({ kind: 'gamma', mean: 7.9, std: 0 }, 10)(u), 7);
    assert.equal(delayDays({ kind: 'gamma', mean: 0, std: 0 }, 10)(u), 0);
    assert.equal(delayDays({ kind: 'gamma', mean: 1e-300, std: 1e300 }, 10)(u), 0);
    assert.equal(delayDays({ kind: 'gamma', mean: 1e300, std: 1e-300 }, 10)(u), 1e300);
    assert.equal(delayDays({ kind: 'gamma', mean: 1e-300, std: 1e-300 }, 10)(u), 0);
  }
});

test('the horizon cuts a delay off but does not change it', () => {
  const short = delayDays({ kind: 'gamma', mean: 30, std: 20 }, 40);
  const long = delayDays({ kind: 'gamma', mean: 30, std: 20 }, 400);
  for (const u of grid.filter((_, k) => k % 997 === 0))
    assert.equal(short(u), long(u) < 40 ? long(u) : Infinity);
});

test('a share of on time comes on time, and the rest as the gamma has it', () => {
  const rest = delayDays({ kind: 'gamma', mean: 24, std: 21 }, 400);
  const days = delayDays({ kind: 'gamma', mean: 24, std: 21, on_time: 0.15 }, 400);
  for (const k of [0, 10, 60]) {
    const [share, ofRest] = [days, rest].map((of) => grid.filter((u) => of(u) <= k).length / grid.length);
    assert.ok(Math.abs((share ?? 0) - (0.15 + 0.85 * (ofRest ?? 0))) < 2e-5, `${k}: ${share}`);
  }
});
