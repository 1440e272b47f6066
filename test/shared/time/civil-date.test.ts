import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addDays,
  type CivilDate,
  civilDate,
  civilDateIn,
  daysBetween,
  daysInMonth,
  weekday,
} from '../../../shared/time/civil-date.ts';
import { instantMs } from '../../../shared/time/instant.ts';

const date = (text: string): CivilDate => {
  const parsed = civilDate(text);
  assert.ok(parsed, `${text} is a date`);
  return parsed;
};

test('only real days in ISO form are civil dates', () => {
  for (const good of ['2024-02-29', '2026-12-31', '1969-07-20']) assert.equal(civilDate(good), good);
  for (const bad of [
    '2026-02-29',
    '2026-13-01',
    '2026-1-1',
    '20260101',
    '2026-01-01T00:00:00Z',
    '',
    '2026-04-31',
  ])
    assert.equal(civilDate(bad), undefined, bad);
});

test('adding days and counting them agree over four centuries', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -80_000, max: 80_000 }),
      fc.integer({ min: -80_000, max: 80_000 }),
      (start, days) => {
        const from = addDays(date('1970-01-01'), start);
        assert.equal(daysBetween(from, addDays(from, days)), days);
      },
    ),
  );
});

test('weekdays are ISO weekdays', () => {
  assert.equal(weekday(date('2026-11-21')), 6);
  assert.equal(weekday(date('1970-01-01')), 4);
  assert.equal(weekday(date('1969-12-28')), 7);
});

test('months have the days they have', () => {
  assert.deepEqual(
    [daysInMonth(2024, 2), daysInMonth(2026, 2), daysInMonth(2100, 2), daysInMonth(2026, 12)],
    [29, 28, 28, 31],
  );
});

test('24 an instant is a different day in different zones, also on days of 23 and 25 hours', () => {
  const at = Date.parse('2026-03-08T04:59:00Z');
  assert.equal(civilDateIn('America/New_York', at), '2026-03-07');
  assert.equal(civilDateIn('UTC', at), '2026-03-08');
  assert.equal(civilDateIn('America/New_York', Date.parse('2026-03-09T03:59:59Z')), '2026-03-08');
  assert.equal(civilDateIn('America/New_York', Date.parse('2026-11-02T04:59:59Z')), '2026-11-01');
});

test('an instant needs a zone; a naive date-time is none', () => {
  assert.equal(instantMs('2026-01-31T10:00:00Z'), Date.UTC(2026, 0, 31, 10));
  assert.equal(instantMs('2026-01-31T10:00:00.250+02:00'), Date.UTC(2026, 0, 31, 8, 0, 0, 250));
  for (const bad of ['2026-01-31T10:00:00', '2026-01-31', 'yesterday', '2026-01-31T25:00:00Z'])
    assert.equal(instantMs(bad), undefined, bad);
});
