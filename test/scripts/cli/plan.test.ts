import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capstack, folder, server } from './capstack.ts';

const TOKEN = { 'POST /_local/token': [201, { token: 'issued' }] } as const;

test('a plan item goes from a file to the pipeline, with a token of its own issuer', async (context) => {
  const cwd = folder(context, { 'item.json': '{"kind":"tranche","date":"2027-01-01","amount":"1500000"}' });
  const api = await server(context, { ...TOKEN, 'POST /v1/plan': [201, { id: 'p1' }] });
  const run = await capstack(['plan', 'add', 'item.json', '--api', api.url], { cwd });
  assert.deepEqual(run, { code: 0, stdout: 'p1 is in the plan.\n', stderr: '' });
  assert.deepEqual(api.seen, [
    {
      method: 'POST',
      path: '/_local/token',
      authorization: undefined,
      body: {
        tenant: 'demo',
        scopes: ['runway:read', 'metrics:read', 'plan:write'],
        ttl_seconds: 60,
      },
    },
    {
      method: 'POST',
      path: '/v1/plan',
      authorization: 'Bearer issued',
      body: { kind: 'tranche', date: '2027-01-01', amount: '1500000' },
    },
  ]);
});

test('flags say the same as a file', async (context) => {
  const api = await server(context, { 'POST /v1/plan': [201, { id: 'payroll' }] });
  const tranche = [
    '--kind',
    'tranche',
    '--date',
    '2027-04-01',
    '--amount',
    '1500000',
    '--delay',
    'gamma:24,21',
  ];
  const recurring = [
    '--kind',
    'recurring',
    '--every',
    'semi-monthly',
    '--days',
    '15,-1',
    '--amount',
    '-98000',
  ];
  const yearly = [
    '--kind',
    'recurring',
    '--every',
    'yearly',
    '--month',
    '4',
    '--day',
    '1',
    '--amount',
    '-9000',
  ];
  for (const flags of [
    [...tranche, '--probability', '0.8'],
    [...recurring, '--id', 'payroll', '--business-day', 'previous', '--jitter-std', '500'],
    [...yearly, '--renewal-probability', '1'],
  ]) {
    const run = await capstack(['plan', 'add', ...flags, '--api', api.url, '--token', 'mine', '--json']);
    assert.deepEqual(run, { code: 0, stdout: '{"id":"payroll"}\n', stderr: '' });
  }
  assert.deepEqual(
    api.seen.map(({ authorization, body }) => [authorization, body]),
    [
      [
        'Bearer mine',
        {
          kind: 'tranche',
          date: '2027-04-01',
          amount: '1500000',
          probability: 0.8,
          delay_days: { kind: 'gamma', mean: 24, std: 21 },
        },
      ],
      [
        'Bearer mine',
        {
          kind: 'recurring',
          id: 'payroll',
          amount: '-98000',
          every: 'semi-monthly',
          days: [15, -1],
          jitter_std: '500',
          business_day: 'previous',
        },
      ],
      [
        'Bearer mine',
        {
          kind: 'recurring',
          amount: '-9000',
          every: 'yearly',
          day: 1,
          month: 4,
          renewal_probability: 1,
        },
      ],
    ],
  );
});

test('the plan as a table, and as the answer itself', async (context) => {
  const items = [
    { id: 'p1', kind: 'recurring', every: 'monthly', day: -1, amount: '-98000', label: 'payroll' },
    { id: 'p2', kind: 'tranche', date: '2027-04-01', amount: '1500000', probability: 0.8 },
    { id: 'p3', kind: 'credit', remaining: '92000', expires_on: '2027-03-15', daily_gross_cost: '1100' },
    { id: 'p4', kind: 'recurring', every: 'yearly', month: 4, day: 1, amount: '-9000' },
    { id: 'p5', kind: 'recurring', every: 'yearly', month: 4, day: 1, amount: '-90', renewal_probability: 1 },
  ];
  const api = await server(context, { ...TOKEN, 'GET /v1/plan': [200, { items }] });
  const table = await capstack(['plan', 'list', '--api', api.url]);
  assert.equal(table.code, 0);
  assert.match(table.stdout, /p1 +│ recurring │ monthly, day -1 +│ -98000 +│ +│ payroll/);
  assert.match(table.stdout, /p2 +│ tranche +│ 2027-04-01 +│ 1500000 │ 80 %/);
  assert.match(table.stdout, /p3 +│ credit +│ until 2027-03-15 +│ 92000/);
  assert.match(table.stdout, /p4 +│ recurring │ yearly, month 4, day 1 +│ -9000 +│ 94 %/);
  assert.match(table.stdout, /p5 +│ recurring │ yearly, month 4, day 1 +│ -90 +│ +│/);
  const json = await capstack(['plan', 'list', '--api', api.url, '--json']);
  assert.deepEqual(JSON.parse(json.stdout), { items });
});

