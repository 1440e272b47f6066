/** What the engine answered when this was written. A change here is a new `ENGINE_VERSION`, never a mere update of numbers. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { simulate } from '../../../shared/forecast/simulate.ts';
import type { SimulationInput } from '../../../shared/forecast/simulation.ts';
import { ENGINE_VERSION } from '../../../shared/forecast/version.ts';

const input = (residual: SimulationInput['residual']): SimulationInput => ({
  horizonDays: 200,
  paths: 500,
  seed: 42,
  openingCash: 100_000,
  scheduled: new Float64Array(200).fill(-10),
  residual,
  level: { std: 50, df: 5 },
  jitters: [{ day: 30, std: 500 }],
  tranches: [{ day: 60, amount: 50_000, probability: 0.6, delay: { kind: 'gamma', mean: 20, std: 15 } }],
});

const digest = (residual: SimulationInput['residual']): string => {
  const { depletions, lowestCash, lowestCashDay } = simulate(input(residual));
  const hash = createHash('sha256');
  for (const array of [depletions, lowestCash, lowestCashDay])
    hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return hash.digest('hex').slice(0, 16);
};

test('equal input gives the bytes it always gave', () => {
  assert.equal(ENGINE_VERSION, 'paths-2');
  assert.deepEqual(
    {
      normal: digest({ kind: 'normal', dailyMean: -800, dailyStd: 900 }),
      student: digest({ kind: 'student_t', dailyMean: -800, dailyStd: 900, df: 3.5 }),
      bootstrap: digest({ kind: 'bootstrap', values: Float64Array.of(-2000, 300, -500.5, -900), block: 7 }),
    },
    { normal: '8c7cd67c8300c4ae', student: '7ecd36531dae1b52', bootstrap: '1d34546c6b52f782' },
  );
});
