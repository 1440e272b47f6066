import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addBusinessDays, isWithinBusinessDays } from '../../../shared/time/business-days.ts';
import { addDays, weekday } from '../../../shared/time/civil-date.ts';
import { day } from '../../support/rows.ts';

test('business days leave weekends out, forwards and backwards', () => {
  assert.equal(addBusinessDays(day('2026-02-13'), 1), '2026-02-16');
  assert.equal(addBusinessDays(day('2026-02-14'), 1), '2026-02-16');
  assert.equal(addBusinessDays(day('2026-02-16'), -1), '2026-02-13');
  assert.equal(addBusinessDays(day('2026-02-16'), 5), '2026-02-23');
  assert.equal(addBusinessDays(day('2026-02-16'), 0), '2026-02-16');
});

const anyDay = fc.integer({ min: -20_000, max: 40_000 }).map((offset) => addDays(day('1970-01-01'), offset));

test('as many business days lie between as were added, and the last is one', () => {
  fc.assert(
    fc.property(anyDay, fc.integer({ min: 1, max: 30 }), (from, count) => {
      const to = addBusinessDays(from, count);
      assert.ok(weekday(to) <= 5);
      let passed = 0;
      for (let at = addDays(from, 1); at <= to; at = addDays(at, 1)) if (weekday(at) <= 5) passed += 1;
      assert.equal(passed, count);
    }),
  );
});

test('two days are as near whichever comes first', () => {
  fc.assert(
    fc.property(anyDay, fc.integer({ min: -9, max: 9 }), (one, gap) => {
      const other = addDays(one, gap);
      assert.equal(isWithinBusinessDays(one, other, 3), isWithinBusinessDays(other, one, 3));
      if (Math.abs(gap) <= 3) assert.ok(isWithinBusinessDays(one, other, 3));
    }),
  );
  assert.ok(isWithinBusinessDays(day('2026-02-13'), day('2026-02-18'), 3));
  assert.ok(!isWithinBusinessDays(day('2026-02-13'), day('2026-02-19'), 3));
});
