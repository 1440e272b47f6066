import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldDay } from '../../../shared/aggregate/day.ts';
import { foldMonth } from '../../../shared/aggregate/month.ts';
import { cashFact, day, factRow, reversalOf } from '../../support/rows.ts';

const dayWith = (date: string, key: string) =>
  foldDay(day(date), 0, [factRow(cashFact({ key, date: day(date) }))]);

test('a day whose every fact was corrected into another is not where the month begins', () => {
  const told = factRow(cashFact({ key: 'a', date: day('2026-01-03') }));
  const emptied = foldDay(day('2026-01-03'), 0, [told, reversalOf(told)]);
  const corrected = dayWith('2026-01-20', 'b');
  assert.equal(foldMonth('2026-01', [corrected]).firstDate, '2026-01-20');
  assert.equal(foldMonth('2026-01', [emptied, corrected]).firstDate, '2026-01-20');
  assert.equal(foldMonth('2026-01', [emptied]).firstDate, undefined);
});

test('a month counts the rows of its emptied days too, for they are what it was read from', () => {
  const told = factRow(cashFact({ key: 'a', date: day('2026-01-03') }));
  const emptied = foldDay(day('2026-01-03'), 0, [told, reversalOf(told)]);
  assert.equal(foldMonth('2026-01', [emptied, dayWith('2026-01-20', 'b')]).rows, 3);
});

test('the order in which days are read changes nothing', () => {
  const days = ['2026-01-03', '2026-01-04', '2026-01-20'].map((date, index) => dayWith(date, `k${index}`));
  fc.assert(
    fc.property(fc.shuffledSubarray(days, { minLength: days.length }), (shuffled) => {
      assert.deepEqual(foldMonth('2026-01', shuffled), foldMonth('2026-01', days));
    }),
  );
});

test('a month without days is a mistake of the caller', () => {
  assert.throws(() => foldMonth('2026-01', []), /no days/);
});

test('what an opening balance opens begins on the day after, in the next month too', () => {
  const opening = foldDay(day('2026-01-31'), 0, [
    factRow(
      cashFact({
        key: 'o',
        date: day('2026-01-31'),
        lines: [{ category: 'opening_balance', amountMinor: 5n }],
      }),
    ),
  ]);
  assert.equal(foldMonth('2026-01', [opening]).firstDate, '2026-02-01');
  assert.equal(foldMonth('2026-01', [opening, dayWith('2026-01-31', 'b')]).firstDate, '2026-01-31');
  assert.equal(foldMonth('2026-01', [dayWith('2026-01-30', 'b'), opening]).firstDate, '2026-01-30');
});
