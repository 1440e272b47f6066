import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Currency, exponentOf } from '../../../shared/money/currency.ts';
import { decimalOf } from '../../../shared/money/money.ts';
import {
  compactMoneyText,
  dateText,
  durationText,
  fitted,
  isNegative,
  moneyText,
  percentText,
  shortDateText,
  standardErrorText,
  textEms,
  timesText,
} from '../../../shared/page/words.ts';

const currencies = fc
  .constantFrom('USD', 'EUR', 'JPY', 'KWD', 'CHF', 'ISK', 'IQD')
  .map((code) => code as Currency);
const minor = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });

test('an amount keeps every digit, its decimals and its sign', () => {
  fc.assert(
    fc.property(minor, currencies, (amountMinor, currency) => {
      const text = moneyText(decimalOf(amountMinor, currency), currency);
      assert.equal(BigInt(text.replace(/\D/g, '')), amountMinor < 0n ? -amountMinor : amountMinor);
      assert.equal(text.includes('\u2212'), amountMinor < 0n);
      assert.equal(/\.(\d+)$/.exec(text)?.[1]?.length ?? 0, exponentOf(currency));
    }),
  );
});

test('an amount without decimals gets its currency’s', () => {
  assert.equal(moneyText('1500000', 'USD', 'exceptZero'), '+$1,500,000.00');
  assert.equal(moneyText('-98000', 'USD', 'exceptZero'), '\u2212$98,000.00');
  assert.equal(moneyText('12.5', 'KWD').replace(/\s/, ' '), 'KWD 12.500');
  assert.equal(moneyText('240000000', 'JPY'), '¥240,000,000');
});

test('multiples are exact', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), currencies, (amountMinor, currency) => {
      const times = timesText(decimalOf(amountMinor, currency), 30n, currency);
      assert.equal(times, decimalOf(amountMinor * 30n, currency));
    }),
  );
});

test('ticks are short', () => {
  assert.equal(compactMoneyText(2_500_000, 'USD'), '$2.5M');
  assert.equal(compactMoneyText(-500_000, 'USD'), '\u2212$500K');
  assert.equal(compactMoneyText(0.02, 'USD'), '$0.02');
  assert.equal(compactMoneyText(0, 'JPY'), '¥0');
});

test('a share is 0 % or 100 % only where the model says so', () => {
  assert.equal(percentText(1), '100%');
  assert.equal(percentText(0), '0%');
  assert.equal(percentText(0.99999), '>99.99%');
  assert.equal(percentText(0.00001), '<0.01%');
  assert.equal(percentText(0.1837), '18.37%');
  assert.equal(percentText(0.5), '50%');
  assert.equal(percentText(0.029), '2.9%');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9999 }), (count) => {
      assert.equal(Number(percentText(count / 10_000).replace('%', '')), count / 100);
    }),
  );
});

test('an age is told in the largest unit that fits', () => {
  assert.equal(durationText(-5), 'less than a minute');
  assert.equal(durationText(59.9), 'less than a minute');
  assert.equal(durationText(60), '1\u00a0minute');
  assert.equal(durationText(7199), '1\u00a0hour');
  assert.equal(durationText(86_400 * 3 + 5), '3\u00a0days');
  assert.equal(durationText(Number.NaN), 'an unknown time');
});

test('a small standard error is not none', () => {
  assert.equal(standardErrorText(0.02), 'under 0.1');
  assert.equal(standardErrorText(0), '0');
  assert.equal(standardErrorText(0.31), '0.3');
});

test('dates name their month', () => {
  assert.equal(dateText('2027-05-04'), '4\u00a0May\u00a02027');
  assert.equal(shortDateText('2026-12-31'), '31\u00a0Dec\u00a02026');
});

test('negative zero is not negative', () => {
  assert.equal(isNegative('-0.00'), false);
  assert.equal(isNegative('-0.01'), true);
});

test('a text that is cut fits, whole characters at a time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 40 }), (text, ems) => {
      const cut = fitted(text, ems);
      assert(textEms(cut) <= ems);
      assert(cut === text || (cut.endsWith('\u2026') && text.startsWith(cut.slice(0, -1))));
      assert(cut.isWellFormed());
    }),
    { numRuns: 1000, examples: [['\u1200    \u1200!  ', 6]] },
  );
});
