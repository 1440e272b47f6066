import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capstack, folder, server } from './capstack.ts';

const TOKEN = { 'POST /_local/token': [201, { token: 'issued' }] } as const;
const none = { p5_days: null, p50_days: null, p95_days: null };
const days = (p5: number, p50: number, p95: number) => ({ p5_days: p5, p50_days: p50, p95_days: p95 });
const moved = (from: number, to: number, effect: number) => ({
  unit: 'days',
  from,
  to,
  change: to - from,
  note: null,
  drivers: [
    { driver: 'balance', effect, says: 'cash is lower' },
    { driver: 'time', effect: Math.round((to - from - effect) * 10) / 10, says: '1 day went by' },
  ],
});
const beyond = {
  unit: 'survival_at_horizon',
  from: 0.9512,
  to: 0.94,
  change: -0.0112,
  note: 'p95 lies beyond the 730 days looked at',
  drivers: [{ driver: 'balance', effect: -0.0112, says: 'cash is lower' }],
};
const ANSWER = {
  from: { as_of: '2026-11-20', basis: 'kept' },
  to: { as_of: '2026-11-21', basis: 'live' },
  moved: { p5: moved(200, 190, -9.3), p50: moved(300, 290, -9), p95: beyond },
  payments: [
    {
      date: '2026-11-21',
      source: 'generic',
      amount: '-90000.00',
      currency: 'USD',
      counterparty: 'A law firm',
      description: null,
      stream: 'legal',
      key: null,
      effect: { ...days(-9, -9, 0), p95_days: null },
    },
  ],
  diagnosis: {
    runs_out_on: { p5: '2027-05-30', p50: '2027-09-07', p95: null },
    breaking: { date: '2027-09-07', label: 'payroll', amount: '98000.00' },
    start_raising_by: { date: '2026-11-29', method: 'p5 less 182 days', reason: null },
    reasons: ['cloud pays its last on 2027-01-01'],
    sensitivities: {
      cash_step: { amount: '10000.00', currency: 'USD' },
      more_cash: days(1, 1, 2),
      less_cash: days(-1, -1, -2),
      tranches_a_week_later: [{ id: 'a', label: 'Series A', effect: none }],
    },
  },
};

test('explain prints the drivers, the payments and what to do, in the unit that each quantile has', async (context) => {
  const api = await server(context, { ...TOKEN, 'GET /v1/runway/explain?from=2026-11-20': [200, ANSWER] });
  const run = await capstack(['explain', '--from', '2026-11-20', '--api', api.url]);
  assert.deepEqual([run.code, run.stderr], [0, '']);
  assert.match(run.stdout, /^From 2026-11-20 to 2026-11-21, in days:/);
  assert.match(run.stdout, /before +│ +200 +│ +300 +│ +95\.12 %/);
  assert.match(run.stdout, /balance +│ +-9\.3 +│ +-9 +│ +-1\.12 pp/);
  assert.match(run.stdout, /A law firm +│ +-90000\.00 USD +│ +-9 +│ +-9 +│ +│/);
  assert.match(run.stdout, /payroll breaks the bank on 2027-09-07, with about 98000\.00 USD\./);
  assert.match(run.stdout, /Start raising by 2026-11-29 \(p5 less 182 days\)\./);
  assert.match(run.stdout, /Note: p95 lies beyond the 730 days looked at\./);
  assert.match(run.stdout, /Series A a week later/);
});

test('explain without an older forecast says so, and diagnoses', async (context) => {
  const body = { ...ANSWER, from: null, moved: null, payments: [] };
  const api = await server(context, { ...TOKEN, 'GET /v1/runway/explain': [200, body] });
  const run = await capstack(['explain', '--api', api.url]);
  assert.equal(run.code, 0);
  assert.match(run.stdout, /^There is no forecast before 2026-11-21 to compare with\./);
  const machine = await capstack(['explain', '--json', '--api', api.url]);
  assert.deepEqual(JSON.parse(machine.stdout), body);
});

const COMPARED = {
  as_of: '2026-11-21',
  horizon_days: 730,
  baseline: { status: 'ok', ...days(200, 300, 400), reasons: [] },
  changed: { status: 'ok', ...days(180, 270, 400), p95_days: null, reasons: ['a reason'] },
  difference: {
    ...days(-20, -30, 0),
    p95_days: null,
    survival_at_horizon: -0.0123,
    standard_error_days: { p5: 0.42, p50: 0.5, p95: null },
  },
  notes: [],
};

test('whatif sends files, flags, ids and events as one overlay', async (context) => {
  const hire = { kind: 'scheduled', date: '2027-01-01', amount: '-1' };
  const cwd = folder(context, { 'one.json': JSON.stringify(hire), 'two.json': JSON.stringify([hire, hire]) });
  const api = await server(context, { ...TOKEN, 'POST /v1/runway/whatif': [200, COMPARED] });
  const files = ['--add', 'one.json', '--add', 'two.json'];
  const flags = ['--kind', 'tranche', '--date', '2027-04-01', '--amount', '5', '--probability', '0.5'];
  const rest = ['--remove', 'a', '--remove', 'b', '--event', 'expense:40:2026-11-20:legal'];
  const run = await capstack(['whatif', ...files, ...flags, ...rest, '--api', api.url], { cwd });
  assert.deepEqual([run.code, run.stderr], [0, '']);
  assert.deepEqual(api.seen.at(-1)?.body, {
    add: [hire, hire, hire, { kind: 'tranche', date: '2027-04-01', amount: '5', probability: 0.5 }],
    remove: ['a', 'b'],
    events: [
      {
        id: 'what-if-1',
        type: 'expense',
        amount: '40',
        currency: 'USD',
        date: '2026-11-20',
        category: 'legal',
      },
    ],
  });
  assert.match(run.stdout, /p5 +│ +200 +│ +180 +│ +-20 +│ +0\.4/);
  assert.match(run.stdout, /p95 +│ +400 +│ +beyond 730 +│ +│/);
  assert.match(run.stdout, /changes by -1\.23 percentage points\. Nothing was stored\./);
  assert.match(run.stdout, /Note: a reason\./);
});

test('bad input ends with code 1 and one line, before anything is asked', async () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['explain', '--from', 'monday'], /write a day as YYYY-MM-DD/],
    [['whatif'], /nothing is changed: give --add/],
    [['whatif', '--event', 'gift:5'], /write TYPE:AMOUNT/],
    [['whatif', '--event', 'income:5:soon'], /soon is no day/],
    [['whatif', '--add', 'absent.json'], /there is no such file/],
  ];
  for (const [args, complaint] of cases) {
    const run = await capstack([...args, '--api', 'http://127.0.0.1:1']);
    assert.deepEqual([run.code, run.stdout], [1, ''], args.join(' '));
    assert.match(run.stderr, complaint);
    assert.equal(run.stderr.trim().split('\n').length, 1);
  }
});

test('what the pipeline refuses is said on one line', async (context) => {
  const problem = { title: 'Not Found', detail: 'there is no forecast of 2020-01-01' };
  const api = await server(context, {
    ...TOKEN,
    'GET /v1/runway/explain?from=2020-01-01': [404, problem],
  });
  const run = await capstack(['explain', '--from', '2020-01-01', '--api', api.url]);
  assert.deepEqual(
    [run.code, run.stderr],
    [1, 'capstack: GET /v1/runway/explain was answered 404: there is no forecast of 2020-01-01\n'],
  );
});
