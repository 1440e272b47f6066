import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seenRows } from '../../../../shared/providers/mixpanel/seen-rows.ts';

test('a row is new once, as in a set of texts', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 200 }), (rows) => {
      const seen = seenRows(1_000);
      const known = new Set<string>();
      for (const row of rows) {
        assert.equal(seen.note(row), known.has(row) ? 'seen' : 'new');
        known.add(row);
      }
    }),
  );
});

test('it grows and forgets nothing', () => {
  const seen = seenRows(100_000);
  for (let index = 0; index < 30_000; index++) assert.equal(seen.note(`row ${index}`), 'new');
  for (let index = 0; index < 30_000; index++) assert.equal(seen.note(`row ${index}`), 'seen');
});

test('one too many is refused, and those before are still known', () => {
  const seen = seenRows(2);
  assert.deepEqual(['a', 'b', 'c', 'a'].map(seen.note), ['new', 'new', 'full', 'seen']);
});
