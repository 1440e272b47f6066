import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { distributionOf, quantileOf } from '../../../../shared/backtest/distribution.ts';
import { quantileDay, quantileStandardErrorDays } from '../../../../shared/forecast/quantile.ts';
import { simulate } from '../../../../shared/forecast/simulate.ts';
import { octaveOf, type Profile, profileAt } from '../../../../shared/model/calibration/profile.ts';
import {
  calibrated,
  type Depletions,
  type Exponents,
  lawful,
  NO_EXPONENTS,
  simulatedShare,
  toldShare,
  toldStandardErrorDays,
} from '../../../../shared/model/calibration/warp.ts';

const HORIZON_DAYS = 365;
const NONE = { low: [0, 0, 0, 0], high: [0, 0, 0, 0] } as const;

/** Paths by the day each runs out; a day beyond the horizon is only known to be later. */
const depletionsOf = (days: readonly number[]): Depletions => {
  const depletions = new Uint32Array(HORIZON_DAYS + 1);
  for (const day of days) if (day <= HORIZON_DAYS) depletions[day] = (depletions[day] ?? 0) + 1;
  return { horizonDays: HORIZON_DAYS, paths: days.length, depletions };
};

const told = (
  days: readonly number[],
  constants: { readonly low: Profile; readonly high: Profile },
  exponents: Exponents = NO_EXPONENTS,
) => distributionOf(calibrated(depletionsOf(days), exponents, constants));

const someDays = fc.array(fc.integer({ min: 1, max: 420 }), { minLength: 1, maxLength: 150 });
const profileOf = (value: fc.Arbitrary<number>): fc.Arbitrary<Profile> =>
  fc.tuple(value, value, value, value);
const shift = fc.double({ min: -0.3, max: 2.5, noNaN: true });
const someConstants = fc.record({ low: profileOf(shift), high: profileOf(shift) });
const exponent = fc.double({ min: 0.5, max: 3, noNaN: true });
const someExponents = fc.record({ low: profileOf(exponent), high: profileOf(exponent) });

test('law: constants of zero and exponents of one change nothing', () => {
  fc.assert(
    fc.property(someDays, (days) => {
      const simulated = depletionsOf(days);
      assert.deepEqual(calibrated(simulated, NO_EXPONENTS, NONE), simulated);
    }),
  );
});

test('law: constants only ever widen, and leave the median', () => {
  fc.assert(
    fc.property(someDays, someConstants, (days, constants) => {
      const raw = told(days, NONE);
      const wide = told(days, constants);
      for (const q of [0.01, 0.05, 0.2, 0.49]) assert(quantileOf(wide, q) <= quantileOf(raw, q));
      for (const q of [0.51, 0.8, 0.95, 1]) assert(quantileOf(wide, q) >= quantileOf(raw, q));
      assert.equal(quantileOf(wide, 0.5), quantileOf(raw, 0.5));
    }),
  );
});

test('law: exponents leave the median too', () => {
  fc.assert(
    fc.property(someDays, someConstants, someExponents, (days, constants, exponents) => {
      assert.equal(quantileOf(told(days, constants, exponents), 0.5), quantileOf(told(days, NONE), 0.5));
    }),
  );
});

test('law: a runway that is longer on every path is told no shorter at any probability', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 420 }), fc.integer({ min: 0, max: 60 })), {
        minLength: 1,
        maxLength: 150,
      }),
      someConstants,
      someExponents,
      (days, constants, exponents) => {
        const poor = told(
          days.map(([day]) => day),
          constants,
          exponents,
        );
        const rich = told(
          days.map(([day, more]) => day + more),
          constants,
          exponents,
        );
        rich.cumulative.forEach((share, day) => {
          assert(share <= (poor.cumulative[day] ?? 0), `day ${day}`);
        });
      },
    ),
    { numRuns: 500 },
  );
});

test('law: no path is lost or made, and none runs out today', () => {
  fc.assert(
    fc.property(someDays, someConstants, someExponents, (days, constants, exponents) => {
      const { depletions, paths } = calibrated(depletionsOf(days), exponents, constants);
      assert.equal(depletions[0], 0);
      assert(depletions.reduce((sum, count) => sum + count, 0) <= paths);
    }),
  );
});

test('the constants move p5 and p95 by their own logarithm', () => {
  const days = Array.from({ length: 2_000 }, (_, k) => 20 + Math.floor(k / 10));
  const wide = told(days, { low: [0.1, 0.1, 0.1, 0.1], high: [0.2, 0.2, 0.2, 0.2] });
  const raw = told(days, NONE);
  assert.equal(quantileOf(wide, 0.05), Math.round(quantileOf(raw, 0.05) * Math.exp(-0.1)));
  assert.equal(quantileOf(wide, 0.95), Math.round(quantileOf(raw, 0.95) * Math.exp(0.2)));
});

