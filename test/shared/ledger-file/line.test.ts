import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amountCell, currencyCell, dateCell } from '../../../shared/ledger-file/line.ts';
import { currency } from '../../../shared/money/currency.ts';

const JPY = currency('JPY');
const USD = currency('USD');
assert(JPY !== undefined && USD !== undefined);

test('amounts take the decimals of their currency', () => {
  assert.deepEqual(amountCell('-12.340', USD), { value: -1234n });
  assert.deepEqual(amountCell('500', JPY), { value: 500n });
  assert.deepEqual(amountCell('500.5', JPY), {
    problem: 'amount "500.5" has more decimals than JPY (0): round it in the source',
  });
});

for (const text of ['+5', '(5.00)', '$5', '5-', '1e3', '5,00', '.5', '5.', 'Infinity', '١٢', '--5'])
  test(`no plain decimal: ${text}`, () => {
    assert.match(JSON.stringify(amountCell(text, USD)), /is no plain decimal/);
  });

test('a cell too long to repeat is cut', () => {
  assert.equal(JSON.stringify(amountCell('x'.repeat(5_000), USD)).length < 200, true);
});

for (const text of ['31/01/2026', '2026-1-31', '20260131', '2025-02-29', 'today'])
  test(`no calendar day: ${text}`, () => {
    assert.match(JSON.stringify(dateCell(text)), /is no calendar day: write YYYY-MM-DD/);
  });

test('a currency is known in any case', () => {
  assert.deepEqual(currencyCell('usd'), { value: USD });
});
