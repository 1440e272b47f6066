import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { forecastScenario, type ScenarioForecast } from '../../../shared/scenario/forecast-scenario.ts';
import { BURNING, scenarioJson, scenarioOf, trancheJson } from './scenarios.ts';

const forecastOf = (json: object): ScenarioForecast => forecastScenario(scenarioOf(json));

/** All of a forecast but the name of its input, as bytes. */
const answers = (json: object): string => JSON.stringify({ ...forecastOf(json), inputs: null });

/** The runway quantiles, later than any day where censored. */
const days = ({ p5_days, p50_days, p95_days }: ScenarioForecast): number[] =>
  [p5_days, p50_days, p95_days].map((day) => day ?? Infinity);

const survivals = ({ survival }: ScenarioForecast): number[] =>
  Object.values(survival).map((share) => share ?? 2);

/** Every answer of `better` is at least as good as that of `worse`. */
const noWorse = (better: ScenarioForecast, worse: ScenarioForecast): void => {
  for (const read of [days, survivals])
    read(better).forEach((value, k) => {
      assert.ok(value >= (read(worse)[k] ?? Number.NaN), `${read(better)} after ${read(worse)}`);
    });
  for (const q of ['p5', 'p50', 'p95'] as const)
    assert.ok(Number(better.lowest_cash[q]) >= Number(worse.lowest_cash[q]));
};

const more = (amount: string, cents: number): string => (Number(amount) + cents / 100).toFixed(2);

test('a steady burn of 14.2k a day ends 2.4 M in about 169 days', () => {
  const { status, censored, standard_error_days: error, survival, ...rest } = forecastOf(BURNING);
  assert.equal(status, 'ok');
  for (const [actual, expected] of [
    [rest.p5_days, 165],
    [rest.p50_days, 169],
    [rest.p95_days, 174],
  ] as const)
    assert.ok(Math.abs((actual ?? 0) - expected) <= 1, `${actual} for ${expected}`);
  assert.deepEqual(censored, { p5: false, p50: false, p95: false });
  for (const value of Object.values(error)) assert.ok(value !== null && value <= 0.6);
  assert.deepEqual([survival['30'], survival['90'], survival['365']], [1, 1, 0]);
  assert.deepEqual(rest.model, { version: 'paths-2', paths: 10_000, seed: 42 });
});

test('without randomness the answer is worked out by hand, to the day and the cent', () => {
  const certain = {
    ...BURNING,
    horizon_days: 60,
    paths: 7,
    balance: '100.00',
    minimum_cash: '10',
    residual: { kind: 'normal', daily_mean: '-0.3', daily_std: '0' },
    scheduled: [{ date: '2026-01-11', amount: '-76.5' }],
    tranches: [
      { date: '2026-01-21', amount: '5.10', probability: 1, delay_days: { kind: 'fixed', days: 3 } },
    ],
  };
  // 90 above the minimum, less 76.5, plus 5.1 from day 23 on: 18.6 - 0.3 d, which is 0.6 on day 60.
  const ample = forecastOf(certain);
  assert.deepEqual([ample.status, ...days(ample)], ['ok', Infinity, Infinity, Infinity]);
  assert.deepEqual(ample.lowest_cash, { p5: '10.60', p50: '10.60', p95: '10.60', date: '2026-03-02' });
  assert.deepEqual([ample.survival['60'], ample.survival['90']], [1, null]);
  // With 0.90 less the minimum is met exactly on day 59: 17.7 - 59 x 0.3, of which binary fractions would miss a bit.
  const exact = forecastOf({ ...certain, balance: '99.10' });
  assert.deepEqual(days(exact), [59, 59, 59]);
  assert.deepEqual(exact.standard_error_days, { p5: 0, p50: 0, p95: 0 });
});

