import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recurringSchema } from '../../../shared/scenario/items.ts';
import { parsedWith } from '../../../shared/scenario/problems.ts';
import { occurrenceDays } from '../../../shared/scenario/recurrence.ts';
import { addDays, type CivilDate } from '../../../shared/time/civil-date.ts';

/** Dates on which the rule falls in the days after `asOf`. */
const dates = (rule: object, asOf: string, horizonDays: number): string[] => {
  const parsed = parsedWith(recurringSchema, { amount: '-1', ...rule });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return occurrenceDays(parsed.value, asOf as CivilDate, horizonDays).map((day) =>
    addDays(asOf as CivilDate, day),
  );
};

const table: readonly [string, object, string, number, readonly string[]][] = [
  [
    'weekly on Friday',
    { every: 'weekly', weekday: 5 },
    '2026-01-01',
    15,
    ['2026-01-02', '2026-01-09', '2026-01-16'],
  ],
  ['weekly on Sunday, today left out', { every: 'weekly', weekday: 7 }, '2026-01-04', 8, ['2026-01-11']],
  [
    'biweekly from an anchor in the past',
    { every: 'biweekly', anchor: '2025-12-26' },
    '2026-01-01',
    30,
    ['2026-01-09', '2026-01-23'],
  ],
  [
    'biweekly from an anchor to come: only its phase counts',
    { every: 'biweekly', anchor: '2026-02-06' },
    '2026-01-01',
    30,
    ['2026-01-09', '2026-01-23'],
  ],
  [
    'biweekly across both changes of the clock',
    { every: 'biweekly', anchor: '2026-03-02' },
    '2026-03-01',
    31,
    ['2026-03-02', '2026-03-16', '2026-03-30'],
  ],
  [
    'semi-monthly on the 15th and the last day',
    { every: 'semi-monthly', days: [15, -1] },
    '2026-01-31',
    59,
    ['2026-02-15', '2026-02-28', '2026-03-15', '2026-03-31'],
  ],
  [
    'two days of a month that meet at its end are two payments',
    { every: 'semi-monthly', days: [30, -1] },
    '2026-01-31',
    28,
    ['2026-02-28', '2026-02-28'],
  ],
  [
    'monthly on the 31st means the last day',
    { every: 'monthly', day: 31 },
    '2026-01-01',
    120,
    ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'],
  ],
  ['monthly on the 29th in a leap year', { every: 'monthly', day: 29 }, '2028-02-01', 28, ['2028-02-29']],
  ['monthly on the last day of a February', { every: 'monthly', day: -1 }, '2027-02-01', 27, ['2027-02-28']],
  [
    'quarterly in the first month of each quarter',
    { every: 'quarterly', month: 1, day: 15 },
    '2026-01-15',
    365,
    ['2026-04-15', '2026-07-15', '2026-10-15', '2027-01-15'],
  ],
  [
    'quarterly in the third month, on its last day',
    { every: 'quarterly', month: 3, day: -1 },
    '2026-01-01',
    200,
    ['2026-03-31', '2026-06-30'],
  ],
  [
    'yearly on February 29 is the 28th in other years',
    { every: 'yearly', month: 2, day: 29 },
    '2027-01-01',
    800,
    ['2027-02-28', '2028-02-29', '2029-02-28'],
  ],
  [
    'the business day before: Saturday to Friday, across a month',
    { every: 'monthly', day: 1, business_day: 'previous' },
    '2026-07-15',
    50,
    ['2026-07-31', '2026-09-01'],
  ],
  [
    'the business day after: Sunday to Monday',
    { every: 'monthly', day: -1, business_day: 'next' },
    '2026-05-15',
    20,
    ['2026-06-01'],
  ],
  [
    'holidays count as days off, in a row with a weekend',
    {
      every: 'monthly',
      day: 28,
      business_day: 'previous',
      holidays: ['2026-12-25', '2026-12-28', '2026-12-24'],
    },
    '2026-12-01',
    31,
    ['2026-12-23'],
  ],
  [
    'holidays are nothing without a rule for business days',
    { every: 'monthly', day: 25, holidays: ['2026-12-25'] },
    '2026-12-01',
    31,
    ['2026-12-25'],
  ],
  [
    'moved onto as_of or before it, an occurrence is gone',
    { every: 'monthly', day: 3, business_day: 'previous' },
    '2026-01-02',
    30,
    [],
  ],
  [
    'moved past as_of from before it, an occurrence counts',
    { every: 'monthly', day: 31, business_day: 'next' },
    '2026-02-01',
    10,
    ['2026-02-02'],
  ],
  [
    'moved into the horizon from after it, an occurrence counts',
    { every: 'monthly', day: 1, business_day: 'previous' },
    '2026-07-15',
    16,
    ['2026-07-31'],
  ],
];

for (const [name, rule, asOf, horizonDays, expected] of table)
  test(name, () => assert.deepEqual(dates(rule, asOf, horizonDays), expected));

test('a month of holidays moves a payment by as much', () => {
  const holidays = Array.from({ length: 31 }, (_, day) => addDays('2026-03-01' as CivilDate, day));
  const rule = { every: 'monthly', day: 2, business_day: 'next', holidays };
  assert.deepEqual(dates(rule, '2026-03-25', 10), ['2026-04-01', '2026-04-02']);
});
