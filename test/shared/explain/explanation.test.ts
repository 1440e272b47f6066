import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Attribution, QUANTILES } from '../../../shared/explain/attribution.ts';
import { explanation } from '../../../shared/explain/explanation.ts';
import type { HistoryDay } from '../../../shared/model/history.ts';
import { forecastRunway, type RunwayInput } from '../../../shared/model/runway.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { AS_OF, uneven } from '../model/ledgers.ts';
import { credits, live, pairs, rent, tranche } from './pairs.ts';

const sumOf = ({ effects }: Attribution, parts: number): number =>
  effects.reduce((sum, { effect }) => sum + Math.round(effect * parts), 0) / parts;

const planOf = (...items: RunwayInput['plan']['items']): RunwayInput['plan'] => ({ items, reasons: [] });

test('the effects sum to the difference shown, whatever changed', () => {
  const units = new Map<string, number>();
  fc.assert(
    fc.property(pairs, ([older, newer]) => {
      const { moved } = explanation({ input: older }, newer);
      const [before, after] = [forecastRunway(older), forecastRunway(newer)];
      for (const quantile of QUANTILES) {
        const attribution = moved[quantile];
        const { unit, from, to, change } = attribution;
        units.set(unit, (units.get(unit) ?? 0) + 1);
        if (before.days[quantile] !== null && after.days[quantile] !== null && unit === 'days')
          assert.deepEqual([from, to], [before.days[quantile], after.days[quantile]]);
        if (unit === 'days') assert.equal(change, (to ?? 0) - (from ?? 0));
        assert.equal(sumOf(attribution, unit === 'days' ? 10 : 10_000), change ?? 0);
      }
    }),
    { numRuns: 200 },
  );
  assert.ok(
    (units.get('days') ?? 0) > 100 && (units.get('survival_at_horizon') ?? 0) > 20,
    JSON.stringify([...units]),
  );
});

test('nothing changes where nothing happened', () => {
  const input = live({ plan: planOf(tranche(40, '3000'), rent('-800'), credits('20')) });
  const { moved, news } = explanation({ input }, { ...input, days: [...input.days] });
  assert.deepEqual(news, []);
  for (const quantile of QUANTILES)
    assert.deepEqual([moved[quantile].change, moved[quantile].effects], [0, []]);
});

const base = live({
  days: uneven.filter(({ date }) => date < AS_OF),
  plan: planOf(tranche(40, '3000'), rent('-200')),
});
const today = { date: AS_OF, netMinor: -400_000n, inflowMinor: 0n, outflowMinor: 400_000n, outflowCount: 1 };

/** The day with 40.00 more spent on it. */
const dearer = (day: HistoryDay): HistoryDay => ({
  ...day,
  netMinor: day.netMinor - 4_000n,
  outflowMinor: day.outflowMinor + 4_000n,
});

/** One thing happened, on the same day or after one that went as expected. */
const planted: readonly (readonly [string, RunwayInput])[] = [
  ['balance', { ...base, balanceMinor: base.balanceMinor - 400_000n, days: [...base.days, today] }],
  ['level', { ...base, days: base.days.map(dearer) }],
  ['schedule', { ...base, plan: planOf(tranche(40, '3000'), rent('-1900')) }],
  ['tranche', { ...base, plan: planOf(tranche(40, '9000'), rent('-200')) }],
  ['credit', { ...base, plan: planOf(tranche(40, '3000'), rent('-200'), credits('60')) }],
  ['settings', { ...base, minimumCashMinor: 300_000n }],
];

for (const [driver, newer] of planted)
  test(`a change of ${driver} alone is the only driver`, () => {
    for (const quantile of QUANTILES) {
      const { effects, change } = explanation({ input: base }, newer).moved[quantile];
      assert.deepEqual(effects, [{ driver, effect: change }]);
      assert.notEqual(change, 0);
    }
  });

for (const [driver, newer] of planted)
  test(`a change of ${driver} ranks first after a week as expected`, () => {
    const asOf = addDays(AS_OF, 7);
    const week = base.days.filter(({ date }) => date > addDays(AS_OF, -7) && date < AS_OF);
    const spent = Array.from({ length: 7 }, (_, k) => ({
      ...(week[k % week.length] ?? assert.fail()),
      date: addDays(AS_OF, k),
    }));
    const cost = spent.reduce((sum, { netMinor }) => sum + netMinor, 0n);
    const later = {
      ...newer,
      asOf,
      historyThrough: addDays(asOf, -1),
      days: [
        ...newer.days.filter(({ date }) => date < AS_OF),
        ...(driver === 'level' ? spent.map(dearer) : spent),
        ...(driver === 'balance' ? [{ ...today, date: asOf }] : []),
      ],
      balanceMinor: newer.balanceMinor + cost,
    };
    const { effects } = explanation({ input: base }, later).moved.p50;
    assert.equal(effects[0]?.driver, driver, JSON.stringify(effects));
  });

test('what the tenant’s own past has taught of its intervals is a driver of its own', () => {
  const exponents = [0.5, 0.5, 0.5, 0.5] as const;
  const newer = { ...base, adaptation: { low: exponents, high: exponents } };
  const { p5 } = explanation({ input: base }, newer).moved;
  assert.deepEqual(p5.effects, [{ driver: 'calibration', effect: p5.change }]);
  assert.notEqual(p5.change, 0);
});

test('another model is a driver of its own: what was shown against what it computes', () => {
  const { days } = forecastRunway(base);
  const shown = {
    status: 'ok' as const,
    days: { p5: (days.p5 ?? 0) - 4, p50: days.p50, p95: (days.p95 ?? 0) + 3 },
    survivalAtHorizon: 0,
  };
  const { moved } = explanation({ input: base, shown }, base);
  assert.deepEqual(moved.p5.effects, [{ driver: 'model', effect: 4 }]);
  assert.deepEqual(moved.p50.effects, []);
  assert.deepEqual(moved.p95.effects, [{ driver: 'model', effect: -3 }]);
});

test('another currency, or an earlier day, cannot be explained', () => {
  const eur = { ...base, currency: 'EUR' as typeof base.currency };
  assert.throws(() => explanation({ input: base }, eur), /two currencies/);
  assert.throws(() => explanation({ input: base }, { ...base, asOf: addDays(AS_OF, -1) }), /is before/);
});

test('rates that moved are a driver of their own, and the parts still sum up', () => {
  const held = (worthMinor: bigint, amountMinor = 700_000n): Pick<RunwayInput, 'foreign'> => ({
    foreign: [{ currency: 'EUR', amountMinor, worthMinor }],
  });
  const older = { ...base, ...held(800_000n) };
  const fallen = { ...older, ...held(600_000n), balanceMinor: older.balanceMinor - 200_000n };
  const { moved } = explanation({ input: older }, fallen);
  for (const quantile of QUANTILES) {
    const { effects, change } = moved[quantile];
    assert.deepEqual(effects, [{ driver: 'rates', effect: change }]);
    assert.notEqual(change, 0);
  }
  /** Half of it is spent as well. */
  const spent = { ...older, ...held(300_000n, 350_000n), balanceMinor: older.balanceMinor - 500_000n };
  const { effects, change } = explanation({ input: older }, spent).moved.p50;
  assert.deepEqual(effects.map(({ driver }) => driver).sort(), ['balance', 'rates']);
  assert.equal(Math.round(10 * effects.reduce((sum, { effect }) => sum + effect, 0)), 10 * (change ?? 0));
});
