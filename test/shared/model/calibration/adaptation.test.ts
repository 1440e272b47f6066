import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { normalCdf } from '../../../../shared/forecast/probability.ts';
import {
  EXPONENT_MAX,
  EXPONENT_MIN,
  exponentsOn,
  type ResolvedForecast,
} from '../../../../shared/model/calibration/adaptation.ts';
import { octaveOf } from '../../../../shared/model/calibration/profile.ts';
import { NO_EXPONENTS } from '../../../../shared/model/calibration/warp.ts';
import { addDays, type CivilDate } from '../../../../shared/time/civil-date.ts';
import { uniformAt } from '../../backtest/cases.ts';

const FIRST = '2020-01-01' as CivilDate;

/** Forecast k is made on day 29 k and its outcome is known `afterDays` later, at this place of its distribution. */
const resolved = (k: number, place: number, afterDays = 60): ResolvedForecast => ({
  origin: addDays(FIRST, 29 * k),
  leadDays: 60,
  resolvedOn: addDays(FIRST, 29 * k + afterDays),
  octave: octaveOf(60),
  outcomeDays: afterDays,
  before: place,
  by: place,
});
const END = addDays(FIRST, 40_000);

test('without a past the exponents are one', () => {
  assert.deepEqual(exponentsOn([], FIRST), NO_EXPONENTS);
});

test('a miss widens its own octave, a hit narrows it a ninth as much', () => {
  const [, missed] = exponentsOn([resolved(0, 0.01)], END);
  const [other, hit] = exponentsOn([resolved(0, 0.5)], END);
  assert(Math.abs(missed - Math.exp(0.135)) < 1e-12);
  assert(Math.abs(hit - Math.exp(-0.015)) < 1e-12);
  assert.equal(other, 1);
});

test('an outcome counts from the day on which it is known, not before', () => {
  const late = resolved(0, 0.99);
  assert.deepEqual(exponentsOn([late], addDays(late.resolvedOn, -1)), NO_EXPONENTS);
  assert(exponentsOn([late], late.resolvedOn)[1] > 1);
});

test('law: neither order nor what comes later matters', () => {
  const some = fc.array(
    fc.record({
      k: fc.integer({ min: 0, max: 60 }),
      place: fc.double({ min: 0, max: 1, noNaN: true }),
      afterDays: fc.integer({ min: 1, max: 365 }),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(some, fc.integer({ min: 0, max: 2_000 }), (list, day) => {
      const asOf = addDays(FIRST, day);
      const unique = [...new Map(list.map((one) => [one.k, one])).values()];
      const all = unique.map(({ k, place, afterDays }) => resolved(k, place, afterDays));
      const exponents = exponentsOn(all, asOf);
      assert.deepEqual(exponentsOn(all.toReversed(), asOf), exponents);
      assert.deepEqual(
        exponentsOn(
          all.filter(({ resolvedOn }) => resolvedOn <= asOf),
          asOf,
        ),
        exponents,
      );
      for (const exponent of exponents) assert(exponent >= EXPONENT_MIN && exponent <= EXPONENT_MAX);
    }),
  );
});

/** Outcomes of a normal model whose spread is `share` of the true one: the told place of a true standard normal draw. */
const outcomesOf = (share: number, count: number): readonly ResolvedForecast[] =>
  Array.from({ length: count }, (_, k) => {
    const sum = Array.from({ length: 12 }, (_unused, j) => uniformAt(3, 12 * k + j)).reduce(
      (a, b) => a + b,
      -6,
    );
    return resolved(k, normalCdf(sum / share));
  });

for (const [what, share] of [
  ['too narrow', 0.6],
  ['too wide', 1.6],
] as const)
  test(`intervals that are ${what} come to miss one in ten`, () => {
    const all = outcomesOf(share, 600);
    // Where an outcome known at once would raise the exponent, it was a miss.
    const missed = all.slice(200).filter((forecast) => {
      const [, before] = exponentsOn(all, forecast.origin);
      const known = all.filter(({ resolvedOn }) => resolvedOn <= forecast.origin);
      const [, after] = exponentsOn(
        [...known, { ...forecast, resolvedOn: forecast.origin }],
        forecast.origin,
      );
      return after > before;
    });
    const rate = missed.length / 400;
    assert(Math.abs(rate - 0.1) < 0.03, String(rate));
  });
