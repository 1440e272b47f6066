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

test('a miss widens its own side of its octave, anything else narrows it a nineteenth as much', () => {
  const early = exponentsOn([resolved(0, 0.01)], END);
  const close = (exponent: number, wanted: number): void => assert(Math.abs(exponent - wanted) < 1e-12);
  close(early.low[1], Math.exp(0.1425));
  close(early.high[1], Math.exp(-0.0075));
  const late = exponentsOn([resolved(0, 0.99)], END);
  close(late.low[1], Math.exp(-0.0075));
  close(late.high[1], Math.exp(0.1425));
  const hit = exponentsOn([resolved(0, 0.5)], END);
  assert.deepEqual([hit.low[1], hit.high[1]], [early.high[1], early.high[1]]);
  assert.deepEqual([hit.low[0], hit.high[3]], [1, 1]);
});

test('an outcome counts from the day on which it is known, not before', () => {
  const late = resolved(0, 0.99);
  assert.deepEqual(exponentsOn([late], addDays(late.resolvedOn, -1)), NO_EXPONENTS);
  assert(exponentsOn([late], late.resolvedOn).high[1] > 1);
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
      for (const exponent of [...exponents.low, ...exponents.high])
        assert(exponent >= EXPONENT_MIN && exponent <= EXPONENT_MAX);
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
    // Where an outcome known at once would raise an exponent, it was a miss.
    const missed = all.slice(200).filter((forecast) => {
      const before = exponentsOn(all, forecast.origin);
      const known = all.filter(({ resolvedOn }) => resolvedOn <= forecast.origin);
      const after = exponentsOn([...known, { ...forecast, resolvedOn: forecast.origin }], forecast.origin);
      return after.low[1] > before.low[1] || after.high[1] > before.high[1];
    });
    const rate = missed.length / 400;
    assert(Math.abs(rate - 0.1) < 0.03, String(rate));
  });
