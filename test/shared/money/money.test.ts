import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Currency, currency } from '../../../shared/money/currency.ts';
import { decimalOf, minorOf } from '../../../shared/money/money.ts';

const code = (text: string): Currency => {
  const known = currency(text);
  assert.ok(known, `${text} is a currency`);
  return known;
};

test('a decimal string becomes minor units by the exponent of its currency', () => {
  assert.equal(minorOf('12.34', code('USD')), 1234n);
  assert.equal(minorOf('-0.01', code('usd')), -1n);
  assert.equal(minorOf('500', code('JPY')), 500n);
  assert.equal(minorOf('1.234', code('KWD')), 1234n);
  assert.equal(minorOf('100.0', code('USD')), 10000n);
});

test('a finer decimal is refused however large the amount', () => {
  assert.equal(minorOf('123456789012345678.123', code('USD')), undefined);
  assert.equal(minorOf('100000000000000000.0000001', code('USD')), undefined);
  assert.equal(minorOf('-123456789012345678.120', code('USD')), -12345678901234567812n);
});

test('what is no plain decimal, or finer than the currency, is refused', () => {
  for (const bad of [
    '1,234',
    'NaN',
    'Infinity',
    '1e5',
    '',
    ' 1',
    '1.',
    '.5',
    '+1',
    '0x10',
    '12.345',
    '1234567890123456789',
  ])
    assert.equal(minorOf(bad, code('USD')), undefined, bad);
  assert.equal(minorOf('1.5', code('JPY')), undefined);
});

test('minor units and their decimal string are the same number, at any size', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
      fc.constantFrom('USD', 'JPY', 'KWD'),
      (minor, name) => {
        const unit = code(name);
        assert.equal(minorOf(decimalOf(minor, unit), unit), minor);
      },
    ),
  );
});

test('codes that ISO 4217 does not have are no currencies', () => {
  for (const bad of ['US', 'XXY', 'DOLLAR', '', '123']) assert.equal(currency(bad), undefined, bad);
});
