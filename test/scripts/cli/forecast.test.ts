import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { addDays, civilDate } from '../../../shared/time/civil-date.ts';
import { capstack, folder } from './capstack.ts';

const SCENARIO = {
  as_of: '2026-01-01',
  horizon_days: 200,
  paths: 500,
  currency: 'USD',
  balance: '1000',
  residual: { kind: 'normal', daily_mean: '-10', daily_std: '0' },
};

/** 140 days ending on 2026-06-30, each paying 10.00 under a bank's own headings. */
const ledger = (context: TestContext, headings = 'date,amount'): string => {
  const last = civilDate('2026-06-30');
  assert(last !== undefined);
  const lines = Array.from({ length: 140 }, (_, ago) => `${addDays(last, -ago)},-10.00`);
  return folder(context, { 'bank.csv': `${headings}\r\n${lines.join('\r\n')}\r\n` });
};

test('a scenario file, as JSON', async (context) => {
  const cwd = folder(context, { 'plain.json': JSON.stringify(SCENARIO) });
  const run = await capstack(['forecast', '--scenario', 'plain.json', '--json'], { cwd });
  assert.equal(run.stderr, '');
  assert.equal(run.code, 0);
  const forecast = JSON.parse(run.stdout);
  assert.deepEqual([forecast.status, forecast.p5_days, forecast.p95_days], ['ok', 100, 100]);
  assert.equal(forecast.survival['365'], null);
});

test('a scenario on standard input gives the bytes that the file gives', async (context) => {
  const noisy = JSON.stringify({
    ...SCENARIO,
    residual: { kind: 'student_t', daily_mean: '-10', daily_std: '90', df: 4 },
  });
  const cwd = folder(context, { 'noisy.json': noisy });
  const fromFile = await capstack(['forecast', '--scenario', 'noisy.json', '--json'], { cwd });
  const fromInput = await capstack(['forecast', '--scenario', '-', '--json'], { stdin: noisy });
  assert.equal(fromFile.code, 0);
  assert.equal(fromInput.stdout, fromFile.stdout);
});

test('a scenario for people: days, dates, chances and a sentence', async (context) => {
  const cwd = folder(context, { 'plain.json': JSON.stringify(SCENARIO) });
  const run = await capstack(['forecast', '--scenario', 'plain.json'], { cwd });
  assert.equal(run.code, 0);
  assert.match(run.stdout, /│ p5 +│ 100 +│ 2026-04-11 │ 0\.0 +│ 5 % of the paths are out of cash by then/);
  assert.match(run.stdout, /│ chance +│ +100 % │ +100 % │ +100 % │ +0 % │/);
  assert.match(run.stdout, /Half of the paths are out of cash by 2026-04-11\./);
  assert.doesNotMatch(run.stdout, /null|undefined|NaN|365|999/);
});

const OTHER_STATUSES: readonly [status: string, changes: object, says: RegExp][] = [
  ['out of cash', { balance: '0' }, /Out of cash: the balance is at or below the minimum\./],
  [
    'not burning',
    { residual: { kind: 'normal', daily_mean: '1', daily_std: '0' } },
    /Not burning: .+ beyond 200 days/,
  ],
  ['beyond the horizon', { balance: '9000' }, /Cash lasts beyond 200 days on at least half of the paths\./],
];
for (const [status, changes, says] of OTHER_STATUSES)
  test(`said in words: ${status}`, async () => {
    const stdin = JSON.stringify({ ...SCENARIO, ...changes });
    const run = await capstack(['forecast', '--scenario', '-'], { stdin });
    assert.equal(run.code, 0);
    assert.match(run.stdout, says);
  });

test('a ledger file, as JSON', async (context) => {
  const cwd = ledger(context);
  const run = await capstack(['forecast', '--ledger', 'bank.csv', '--balance', '500', '--json'], { cwd });
  assert.equal(run.stderr, '');
  const forecast = JSON.parse(run.stdout);
  assert.equal(forecast.as_of, '2026-06-30');
  assert.equal(forecast.p50_days, 50);
  assert.ok(forecast.p5_days <= 50 && forecast.p95_days >= 50);
  assert.deepEqual(forecast.cash, { amount: '500.00', currency: 'USD' });
  assert.deepEqual(forecast.reasons, []);
});

