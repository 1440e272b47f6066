import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPayday } from '../../../shared/alert/silence.ts';
import { addDays, type CivilDate } from '../../../shared/time/civil-date.ts';

/** The days of some weeks on which it is silent. */
const silent = (from: string, days: number, paydays: readonly number[]): string[] =>
  Array.from({ length: days }, (_, index) => addDays(from as CivilDate, index)).filter((day) =>
    isPayday(day, paydays),
  );

test('from the day on which payroll leaves until the day after', () => {
  assert.deepEqual(silent('2026-01-10', 20, [15]), ['2026-01-15', '2026-01-16']);
});

test('a payday on a weekend leaves on the Friday before', () => {
  assert.deepEqual(silent('2026-11-08', 14, [15]), ['2026-11-13', '2026-11-14', '2026-11-15', '2026-11-16']);
  assert.deepEqual(silent('2026-07-25', 14, [1]), ['2026-07-31', '2026-08-01', '2026-08-02']);
});

test('the last day of the month is -1, or any number past it', () => {
  const days = ['2026-02-27', '2026-02-28', '2026-03-01'];
  assert.deepEqual(silent('2026-02-10', 40, [-1]).slice(0, 3), days);
  assert.deepEqual(silent('2026-02-20', 12, [31]), days);
  assert.deepEqual(silent('2026-12-28', 7, [-1]), ['2026-12-31', '2027-01-01']);
});

test('without paydays there is no silence', () => {
  assert.deepEqual(silent('2026-01-01', 365, []), []);
});
