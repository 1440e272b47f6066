import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import {
  currencyCode,
  date,
  integer,
  money,
  moneyNotNegative,
  probability,
  quantity,
} from '../../../shared/scenario/fields.ts';

test('equal amounts are equal text', () => {
  for (const [written, shortest] of [
    ['0', '0'],
    ['-0.000', '0'],
    ['00012.3400', '12.34'],
    ['-0.50', '-0.5'],
    ['100', '100'],
    ['999999999999999999.999999999999999999', '999999999999999999.999999999999999999'],
  ] as const)
    assert.equal(v.parse(money, written), shortest);
});

test('what is no plain decimal string is refused', () => {
  for (const json of [
    1,
    null,
    '',
    ' 1',
    '1 ',
    '+1',
    '.5',
    '5.',
    '1e3',
    '0x1',
    '1_000',
    'Infinity',
    '1'.repeat(19),
  ])
    assert.ok(!v.is(money, json), String(json));
  assert.ok(v.is(moneyNotNegative, '-0'));
  assert.ok(!v.is(moneyNotNegative, '-0.01'));
});

test('dates are real days, numbers are finite, currencies exist', () => {
  assert.ok(v.is(date, '2028-02-29'));
  for (const text of ['2026-02-29', '2026-2-1', '2026-13-01', '20260101', 20260101])
    assert.ok(!v.is(date, text));
  for (const value of [Number.NaN, Infinity, -1, '1', null]) {
    assert.ok(!v.is(quantity, value));
    assert.ok(!v.is(probability, value));
    assert.ok(!v.is(integer(0, 10), value));
  }
  assert.ok(!v.is(integer(0, 10), 0.5) && !v.is(integer(0, 10), 11) && v.is(integer(0, 10), 10));
  assert.ok(v.is(probability, 1) && !v.is(probability, 1.000001));
  assert.equal(v.parse(currencyCode, 'usd'), 'USD');
  assert.ok(!v.is(currencyCode, 'BTCX'));
});
