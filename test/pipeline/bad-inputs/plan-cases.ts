/** Plan items that are wrong. */
import type { Request } from './door.ts';
import { bad, members, NOT_A_DATE, NOT_MONEY, NOT_TEXT } from './request-cases.ts';

const NO_OBJECT = /must be a JSON object|must be \\"scheduled\\"|is missing/;
const PLAN = '/v1/plan';
export const scheduled = { kind: 'scheduled', date: '2030-01-01', amount: '-100.00' };
export const weekly = { kind: 'recurring', every: 'weekly', weekday: 1, amount: '-100.00' };
export const tranche = { kind: 'tranche', date: '2030-01-01', amount: '100.00', probability: 0.5 };
const credit = { kind: 'credit', remaining: '100', expires_on: '2030-01-01', daily_gross_cost: '1' };

export const PLAN_ITEMS: readonly Request[] = [
  ...[
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '7',
    '{}',
    '[{"kind":"scheduled"}]',
    `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  ].map((body, index) => bad(`body ${index} ${body.slice(0, 20)}`, 'POST', PLAN, body, NO_OBJECT)),
  ...members('POST', PLAN, scheduled, {
    kind: [undefined, null, 'Scheduled', 'constructor', '__proto__', 7],
    id: [null, 7, '', 'a b', '../x', '-x', 'a#b', 'x'.repeat(65), '\ud800', '__proto__'],
    date: NOT_A_DATE,
    amount: NOT_MONEY,
    label: NOT_TEXT,
    probability: [1],
    toString: ['x'],
  }),
  bad(
    'a prototype',
    'POST',
    PLAN,
    JSON.stringify(scheduled).replace('{', '{"__proto__":{},'),
    '__proto__ is not a known key',
  ),
  ...members('POST', PLAN, weekly, {
    every: [undefined, 'daily', null, '__proto__', 'constructor'],
    weekday: [undefined, 0, 8, 1.5, '1', null],
    jitter_std: ['-1', 5, 'NaN'],
    business_day: ['following', null],
    holidays: [
      {},
      'x',
      [7],
      ['2026-02-30'],
      Array.from({ length: 1_001 }, () => '2026-12-25'),
      Array.from({ length: 100_000 }, () => 1),
    ],
    day: [1],
  }),
  ...members(
    'POST',
    PLAN,
    { ...weekly, weekday: undefined, every: 'semi-monthly' },
    { days: [undefined, [15], [15, 15], [0, 15], [15, 32], [1.5, 2], ['1', '2'], 15] },
  ),
  ...members(
    'POST',
    PLAN,
    { ...weekly, weekday: undefined, every: 'monthly' },
    { day: [undefined, 0, 32, -2, 1.5] },
  ),
  ...members(
    'POST',
    PLAN,
    { ...weekly, weekday: undefined, every: 'quarterly', day: 1 },
    { month: [undefined, 0, 4] },
  ),
  ...members(
    'POST',
    PLAN,
    { ...weekly, weekday: undefined, every: 'yearly', day: 1, month: 4 },
    { month: [null, -1, 13], renewal_probability: [-0.1, 1.1, '0.5', null, {}] },
  ),
  ...members('POST', PLAN, weekly, { renewal_probability: [0.5, 1] }),
  ...members('POST', PLAN, { ...weekly, weekday: undefined, every: 'biweekly' }, { anchor: NOT_A_DATE }),
  ...members('POST', PLAN, tranche, {
    probability: [undefined, -0.1, 1.1, '0.5', null],
    amount: ['-1', 1],
    delay_days: [
      {},
      null,
      7,
      { kind: 'fixed' },
      { kind: 'fixed', days: -1 },
      { kind: 'fixed', days: 0.5 },
      { kind: 'gamma', mean: 0, std: 1 },
      { kind: 'gamma', mean: -1, std: 1 },
      { kind: 'constructor' },
      { kind: 'none', days: 1 },
    ],
  }),
  bad(
    'probability 1e309',
    'POST',
    PLAN,
    JSON.stringify(tranche).replace('0.5', '1e309'),
    'probability must be',
  ),
  ...members('POST', PLAN, credit, {
    remaining: ['-1', 100],
    expires_on: NOT_A_DATE,
    daily_gross_cost: ['-1', null],
  }),
  ...[
    '%E0%A4%A',
    '%25E0%25A4',
    'x'.repeat(3_000),
    '%00',
    '__proto__',
    'constructor',
    '..%2f..',
    'plan%3Ax',
    '%F0%9F%98%80'.repeat(400),
  ].map((id) =>
    bad(
      `id ${id.slice(0, 12)}`,
      'DELETE',
      `${PLAN}/${id}`,
      '',
      /"status":404,"detail":"the plan has no item .*GET \/v1\/plan lists them"/,
      404,
    ),
  ),
];
