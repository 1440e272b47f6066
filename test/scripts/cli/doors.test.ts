/** What the verbs that talk to the doors refuse before they talk, and how they say what they were answered. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capstack, folder, server } from './capstack.ts';

const TOKEN = { 'POST /_local/token': [201, { token: 'issued' }] } as const;
const ANSWER = {
  status: 'conflict',
  rows: 2,
  accepted: 1,
  duplicates: 0,
  conflicts: 1,
  conflicting_lines: [3],
  discrepancies: [{ date: '2026-01-02', amount: '-7.00', description: 'RENT' }],
  discrepancy_count: 1,
  opening_balance: { amount: '12.00', date: '2025-12-31', status: 'accepted' },
  not_counted: { rows: 1, from: '2026-01-02', to: '2026-01-02' },
};
const COVERAGE = ['--coverage', '2026-01-01..2026-01-31'];
const IMPORT = ['import', 'a.csv', '--account', 'checking', '--currency', 'usd', ...COVERAGE];

test('a file goes in one request, with a token that may import, and the answer is told', async (context) => {
  const cwd = folder(context, { 'a.csv': 'date,amount\n2026-01-01,1\n2026-01-01,2\n' });
  const api = await server(context, { ...TOKEN, 'POST /v1/imports': [200, ANSWER] });
  const run = await capstack([...IMPORT, '--opening-balance', '12', '--api', api.url], { cwd });
  assert.deepEqual([run.code, run.stderr], [0, '']);
  assert.match(run.stdout, /│ +2 │ +1 │ +0 │ +1 │/);
  assert.match(run.stdout, /Opening balance 12\.00 USD at the end of 2025-12-31: accepted\./);
  assert.match(run.stdout, /which stands until someone looks: 3\./);
  assert.match(run.stdout, /holds 1 rows of these days that this file lacks/);
  assert.match(run.stdout, /2026-01-02 │ -7\.00/);
  assert.match(
    run.stdout,
    /Kept and not counted: 1 row from 2026-01-02 to 2026-01-02, days on which another source/,
  );
  assert.deepEqual(
    api.seen.map(({ body }) => body),
    [
      { tenant: 'demo', scopes: ['import:write'], ttl_seconds: 60 },
      {
        account: 'checking',
        currency: 'USD',
        coverage: {
          from: '2026-01-01',
          to: '2026-01-31',
          partial_days: ['2026-01-01', '2026-01-31'],
        },
        csv: 'date,amount\n2026-01-01,1\n2026-01-01,2\n',
        file_name: 'a.csv',
        opening_balance: '12',
      },
    ],
  );
});

test('what the pipeline refuses is said on one line', async (context) => {
  const cwd = folder(context, { 'a.csv': 'date,amount\n2026-01-01,1\n' });
  const problem = { title: 'Conflict', detail: 'account checking opens already' };
  const api = await server(context, { ...TOKEN, 'POST /v1/imports': [409, problem] });
  const run = await capstack([...IMPORT, '--api', api.url], { cwd });
  assert.deepEqual(run, {
    code: 1,
    stdout: '',
    stderr: 'capstack: POST /v1/imports was answered 409: account checking opens already\n',
  });
});

test('a door that answers otherwise than it should fails the try, delivery by delivery', async (context) => {
  const accepting = { 'POST /v1/webhooks/demo/stripe': [200, { status: 'accepted' }] } as const;
  const api = await server(context, accepting);
  const run = await capstack(['webhooks', 'test', '--source', 'stripe', '--api', api.url, '--json']);
  assert.equal(run.code, 1);
  assert.match(run.stderr, /^capstack: 5 of 6 deliveries were answered otherwise/);
  const { ok, deliveries } = JSON.parse(run.stdout);
  assert.equal(ok, false);
  assert.deepEqual(
    deliveries.map(({ expected, answered }: Record<string, string>) => `${expected}: ${answered}`),
    [
      '200 ignored: 200 accepted',
      '401: 200 accepted',
      '401: 200 accepted',
      '401: 200 accepted',
      '401: 200 accepted',
      '404: 404',
    ],
  );
});

const FILES = {
  'a.csv': 'date,amount\n2026-01-01,1\n2026-01-02,x\n',
  'b.csv': 'date,amount\n2026-02-01,1\n',
};
const REFUSED: readonly [args: readonly string[], stdin: string, says: RegExp][] = [
  [IMPORT, '', /a\.csv: line 3: amount "x" is no plain decimal/],
  [
    ['import', 'b.csv', ...IMPORT.slice(2)],
    '',
    /b\.csv: line 2: 2026-02-01 is outside --coverage 2026-01-01\.\.2026-01-31/,
  ],
  [['import', 'none.csv', ...IMPORT.slice(2)], '', /cannot read none\.csv/],
  [['import', 'a.csv', '--currency', 'USD', ...COVERAGE], '', /required option '--account <name>'/],
  [[...IMPORT.slice(0, 6), '--coverage', '2026-01-31..2026-01-01'], '', /write the first and the last day/],
  [[...IMPORT.slice(0, 6), '--coverage', '2026-01-01'], '', /write the first and the last day/],
  [
    ['import', '-', ...IMPORT.slice(2), '--opening-balance', '1,000'],
    FILES['b.csv'].replace('-02-', '-01-'),
    /--opening-balance "1,000" is no amount/,
  ],
  [
    ['webhooks', 'test', '--source', 'plaid'],
    '',
    /Allowed choices are stripe, chargebee, gusto, generic, payroll, aws-budgets, all/,
  ],
  [['webhooks', 'test', '--api', 'https://example.com'], '', /has secrets of its own/],
  [['webhooks', 'test', '--secret', 'x'], '', /--secret is of one source/],
  [['webhooks', 'test', '--api', 'http://127.0.0.1:9'], '', /nothing answers at http:\/\/127\.0\.0\.1:9/],
  ...['local-secret', 'local:local', 'whsec_local', 'whsec_local_acme'].map(
    (known): (typeof REFUSED)[number] => [
      ['secrets', 'put', '--stage', 'prod', '--tenant', 'acme', '--source', 'gusto'],
      known,
      /everybody knows it: take another/,
    ],
  ),
  ...['gcp', 'mixpanel', 'postgres', 'posthog'].map((source): (typeof REFUSED)[number] => [
    ['secrets', 'put', '--stage', 'prod', '--tenant', 'acme', '--source', source, '--credential', 'key'],
    'local-secret',
    /everybody knows it: take another/,
  ]),
  [['secrets', 'put', '--tenant', 'demo'], 's', /required option '--source <name>'/],
  [['secrets', 'put', '--tenant', 'De mo', '--source', 'stripe'], 's', /write a tenant in a-z/],
  [['secrets', 'put', '--tenant', 'demo', '--source', 'nobody'], 's', /Allowed choices are stripe/],
  [
    ['secrets', 'put', '--tenant', 'demo', '--source', 'stripe', '--api', 'https://example.com'],
    's',
    /is a deployment: name its --stage/,
  ],
];
for (const [args, stdin, says] of REFUSED)
  test(`refused on one line: ${args.join(' ')}`, async (context) => {
    const run = await capstack(args, { stdin, cwd: folder(context, FILES) });
    assert.equal(run.code, 1);
    assert.equal(run.stdout, '');
    assert.match(run.stderr, /^capstack: [^\n]+\n$/);
    assert.match(run.stderr, says);
  });

test('an empty secret, or one of two lines, is no secret', async (context) => {
  const facts = {
    stage: 'local',
    endpoint: 'http://127.0.0.1:9',
    region: 'us-east-1',
    operator: { id: 'a', secret: 'b' },
  };
  const api = await server(context, { 'GET /_local/run': [200, facts] });
  for (const [stdin, says] of [
    ['\n', /the secret is empty/],
    ['one\ntwo\n', /more than one line/],
    ['x'.repeat(4_097), /longer than 4096 bytes/],
  ] as const) {
    const run = await capstack(
      ['secrets', 'put', '--tenant', 'demo', '--source', 'stripe', '--api', api.url],
      { stdin },
    );
    assert.equal(run.code, 1);
    assert.match(run.stderr, says);
  }
});
