/** Scenarios, policy modes and imports that are wrong. */
import type { Request } from './door.ts';
import { bad, label, members, NOT_A_DATE, NOT_MONEY } from './request-cases.ts';

const SCENARIO = '/v1/runway/scenario';
export const scenario = {
  as_of: '2026-01-01',
  horizon_days: 30,
  paths: 100,
  seed: 1,
  currency: 'USD',
  balance: '1000.00',
  minimum_cash: '0',
  residual: { kind: 'normal', daily_mean: '-10', daily_std: '5' },
};
const item = { date: '2026-01-15', amount: '-1' };
const items = (length: number) => Array.from({ length }, () => item);

export const SCENARIOS: readonly Request[] = [
  ...['', '{', 'null', '[]', '"x"', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`].map((body, index) =>
    bad(
      `body ${index} ${body.slice(0, 20)}`,
      'POST',
      SCENARIO,
      body,
      /the body is no JSON|must be a JSON object|is missing/,
    ),
  ),
  ...members('POST', SCENARIO, scenario, {
    as_of: [...NOT_A_DATE, '1899-12-31', '9901-01-01'],
    horizon_days: [0, -1, 1_826, 1.5, '30', null],
    paths: [0, -1, 200_001, 1.5, '100', null],
    seed: [-1, 2 ** 53, 0.5, '1', null],
    currency: [undefined, 'ZZZ', '', 7],
    balance: NOT_MONEY,
    minimum_cash: NOT_MONEY.slice(1),
    residual: [
      ...[undefined, null, {}, 'normal', { kind: 'constructor' }, { kind: '__proto__' }, { kind: 'normal' }],
      ...[
        { ...scenario.residual, daily_std: '-1' },
        { ...scenario.residual, df: 3 },
        { ...scenario.residual, kind: 'student_t' },
      ],
      ...[2, 1, '3', null].map((df) => ({ ...scenario.residual, kind: 'student_t', df })),
      ...[
        { kind: 'bootstrap', values: [], block: 1 },
        { kind: 'bootstrap', values: [1], block: 1 },
        { kind: 'bootstrap', values: ['1'], block: 0 },
      ],
    ],
    scheduled: [{}, null, [null], [{}], [{ ...item, date: '2026-01-01' }], [{ ...item, extra: 1 }]],
    tranches: [
      [{ date: '2025-12-31', amount: '1', probability: 1 }],
      [{ date: '2026-01-15', amount: '-1', probability: 1 }],
    ],
    recurring: [[{}], [{ every: 'weekly', weekday: 8, amount: '1' }]],
    credits: [[{}], [{ remaining: '-1', expires_on: '2026-02-01', daily_gross_cost: '1' }]],
    toString: [1],
  }),
  bad(
    'seed 1e309',
    'POST',
    SCENARIO,
    JSON.stringify(scenario).replace('"seed":1', '"seed":1e309'),
    'seed must be',
  ),
  bad(
    'a prototype',
    'POST',
    SCENARIO,
    JSON.stringify(scenario).replace('{', '{"__proto__":{},'),
    '__proto__ is not a known key',
  ),
  bad(
    '5,001 items',
    'POST',
    SCENARIO,
    { ...scenario, scheduled: items(2_500), recurring: items(2_501) },
    'at most 5000',
  ),
  bad(
    '5,000 wrong items',
    'POST',
    SCENARIO,
    { ...scenario, scheduled: Array.from({ length: 5_000 }, () => ({})) },
    /and \d+ more"/,
  ),
  bad(
    'the most of everything',
    'POST',
    SCENARIO,
    { ...scenario, horizon_days: 1_825, scheduled: items(5_000) },
    /"status":"/,
    200,
  ),
  bad('the most paths', 'POST', SCENARIO, { ...scenario, paths: 200_000 }, /"paths":200000/, 200),
];

const MODE = '/v1/policy/mode';
export const POLICY_MODES: readonly Request[] = [
  ...[
    '',
    '{',
    'null',
    '[]',
    '"plan"',
    '7',
    '{}',
    '{"mode":null}',
    '{"mode":"PLAN"}',
    '{"mode":"plan "}',
    '{"mode":["apply"]}',
    '{"mode":{"toString":"apply"}}',
    '{"mode":1}',
    '{"__proto__":{"mode":"apply"}}',
    '{"mode":"constructor"}',
    '{"Mode":"apply"}',
  ].map((body, index) =>
    bad(`body ${index} ${body}`, 'PUT', MODE, body, 'mode must be one of off, plan, apply'),
  ),
];

const IMPORTS = '/v1/imports';
export const statement = {
  account: 'bank',
  currency: 'USD',
  coverage: { from: '2026-01-01', to: '2026-01-31' },
  csv: 'date,amount\n2026-01-02,-5.00\n',
};
const csv = (rows: string) => `date,amount\n${rows}\n`;
export const IMPORTED: readonly Request[] = [
  ...['', '{', 'null', '[]', '{}', '"x"'].map((body, index) =>
    bad(`body ${index} ${body}`, 'POST', IMPORTS, body, /is no JSON|is missing|is no object/),
  ),
  bad(
    'a prototype',
    'POST',
    IMPORTS,
    JSON.stringify(statement).replace('{', '{"__proto__":{},'),
    '__proto__',
  ),
  ...Object.entries({
    account: [undefined, '', ' bank', 'external', 'stripe_balance', 'x'.repeat(101), 'a\u0000', 7],
    currency: [undefined, 'ZZZ', 7],
    coverage: [
      undefined,
      {},
      { from: '2026-01-31', to: '2026-01-01' },
      { from: '2026-01-01', to: '2026-02-30' },
      { from: '0001-01-01', to: '0001-02-01' },
      { from: '2020-01-01', to: '2026-01-31' },
      { from: '2026-01-01', to: '9999-12-31' },
    ],
    csv: [
      undefined,
      '',
      7,
      'x',
      csv('2026-01-02,1e5'),
      csv('2026-02-30,5'),
      csv('2026-01-02,NaN'),
      csv('2026-01-02,'),
      csv('2026-01-02,5,6'),
      csv('"2026-01-02,5'),
      csv('2025-12-31,5'),
      csv('2026-01-02,5.001'),
      csv('2026-01-02T00:00:00,5'),
    ],
    columns: [{ nothing: 'x' }, { date: 7 }, { date: 'missing' }],
    opening_balance: [5, 'NaN', '1e5', '1.001'],
    extra: [1],
  }).flatMap(([member, values]) =>
    values.map((value, index) =>
      bad(
        `${member} ${index} ${label(value)}`,
        'POST',
        IMPORTS,
        { ...statement, [member]: value },
        /"detail":"[^"]{5,}/,
      ),
    ),
  ),
  bad(
    '2 MB and more',
    'POST',
    IMPORTS,
    { ...statement, csv: 'x'.repeat(2 * 1024 * 1024) },
    /at most 2 MB: split/,
    413,
  ),
  bad(
    '5,001 rows',
    'POST',
    IMPORTS,
    { ...statement, csv: csv('2026-01-02,1\n'.repeat(5_001).trimEnd()) },
    /5001 rows, at most 5000/,
    413,
  ),
];