test('statuses', () => {
  const at = (change: object): ScenarioForecast =>
    forecastOf({ ...BURNING, horizon_days: 100, paths: 200, ...change });
  assert.equal(at({}).status, 'ok');
  assert.deepEqual(days(at({})), [Infinity, Infinity, Infinity]);
  assert.equal(at({ residual: { kind: 'normal', daily_mean: '0', daily_std: '10' } }).status, 'not_burning');
  const losing = { kind: 'normal', daily_mean: '0', daily_std: '900000' };
  assert.equal(at({ residual: losing }).status, 'ok');
  for (const change of [{ balance: '0' }, { balance: '50', minimum_cash: '50.00' }, { balance: '-1' }]) {
    const out = at(change);
    assert.equal(out.status, 'out_of_cash');
    assert.deepEqual(days(out), [0, 0, 0]);
    assert.deepEqual(out.survival, { '30': 0, '60': 0, '90': 0, '180': null, '365': null });
    assert.deepEqual(out.censored, { p5: false, p50: false, p95: false });
  }
});

test('more cash, or a lower minimum, never shortens the runway', () => {
  fc.assert(
    fc.property(scenarioJson, fc.integer({ min: 1, max: 5_000_000 }), (json, cents) => {
      const before = forecastOf(json);
      noWorse(forecastOf({ ...json, balance: more(json.balance, cents) }), before);
      const lower = forecastOf({ ...json, minimum_cash: more(json.minimum_cash, -cents) });
      days(lower).forEach((day, k) => {
        assert.ok(day >= (days(before)[k] ?? Number.NaN));
      });
    }),
  );
});

test('a likelier tranche never shortens the runway', () => {
  fc.assert(
    fc.property(
      scenarioJson,
      trancheJson,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (json, tranche, other) => {
        const likely = (probability: number): ScenarioForecast =>
          forecastOf({ ...json, tranches: [{ ...tranche, probability }, ...json.tranches] });
        noWorse(likely(Math.max(tranche.probability, other)), likely(Math.min(tranche.probability, other)));
      },
    ),
  );
});

/** Every decimal string of a scenario, transformed; dates are no decimals. */
const scaled = (json: unknown, by: (amount: string) => string): unknown => {
  if (typeof json === 'string') return /^-?\d+(\.\d+)?$/.test(json) ? by(json) : json;
  if (Array.isArray(json)) return json.map((item) => scaled(item, by));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, scaled(value, by)]));
};

test('money in another size changes no day', () => {
  fc.assert(
    fc.property(scenarioJson, fc.integer({ min: 2, max: 5000 }), (json, factor) => {
      const larger = forecastOf(scaled(json, (amount) => (Number(amount) * factor).toFixed(2)) as object);
      const { lowest_cash: lowest, inputs: _, ...rest } = forecastOf(json);
      const { lowest_cash: largerLowest, inputs: __, ...largerRest } = larger;
      assert.deepEqual(largerRest, rest);
      assert.equal(largerLowest.date, lowest.date);
      assert.ok(Math.abs(Number(largerLowest.p50) - factor * Number(lowest.p50)) <= 0.006 * (factor + 1));
    }),
  );
});

test('an item that moves no money changes no byte, the hash included', () => {
  fc.assert(
    fc.property(scenarioJson, trancheJson, (json, tranche) => {
      const date = '2026-01-20';
      const padded = {
        ...json,
        scheduled: [{ date, amount: '0.000', label: 'nothing' }, ...json.scheduled],
        recurring: [...json.recurring, { every: 'weekly', weekday: 3, amount: '0', jitter_std: '-0' }],
        tranches: [{ ...tranche, amount: '0' }, ...json.tranches, { ...tranche, probability: 0 }],
        credits: [{ remaining: '5', expires_on: date, daily_gross_cost: '0' }, ...json.credits],
      };
      assert.equal(JSON.stringify(forecastOf(padded)), JSON.stringify(forecastOf(json)));
    }),
  );
});

