import assert from 'node:assert/strict';
import { test } from 'node:test';
import { locateColumns, parseColumnNames } from '../../../shared/ledger-file/columns.ts';

test('pairs of names', () => {
  assert.deepEqual(parseColumnNames('date=Posted on, amount=Value'), { date: 'Posted on', amount: 'Value' });
});

for (const [text, problem] of [
  ['date', '"date" names no column: write date=Posted,amount=Value'],
  ['date=', '"date=" names no column: write date=Posted,amount=Value'],
  [
    'when=Posted',
    '"when" is no ledger column: use date, amount, currency, category, description, id, account',
  ],
  ['date=a,date=b', 'column date is named twice'],
] as const)
  test(`refused: ${text}`, () => assert.deepEqual(parseColumnNames(text), { problem }));

test('an optional column that was named must be there', () => {
  assert.deepEqual(locateColumns(['date', 'amount'], { category: 'Kind' }), {
    problem: 'no column "Kind" among "date", "amount": add it, or say which column it is (Kind=...)',
  });
});

test('columns nobody reads may repeat', () => {
  assert.deepEqual(locateColumns(['note', 'date', 'note', 'amount', '', ''], {}), { date: 1, amount: 3 });
});