test('an item is removed by its id', async (context) => {
  const api = await server(context, { ...TOKEN, 'DELETE /v1/plan/a.b': [200, {}] });
  const run = await capstack(['plan', 'remove', 'a.b', '--api', api.url]);
  assert.deepEqual(run, { code: 0, stdout: 'a.b is no longer in the plan.\n', stderr: '' });
});

test('the token alone, ready for a shell variable', async (context) => {
  const api = await server(context, TOKEN);
  const scopes = ['--scopes', 'admin policy:write'];
  const run = await capstack([
    'token',
    '--tenant',
    'acme',
    ...scopes,
    '--ttl-seconds',
    '9',
    '--api',
    api.url,
  ]);
  assert.deepEqual(run, { code: 0, stdout: 'issued\n', stderr: '' });
  assert.deepEqual(api.seen[0]?.body, { tenant: 'acme', scopes: ['admin', 'policy:write'], ttl_seconds: 9 });
});

test('what the pipeline refuses is said in its own words, on one line', async (context) => {
  const problem = {
    title: 'Bad Request',
    detail: 'date is in the past:\nwrite a later day\namount is missing: add it',
  };
  const api = await server(context, { ...TOKEN, 'POST /v1/plan': [400, problem] });
  const run = await capstack(['plan', 'add', '-', '--api', api.url], { stdin: '{"kind":"tranche"}' });
  assert.deepEqual(run, {
    code: 1,
    stdout: '',
    stderr:
      'capstack: POST /v1/plan was answered 400: date is in the past: write a later day; amount is missing: add it\n',
  });
});

const REFUSED: readonly [args: readonly string[], stdin: string, says: RegExp][] = [
  [
    ['plan', 'list', '--api', 'http://127.0.0.1:9'],
    '',
    /nothing answers at http:\/\/127\.0\.0\.1:9 .*npm start/,
  ],
  [['plan', 'list', '--api', 'https://example.com'], '', /https:\/\/example\.com needs a token/],
  [['plan', 'list', '--api', 'nonsense'], '', /--api "nonsense" is no URL/],
  [['plan', 'add', '-'], '', /- is empty/],
  [['plan', 'add', '-'], '{"kind":', /- is no JSON/],
  [['plan', 'add', '-'], '[]', /needs one JSON object/],
  [['plan', 'add'], '', /the item has no kind/],
  [['plan', 'add', '-', '--kind', 'credit'], '{"kind":"credit"}', /a file or by flags, not both/],
  [['plan', 'add', '--kind', 'tranche', '--delay', 'gamma:3'], '', /--delay "gamma:3": write none/],
  [['plan', 'add', 'absent.json'], '', /cannot read absent\.json: there is no such file/],
  [['plan', 'remove'], '', /missing required argument 'id'/],
  [['token', '--scopes', 'everything'], '', /everything is no scope/],
  [['token', '--ttl-seconds', '0'], '', /whole number from 1 to 86400/],
];
for (const [args, stdin, says] of REFUSED)
  test(`refused on one line: ${args.join(' ')} ${stdin}`, async () => {
    const run = await capstack(args, { stdin });
    assert.equal(run.code, 1);
    assert.equal(run.stdout, '');
    assert.match(run.stderr, /^capstack: [^\n]+\n$/);
    assert.match(run.stderr, says);
  });
