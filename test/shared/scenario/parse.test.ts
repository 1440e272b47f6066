import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseScenario } from '../../../shared/scenario/parse.ts';
import { BURNING, scenarioJson, scenarioOf } from './scenarios.ts';

const { as_of, currency, balance, residual } = BURNING;
const BARE = { as_of, currency, balance, residual };

/** The paths at which `json` has problems. */
const paths = (json: unknown): string[] => {
  const parsed = parseScenario(json);
  return parsed.ok ? [] : parsed.problems.map(({ path }) => path);
};

const message = (json: unknown): string => {
  const parsed = parseScenario(json);
  return parsed.ok ? '' : (parsed.problems[0]?.message ?? '');
};

test('defaults are filled in and money takes its shortest form', () => {
  assert.deepEqual(scenarioOf({ ...BARE, balance: '-0.50' }), {
    ...BARE,
    balance: '-0.5',
    horizon_days: 730,
    paths: 10_000,
    seed: 0,
    minimum_cash: '0',
    scheduled: [],
    recurring: [],
    tranches: [],
    credits: [],
  });
  const { recurring } = scenarioOf({ ...BARE, recurring: [{ every: 'monthly', day: -1, amount: '007.10' }] });
  assert.deepEqual(recurring, [
    { every: 'monthly', day: -1, amount: '7.1', jitter_std: '0', business_day: 'none', holidays: [] },
  ]);
});

test('whatever is wrong is named where it is', () => {
  const scheduled = { date: '2026-02-01', amount: '1' };
  const tranche = { date: '2026-02-01', amount: '1', probability: 1, delay_days: { kind: 'none' } };
  const weekly = { every: 'weekly', weekday: 1, amount: '1' };
  const bootstrap = { kind: 'bootstrap', values: ['1'], block: 1 };
  const cases: readonly [object, string][] = [
    [{ foo: 1 }, 'foo'],
    [{ as_of: '2026-02-29' }, 'as_of'],
    [{ as_of: '2026-01-01T00:00:00Z' }, 'as_of'],
    [{ as_of: '0001-01-01' }, 'as_of'],
    [{ currency: 'XYZ1' }, 'currency'],
    [{ balance: 5 }, 'balance'],
    [{ balance: '1e6' }, 'balance'],
    [{ balance: '1,000' }, 'balance'],
    [{ balance: 'NaN' }, 'balance'],
    [{ horizon_days: 0 }, 'horizon_days'],
    [{ horizon_days: 1826 }, 'horizon_days'],
    [{ paths: 200_001 }, 'paths'],
    [{ paths: Number.NaN }, 'paths'],
    [{ paths: '10' }, 'paths'],
    [{ seed: -1 }, 'seed'],
    [{ seed: 0.5 }, 'seed'],
    [{ residual: { kind: 'cauchy' } }, 'residual.kind'],
    [{ residual: { ...residual, daily_std: '-1' } }, 'residual.daily_std'],
    [{ residual: { ...residual, df: 4 } }, 'residual.df'],
    [{ residual: { ...residual, kind: 'student_t', df: 2 } }, 'residual.df'],
    [{ residual: { ...residual, kind: 'student_t', df: Infinity } }, 'residual.df'],
    [{ residual: { ...bootstrap, daily_mean: '1' } }, 'residual.daily_mean'],
    [{ residual: { ...bootstrap, daily_std: '1' } }, 'residual.daily_std'],
    [{ residual: { ...bootstrap, values: [] } }, 'residual.values'],
    [{ residual: { ...bootstrap, values: ['1', 2] } }, 'residual.values[1]'],
    [{ residual: { ...bootstrap, block: 0 } }, 'residual.block'],
    [{ scheduled: [scheduled, { ...scheduled, date: '2026-01-01' }] }, 'scheduled[1].date'],
    [{ scheduled: [{ ...scheduled, colour: 'red' }] }, 'scheduled[0].colour'],
    [{ scheduled: {} }, 'scheduled'],
    [{ tranches: [{ ...tranche, date: '2025-12-31' }] }, 'tranches[0].date'],
    [{ tranches: [{ ...tranche, probability: 1.01 }] }, 'tranches[0].probability'],
    [{ tranches: [{ ...tranche, probability: '1' }] }, 'tranches[0].probability'],
    [{ tranches: [{ ...tranche, amount: '-1' }] }, 'tranches[0].amount'],
    [{ tranches: [{ ...tranche, delay_days: { kind: 'fixed', days: 1.5 } }] }, 'tranches[0].delay_days.days'],
    [{ tranches: [{ ...tranche, delay_days: { kind: 'none', days: 1 } }] }, 'tranches[0].delay_days.days'],
    [
      { tranches: [{ ...tranche, delay_days: { kind: 'gamma', mean: 0, std: 3 } }] },
      'tranches[0].delay_days',
    ],
    [{ recurring: [weekly, { ...weekly, weekday: 8 }] }, 'recurring[1].weekday'],
    [{ recurring: [{ ...weekly, every: 'fortnightly' }] }, 'recurring[0].every'],
    [{ recurring: [{ ...weekly, day: 3 }] }, 'recurring[0].day'],
    [{ recurring: [{ ...weekly, jitter_std: '-1' }] }, 'recurring[0].jitter_std'],
    [{ recurring: [{ ...weekly, holidays: ['soon'] }] }, 'recurring[0].holidays[0]'],
    [{ recurring: [{ every: 'semi-monthly', days: [15, 15], amount: '1' }] }, 'recurring[0].days'],
    [{ recurring: [{ every: 'monthly', day: 0, amount: '1' }] }, 'recurring[0].day'],
    [{ recurring: [{ every: 'quarterly', month: 4, day: 1, amount: '1' }] }, 'recurring[0].month'],
    [{ credits: [{ remaining: '1', expires_on: 'never', daily_gross_cost: '1' }] }, 'credits[0].expires_on'],
  ];
  for (const [change, path] of cases)
    assert.deepEqual(paths({ ...BARE, ...change }), [path], JSON.stringify(change));
  for (const name of Object.keys(BARE)) assert.deepEqual(paths({ ...BARE, [name]: undefined }), [name]);
  for (const json of [null, undefined, 3, 'x', []]) assert.notDeepEqual(paths(json), []);
});

