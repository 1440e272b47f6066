import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cosineOfTurns, exp, expm1, ln, lnGamma } from '../../../shared/forecast/elementary.ts';

/** Within a few last bits of the platform's own function, relative to the larger of the value and `floor`. */
const close = (actual: number, expected: number, tolerance: number, floor = 0): void =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(Math.abs(expected), floor),
    `${actual} is not ${expected}`,
  );

test('logarithm and exponential agree with the platform over their whole range', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) =>
      close(ln(x), Math.log(x), 1e-15, 1),
    ),
  );
  fc.assert(
    fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => close(exp(x), Math.exp(x), 1e-13)),
  );
  fc.assert(
    fc.property(fc.double({ min: -40, max: 1, noNaN: true }), (x) => close(exp(x), Math.exp(x), 1e-14)),
  );
  fc.assert(
    fc.property(fc.double({ min: -0.3, max: 0.3, noNaN: true }), (x) =>
      close(expm1(x), Math.expm1(x), 1e-14),
    ),
  );
});

test('they saturate instead of looping or leaving the line', () => {
  assert.equal(exp(-1e9), 0);
  assert.equal(exp(0), 1);
  assert.equal(expm1(1e300), Infinity);
  assert.equal(expm1(-1e300), -1);
  assert.equal(ln(1), 0);
});

test('cosine goes round by turns', () => {
  fc.assert(
    fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (turns) =>
      close(cosineOfTurns(turns), Math.cos(2 * Math.PI * turns), 1e-13, 1),
    ),
  );
  assert.equal(cosineOfTurns(0), 1);
});

test('log-gamma is the logarithm of the factorial, and of the square root of pi at one half', () => {
  let factorial = 1;
  for (let n = 1; n <= 30; n += 1) {
    close(lnGamma(n), Math.log(factorial), 1e-14, 1);
    factorial *= n;
  }
  close(lnGamma(0.5), Math.log(Math.PI) / 2, 1e-14);
});
