import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketsOfUnit, unitsOf } from '../../../shared/audit/units.ts';
import type { Bucket } from '../../../shared/ledger/bucket.ts';
import { day } from '../../support/rows.ts';

test('a unit is named by what it holds, and its name leads back to its buckets', () => {
  const tenant = 'demo';
  const date = day('2026-01-31');
  const filled: { bucket: Bucket; rowsHash: string }[] = [
    { bucket: { kind: 'day', tenant, date, slice: 1 }, rowsHash: 'b' },
    { bucket: { kind: 'day', tenant, date, slice: 0 }, rowsHash: 'a' },
    { bucket: { kind: 'plan', tenant }, rowsHash: 'p' },
    { bucket: { kind: 'review', tenant }, rowsHash: 'r' },
    { bucket: { kind: 'statements', tenant, subject: 'rate', month: '2026-01' }, rowsHash: 's' },
  ];
  const units = unitsOf(filled);
  assert.deepEqual(
    units.map(({ name }) => name),
    ['day 2026-01-31', 'plan', 'review', 'statements rate 2026-01'],
  );
  for (const { name, buckets } of units) assert.deepEqual(bucketsOfUnit(tenant, 2, name), buckets);
  const later = unitsOf(filled.map((each) => (each.rowsHash === 'b' ? { ...each, rowsHash: 'c' } : each)));
  assert.notEqual(later[0]?.rowsHash, units[0]?.rowsHash);
  assert.throws(() => bucketsOfUnit(tenant, 1, 'year 2026'), /no unit/);
});