test('cutting a payment in two changes nothing but the hash', () => {
  fc.assert(
    fc.property(scenarioJson, fc.integer(), fc.integer(), (json, part, rest) => {
      const date = '2026-01-20';
      const text = (cents: number): string => (cents / 100).toFixed(2);
      const whole = { ...json, scheduled: [...json.scheduled, { date, amount: text(part + rest) }] };
      const cut = {
        ...json,
        scheduled: [{ date, amount: text(part) }, ...json.scheduled, { date, amount: text(rest) }],
      };
      assert.equal(answers(cut), answers(whole));
      if (part !== 0 && rest !== 0)
        assert.notEqual(forecastOf(cut).inputs.hash, forecastOf(whole).inputs.hash);
    }),
  );
});

test('the order of items changes no byte', () => {
  fc.assert(
    fc.property(scenarioJson, (json) => {
      const turned = {
        ...json,
        scheduled: json.scheduled.toReversed(),
        recurring: json.recurring.toReversed(),
        tranches: json.tranches.toReversed(),
        credits: json.credits.toReversed(),
      };
      assert.equal(JSON.stringify(forecastOf(turned)), JSON.stringify(forecastOf(json)));
    }),
  );
});

test('a longer horizon leaves every earlier answer as it was', () => {
  fc.assert(
    fc.property(scenarioJson, fc.integer({ min: 1, max: 300 }), (json, longer) => {
      const short = forecastOf(json);
      const long = forecastOf({ ...json, horizon_days: json.horizon_days + longer });
      days(short).forEach((day, k) => {
        if (day !== Infinity) assert.equal(days(long)[k], day);
        else assert.ok((days(long)[k] ?? 0) > json.horizon_days || short.status === 'out_of_cash');
      });
      for (const day of ['30', '60', '90', '180', '365'] as const)
        if (short.survival[day] !== null) assert.equal(long.survival[day], short.survival[day]);
    }),
  );
});

test('quantiles and survival agree, and every answer is of its kind', () => {
  fc.assert(
    fc.property(scenarioJson, (json) => {
      const forecast = forecastOf(json);
      const [p5 = 0, p50 = 0, p95 = 0] = days(forecast);
      assert.ok(p5 <= p50 && p50 <= p95);
      for (const [q, quantile] of [
        [0.05, p5],
        [0.5, p50],
        [0.95, p95],
      ] as const)
        for (const [day, share] of Object.entries(forecast.survival)) {
          assert.equal(share === null, Number(day) > json.horizon_days);
          if (share !== null) assert.equal(quantile <= Number(day), 1 - share >= q - 1e-9);
        }
      assert.equal(forecast.censored.p50, forecast.p50_days === null);
      assert.equal(forecast.standard_error_days.p50 === null, forecast.p50_days === null);
      assert.match(forecast.lowest_cash.p5, /^-?\d+\.\d\d$/);
      assert.ok(!JSON.stringify(forecast).includes('NaN'));
    }),
  );
});

test('equal input gives equal bytes', () => {
  fc.assert(
    fc.property(scenarioJson, (json) => {
      assert.equal(JSON.stringify(forecastOf(structuredClone(json))), JSON.stringify(forecastOf(json)));
    }),
  );
});

test('the certain tranche and the dated payroll of a scenario move its runway by what they are worth', () => {
  const full = forecastOf({
    ...BURNING,
    recurring: [{ every: 'semi-monthly', days: [15, -1], amount: '-98000', business_day: 'previous' }],
    tranches: [{ date: '2026-04-01', amount: '1500000', probability: 1, delay_days: { kind: 'none' } }],
    credits: [{ id: 'aws', remaining: '92000', expires_on: '2026-03-15', daily_gross_cost: '1100' }],
  });
  // By day 180 (June 30): 3.9 M less 12 payrolls, 107 days of cloud cost and 180 of burn leaves 50.3k; day 184 ends that.
  assert.ok((full.p50_days ?? 0) >= 182 && (full.p50_days ?? 0) <= 184, String(full.p50_days));
});