test('a message says what to do', () => {
  assert.equal(
    message({ ...BARE, balance: 2_400_000 }),
    'is money: write it as a decimal string such as "2400000", because JSON numbers round',
  );
  assert.match(message({ ...BARE, fooo: 1 }), /remove it/);
  assert.match(message({ ...BARE, scheduled: [{ date: '2025-01-01', amount: '1' }] }), /give a later date/);
  assert.match(message({ currency, balance, residual }), /add it/);
});

test('5,000 items are taken, counted over all four lists, and 5,001 are not', () => {
  const scheduled = Array.from({ length: 4998 }, () => ({ date: '2026-02-01', amount: '1' }));
  const credits = [{ remaining: '1', expires_on: '2026-02-01', daily_gross_cost: '1' }];
  const tranches = [{ date: '2026-02-01', amount: '1', probability: 1 }];
  assert.deepEqual(paths({ ...BARE, scheduled, credits, tranches }), []);
  const recurring = [{ every: 'monthly', day: 1, amount: '1' }];
  assert.match(message({ ...BARE, scheduled, credits, tranches, recurring }), /at most 5000/);
});

test('a parsed scenario parses again to itself', () => {
  fc.assert(
    fc.property(scenarioJson, (json) => {
      const once = scenarioOf(json);
      assert.deepEqual(scenarioOf(JSON.parse(JSON.stringify(once))), once);
    }),
  );
});

test('nothing makes it throw', () => {
  fc.assert(fc.property(fc.jsonValue(), (json) => void parseScenario(json)));
  fc.assert(
    fc.property(
      scenarioJson,
      fc.jsonValue(),
      (json, junk) => void parseScenario({ ...json, recurring: junk }),
    ),
  );
});