const evenly = (low: number, high: number): Exponents => ({
  low: [low, low, low, low],
  high: [high, high, high, high],
});

test('each side of the median has its own exponents', () => {
  const days = Array.from({ length: 2_000 }, (_, k) => 50 + Math.floor(k / 10));
  const [raw, lopsided] = [told(days, NONE), told(days, NONE, evenly(2, 0.5))];
  assert(quantileOf(lopsided, 0.05) < quantileOf(raw, 0.05));
  assert(quantileOf(lopsided, 0.95) < quantileOf(raw, 0.95));
  for (const share of [0.01, 0.3, 0.5, 0.9])
    assert(
      Math.abs(simulatedShare(toldShare(share, evenly(2, 0.5), 70), evenly(2, 0.5), 70) - share) < 1e-12,
    );
});

test('an exponent above one widens as far as the simulation reaches, one below narrows', () => {
  const days = Array.from({ length: 2_000 }, (_, k) => 50 + Math.floor(k / 10));
  const [narrow, raw, wide] = [0.5, 1, 3].map((exponent) => told(days, NONE, evenly(exponent, exponent)));
  assert(narrow !== undefined && raw !== undefined && wide !== undefined);
  for (const [outer, inner] of [
    [wide, raw],
    [raw, narrow],
  ] as const) {
    assert(quantileOf(outer, 0.05) < quantileOf(inner, 0.05));
    assert(quantileOf(outer, 0.95) > quantileOf(inner, 0.95));
  }
  assert.equal(quantileOf(wide, 0.05), 50);
});

test('what is widened past the horizon is only known to be later', () => {
  const days = Array.from({ length: 100 }, (_, k) => 260 + k);
  const { depletions } = calibrated(depletionsOf(days), NO_EXPONENTS, {
    low: [0, 0, 0, 0],
    high: [0, 0, 0, 0.2],
  });
  assert(depletions.reduce((sum, count) => sum + count, 0) < 95);
});

test('a standard error grows as its quantile moves, and not by calibration itself', () => {
  const simulated = simulate({
    horizonDays: HORIZON_DAYS,
    paths: 4_000,
    seed: 1,
    openingCash: 120,
    scheduled: new Float64Array(HORIZON_DAYS),
    residual: { kind: 'normal', dailyMean: -1, dailyStd: 2 },
    jitters: [],
    tranches: [],
  });
  const error = (q: number, high: number): number => {
    const constants = { low: [0, 0, 0, 0], high: [high, high, high, high] } as const;
    const told = calibrated(simulated, NO_EXPONENTS, constants);
    return (toldStandardErrorDays(simulated, told, q) ?? Number.NaN) / (quantileDay(told, q) ?? 1);
  };
  for (const q of [0.05, 0.5, 0.95]) {
    const plain = quantileStandardErrorDays(simulated, q) ?? Number.NaN;
    assert(Math.abs(error(q, 0) - plain / (quantileDay(simulated, q) ?? 1)) < 1e-12);
    assert(Math.abs(error(q, 0.2) / error(q, 0) - 1) < 1e-9);
  }
});

test('a profile is its own number in the middle of each octave and steady between', () => {
  const profile = [1, 2, 4, 3] as const;
  const near = (day: number, value: number): void =>
    assert(Math.abs(profileAt(profile, day) - value) < 1e-12, `${day}: ${profileAt(profile, day)}`);
  for (const [day, value] of [
    [1, 1],
    [32, 1],
    [64, 2],
    [128, 4],
    [256, 3],
    [730, 3],
    [Math.sqrt(32 * 64), 1.5],
  ] as const)
    near(day, value);
  assert.deepEqual([1, 44, 45, 89, 90, 179, 180, 999].map(octaveOf), [0, 0, 1, 1, 2, 2, 3, 3]);
});

test('constants that would let days overtake each other are raised, never lowered', () => {
  const steep = { low: [0, 0, 0, 2], high: [2, 0, 0, 0] } as const;
  const { low, high } = lawful(steep);
  assert.deepEqual(
    low.map((value) => value.toFixed(2)),
    ['0.00', '0.62', '1.31', '2.00'],
  );
  assert.deepEqual(
    high.map((value) => value.toFixed(2)),
    ['2.00', '1.31', '0.62', '0.00'],
  );
  const fitted = { low: [0.1, 0.2, 0.3, 0.4], high: [0.3, 0.1, 0, 0] } as const;
  assert.deepEqual(lawful(fitted), fitted);
});
