import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { packNames, rowNames, sawAll, unpackNames } from '../../../shared/aggregate/reading.ts';
import { cashFact, factRow, reversalOf } from '../../support/rows.ts';

const rowsOf = (keys: readonly string[]) => keys.map((key) => factRow(cashFact({ key })));
const keys = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 12 });

test('a reading saw all of another exactly when its rows hold the rows of the other', () => {
  fc.assert(
    fc.property(keys, keys, (mine, others) => {
      const holds = others.every((key) => mine.includes(key));
      assert.equal(sawAll(rowNames(rowsOf(mine)), rowNames(rowsOf(others))), holds);
    }),
  );
});

test('a reversal is a row of its own, and every revision too', () => {
  const row = factRow(cashFact({ key: 'a' }));
  assert.equal(new Set(rowNames([row, reversalOf(row), factRow(cashFact({ key: 'a' }), 2)])).size, 3);
});

test('the order of rows is no part of their names, and packing loses nothing', () => {
  fc.assert(
    fc.property(keys, (some) => {
      const names = rowNames(rowsOf(some));
      assert.deepEqual(rowNames(rowsOf([...some].reverse())), names);
      assert.deepEqual(unpackNames(packNames(names)), names);
    }),
  );
});
