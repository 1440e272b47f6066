import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { addDays, civilDate } from '../../../shared/time/civil-date.ts';
import { capstack, folder } from './capstack.ts';

/** 420 days that pay about 10.00 each, with a payday every fortnight and a round raised in the middle. */
const ledger = (context: TestContext): string => {
  const first = civilDate('2023-06-01');
  assert(first !== undefined);
  const lines = Array.from({ length: 420 }, (_, day) => {
    const cents = 900 + ((day * 131) % 200) + (day % 14 === 3 ? 9_000 : 0);
    return `${addDays(first, day)},-${(cents / 100).toFixed(2)},cost`;
  });
  lines.push('2024-01-15,50000.00,Angel round');
  return folder(context, { 'bank.csv': `date,amount,category\n${lines.join('\n')}\n` });
};

const ARGS = ['backtest', 'bank.csv', '--paths', '200', '--balance-days', '30,60'];

test('a backtest as JSON, the same twice', async (context) => {
  const cwd = ledger(context);
  const args = [...ARGS, '--funding', 'angel round', '--json'];
  const [run, again] = [await capstack(args, { cwd }), await capstack(args, { cwd })];
  assert.equal(run.code, 0);
  assert.equal(run.stdout, again.stdout);
  const report = JSON.parse(run.stdout);
  assert.equal(report.origins, 9);
  const skipped = Object.values<number>(report.skipped).reduce((sum, count) => sum + count, 0);
  assert.equal(report.cases + skipped, 9 * 2);
  assert.deepEqual(
    report.summaries.map((summary: { method: string; leadDays: number | string }) => [
      summary.method.split(/,| days/, 1)[0],
      summary.leadDays,
    ]),
    ['capstack', 'before adaptation', 'before calibration', 'i.i.d. normal', 'linear', 'linear'].flatMap(
      (method) => [
        [method, 30],
        [method, 60],
        [method, 'all'],
      ],
    ),
  );
});

test('a backtest for people: the table, what it allows to say, progress apart, the plot', async (context) => {
  const cwd = ledger(context);
  const run = await capstack([...ARGS, '--funding', 'Angel Round', '--svg', 'plot.svg'], { cwd });
  assert.equal(run.code, 0);
  assert.match(run.stdout, /9 origins, \d+ forecasts of each method/);
  assert.match(run.stdout, /│ capstack +│ +30 │/);
  assert.match(run.stdout, /They overlap and come from 2 ledger-years: too few to judge by\./);
  assert.match(run.stdout, /fell \d+\.\d % from evenly over its stated probabilities/);
  assert.match(run.stdout, /the ledgers are played as they are \(\d+ cases\)\./);
  assert.match(run.stdout, /Not scored: \d+ cases, the ledger ends too soon after it\./);
  assert.doesNotMatch(run.stdout, /null|undefined|NaN/);
  assert.match(run.stderr, /^backtest: \d+ of \d+\n/);
  assert.match(readFileSync(join(cwd, 'plot.svg'), 'utf8'), /^<svg .+capstack, \d+ forecasts.+<\/svg>\n$/s);
});

test('a ledger too short to look back on says so, without a number', async (context) => {
  const cwd = folder(context, { 'young.csv': 'date,amount\n2026-01-01,-5\n2026-03-01,-5\n' });
  const run = await capstack(['backtest', 'young.csv'], { cwd });
  assert.deepEqual([run.code, run.stderr], [0, '']);
  assert.match(run.stdout, /0 origins, 0 forecasts of each method/);
  assert.match(run.stdout, /Nothing could be scored/);
});

const REFUSED: readonly [args: readonly string[], says: RegExp][] = [
  [[], /missing required argument 'file'/],
  [['absent.csv'], /cannot read absent\.csv: there is no such file/],
  [['bank.csv', '--balance-days', '30,x'], /whole number from 1 to 223/],
  [['bank.csv', '--balance-days', '30,30'], /name each number of days once/],
  [['bank.csv', '--balance-days', '300'], /whole number from 1 to 223/],
  [['bank.csv', '--mode', 'fat'], /Allowed choices are auto, each, net, spend, thin/],
  [['bank.csv', '--funding', ','], /write categories with commas between them/],
  [['bank.csv', '--columns', 'date=When'], /bank\.csv: line 1: no column "When"/],
  [['bank.csv', '--paths', '2'], /whole number from 100 to 200000/],
  [
    ['bank.csv', '--paths', '100', '--balance-days', '30', '--svg', 'no/such/plot.svg'],
    /cannot write no\/such/,
  ],
];
for (const [args, says] of REFUSED)
  test(`refused on one line: backtest ${args.join(' ')}`, async (context) => {
    const run = await capstack(['backtest', ...args], { cwd: ledger(context) });
    assert.equal(run.code, 1);
    assert.equal(run.stdout, '');
    assert.match(run.stderr, /capstack: [^\n]+\n$/);
    assert.match(run.stderr, says);
  });