test("a ledger with a bank's headings, another currency and every option", async (context) => {
  const cwd = ledger(context, 'Booked,Value');
  const run = await capstack(
    [
      ...['forecast', '--ledger', 'bank.csv', '--columns', 'date=Booked,amount=Value', '--currency', 'eur'],
      ...['--balance', '500', '--minimum-cash', '100', '--as-of', '2026-06-20', '--horizon', '60'],
      ...['--paths', '50', '--seed', '3', '--json'],
    ],
    { cwd },
  );
  assert.equal(run.stderr, '');
  const forecast = JSON.parse(run.stdout);
  assert.deepEqual([forecast.p50_days, forecast.horizon_days, forecast.cash.currency], [40, 60, 'EUR']);
  assert.deepEqual([forecast.model.paths, forecast.model.seed], [50, 3]);
  assert.deepEqual(forecast.reasons, ['10 lines after 2026-06-20 are left out']);
});

test('a ledger too short for a forecast says so, without a number', async () => {
  const run = await capstack(['forecast', '--ledger', '-', '--balance', '500', '--as-of', '2026-01-09'], {
    stdin: 'date,amount\n2026-01-01,-5\n',
  });
  assert.equal(run.code, 0);
  assert.match(run.stdout, /Not enough history for a forecast\./);
  assert.match(run.stdout, /Note: the ledger covers 7 days in whole weeks: a forecast needs 91\./);
  assert.match(run.stdout, /Note: no line in the 8 days before 2026-01-09/);
  assert.doesNotMatch(run.stdout, /p50|null/);
});

test('colour is for terminals', async () => {
  const run = await capstack(['forecast', '--scenario', '-'], { stdin: JSON.stringify(SCENARIO) });
  assert.equal(run.stdout.includes('\u001b'), false);
});

const REFUSED: readonly [args: readonly string[], stdin: string, says: RegExp][] = [
  [[], '', /give --scenario FILE\.json or --ledger FILE\.csv/],
  [['--scenario', 'absent.json'], '', /cannot read absent\.json: there is no such file/],
  [['--scenario', '.'], '', /cannot read \.: it is a folder/],
  [['--scenario', '-'], 'nonsense', /- is no JSON/],
  [['--scenario', '-'], '5', /-: the scenario must be a JSON object/],
  [['--scenario', '-'], '\u001b[2J', /- is no JSON: \P{C}+\n$/u],
  [['--scenario', '-'], '{"as_of":"2026-01-01"}', /-: currency .+ \(and \d+ more\)/],
  [
    ['--scenario', '-', '--ledger', '-'],
    '',
    /'--scenario <file>' cannot be used with option '--ledger <file>'/,
  ],
  [['--scenario', '-', '--minimum-cash', '5'], '{}', /--minimum-cash goes with --ledger/],
  [['--ledger', '-'], 'date,amount\n', /--ledger needs --balance/],
  [
    ['--ledger', '-', '--balance', '1,000'],
    'date,amount\n2026-01-01,1\n',
    /--balance "1,000" is no amount in USD/,
  ],
  [
    ['--ledger', '-', '--balance', '1'],
    'date,amount\n2026-01-01,NaN\n',
    /-: line 2: amount "NaN" is no plain/,
  ],
  [['--ledger', '-', '--balance', '1'], 'date,amount\nx,1\ny,1\n', /line 2: .+ \(and 1 more like this\)/],
  [['--ledger', '-', '--balance', '1', '--as-of', 'today'], '', /write a day as YYYY-MM-DD/],
  [['--ledger', '-', '--balance', '1', '--paths', '0'], '', /whole number from 1 to 200000/],
  [['--ledger', '-', '--balance', '1', '--horizon', '1e3'], '', /whole number from 1 to 1825/],
  [['--ledger', '-', '--balance', '1', '--currency', 'XQZ'], '', /ISO 4217 code such as USD/],
  [['--ledger', '-', '--balance', '1', '--columns', 'when=x'], '', /"when" is no ledger column/],
  [['--frobnicate'], '', /unknown option '--frobnicate'/],
  [['extra'], '', /too many arguments/],
];
for (const [args, stdin, says] of REFUSED)
  test(`refused on one line: forecast ${args.join(' ')}`, async () => {
    const run = await capstack(['forecast', ...args], { stdin });
    assert.equal(run.code, 1);
    assert.equal(run.stdout, '');
    assert.match(run.stderr, /^capstack: [^\n]+\n$/);
    assert.match(run.stderr, says);
  });

for (const args of [[], ['forecast'], ['plan'], ['plan', 'add'], ['token'], ['doctor']])
  test(`help: ${args.join(' ')}`, async () => {
    const run = await capstack([...args, '--help']);
    assert.equal(run.code, 0);
    assert.match(run.stdout, /^Usage: capstack/);
  });

test('an unknown verb is refused on one line', async () => {
  const run = await capstack(['divine']);
  assert.deepEqual([run.code, run.stdout, run.stderr], [1, '', "capstack: unknown command 'divine'\n"]);
});
