import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromStripe } from '../../../../shared/providers/stripe/exponents.ts';

test("9 Stripe's integers become ISO minor units", () => {
  for (const [amount, code, minor] of [
    [1234, 'usd', 1234n],
    [-1234, 'eur', -1234n],
    [500, 'jpy', 500n],
    [-500, 'krw', -500n],
    // Two decimals on the wire, none in ISO.
    [50_000, 'isk', 500n],
    [50_000, 'ugx', 500n],
    [-100, 'isk', -1n],
    // Three decimals in both.
    [5120, 'kwd', 5120n],
    // None on the wire, two in ISO.
    [7, 'mga', 700n],
    [1_000_000, 'huf', 1_000_000n],
    [0, 'usd', 0n],
  ] as const)
    assert.equal(fromStripe(amount, code)?.amountMinor, minor, `${amount} ${code}`);
});

test('the currency comes back in upper case', () => {
  assert.equal(fromStripe(1, 'usd')?.currency, 'USD');
});

test('9 a fraction of a unit that ISO does not have, and a currency nobody has, are refused', () => {
  assert.equal(fromStripe(50_050, 'isk'), undefined);
  assert.equal(fromStripe(1, 'ugx'), undefined);
  assert.equal(fromStripe(1, 'zzz'), undefined);
  assert.equal(fromStripe(1.5, 'usd'), undefined);
  assert.equal(fromStripe(2 ** 53, 'usd'), undefined);
});
