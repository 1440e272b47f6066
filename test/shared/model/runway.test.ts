import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../shared/canonical/canonical.ts';
import type { HistoryDay } from '../../../shared/model/history.ts';
import { forecastRunway, type RunwayForecast, type RunwayInput } from '../../../shared/model/runway.ts';
import type { PlanItem } from '../../../shared/scenario/items.ts';
import { addDays } from '../../../shared/time/civil-date.ts';
import { AS_OF, daily, movement, runwayInput, uneven } from './ledgers.ts';

const plan = (...items: readonly PlanItem[]) => ({ items, reasons: [] });

/** Days with null, beyond the horizon, as infinity. */
const late = (days: number | null): number => days ?? Number.POSITIVE_INFINITY;

const width = ({ days }: RunwayForecast): number => late(days.p95) - late(days.p5);

test('money that burns evenly runs out on the day that division gives', () => {
  const days = daily(91, () => -10_010n);
  // Something large that never happened may happen yet, and intervals are widened by what companies were found to need:
  // neither moves the median.
  const dies = (balanceMinor: bigint, minimumCashMinor = 0n): number | null =>
    forecastRunway(runwayInput({ days, balanceMinor, minimumCashMinor })).days.p50;
  assert.equal(dies(1_001_000n), 100);
  assert.equal(dies(1_001_001n), 101);
  assert.equal(dies(2_002_000n, 1_001_000n), 100);
});

test('an uneven ledger dies around balance over burn, and nobody knows the day', () => {
  const { status, days, standardErrorDays, survival, burn, censored } = forecastRunway(runwayInput());
  assert.equal(status, 'ok');
  assert.equal(burn?.netDailyMean, '98.24');
  assert(days.p50 !== null && Math.abs(days.p50 - 10_000 / 98.24) < 7);
  assert(late(days.p5) < days.p50 && days.p50 < late(days.p95));
  assert((standardErrorDays.p50 ?? 0) > 0);
  assert.deepEqual(censored, { p5: false, p50: false, p95: false });
  assert.equal(survival[30], 1);
  assert.equal(survival[365], 0);
});

test('a shorter history widens the interval: its level is less certain', () => {
  // The same 28 days over and over, but every other block costs half as much again.
  const block = (ago: number): bigint => (Math.floor(ago / 28) % 2 === 0 ? -8_000n : -12_000n);
  const widthAfter = (days: number): number =>
    width(forecastRunway(runwayInput({ days: daily(days, block), balanceMinor: 1_800_000n })));
  assert(widthAfter(112) > 1.3 * widthAfter(364));
});

test('too little history gives no number, but says how much is missing', () => {
  const forecast = forecastRunway(runwayInput({ days: uneven.slice(0, 90) }));
  assert.equal(forecast.status, 'insufficient_data');
  assert.deepEqual(forecast.days, { p5: null, p50: null, p95: null });
  assert.deepEqual(forecast.censored, { p5: false, p50: false, p95: false });
  assert.equal(forecast.survival[30], null);
  assert.equal(forecast.burn, null);
  assert.deepEqual(forecast.cashBand, []);
  assert.deepEqual(forecast.reasons, ['the ledger covers 84 days in whole weeks: a forecast needs 91']);
});

test('out of cash comes before anything else', () => {
  for (const days of [uneven, []]) {
    const {
      status,
      days: runway,
      survival,
    } = forecastRunway(runwayInput({ days, balanceMinor: 500n, minimumCashMinor: 500n, horizonDays: 100 }));
    assert.equal(status, 'out_of_cash');
    assert.deepEqual(runway, { p5: 0, p50: 0, p95: 0 });
    assert.deepEqual([survival[90], survival[180]], [0, null]);
  }
});

test('a company that earns is not burning; a long runway that still burns is ok', () => {
  const earning = daily(364, (ago) => (ago % 7 === 0 ? 9_000n : -1_000n));
  const forecast = forecastRunway(runwayInput({ days: earning }));
  assert.equal(forecast.status, 'not_burning');
  assert.equal(forecast.days.p50, null);
  assert.equal(forecast.censored.p50, true);
  assert.equal(forecast.burn?.netDailyMean, '-4.29');
  assert.equal(forecastRunway(runwayInput({ balanceMinor: 10n ** 9n })).status, 'ok');
});

test('beyond the horizon there is no number, and the horizon does not change what lies before it', () => {
  const near = forecastRunway(runwayInput({ horizonDays: 60 }));
  const far = forecastRunway(runwayInput({ horizonDays: 365 }));
  assert.equal(near.days.p95, null);
  assert.equal(near.survival[90], null);
  assert.equal(near.survival[60], far.survival[60]);
});

test('the band starts with the balance, goes by weeks and ends on the horizon', () => {
  const { cashBand, survival } = forecastRunway(runwayInput({ horizonDays: 30, minimumCashMinor: 5_000n }));
  assert.deepEqual(
    cashBand.map(({ date }) => date),
    [0, 7, 14, 21, 28, 30].map((day) => addDays(AS_OF, day)),
  );
  assert.deepEqual(cashBand[0], { date: AS_OF, p5: 1_000_000n, p50: 1_000_000n, p95: 1_000_000n });
  assert(cashBand.slice(1).every(({ p5, p50, p95 }) => p5 < p50 && p50 < p95));
  assert.equal(survival[30], 1);
});

test('a scheduled payment that the bank cannot carry kills on its day', () => {
  const item = { kind: 'scheduled', date: addDays(AS_OF, 20), amount: '-9000' } as const;
  const forecast = forecastRunway(runwayInput({ plan: plan(item) }));
  assert.equal(forecast.days.p5, 20);
  assert(late(forecast.days.p50) < late(forecastRunway(runwayInput()).days.p50));
});

test('money expected today counts once, whether it has arrived or not', () => {
  const item = { kind: 'scheduled', date: AS_OF, amount: '-9000' } as const;
  const p50 = (changes: Partial<RunwayInput>): number | null =>
    forecastRunway(runwayInput({ historyThrough: addDays(AS_OF, -1), plan: plan(item), ...changes })).days
      .p50;
  const days = uneven.slice(1);
  const due = p50({ days, balanceMinor: 1_000_000n });
  const arrived = p50({ days: [...days, movement(0, -900_000n)], balanceMinor: 100_000n });
  assert.equal(due, arrived);
});

test('a tranche helps as often as it comes', () => {
  const tranche = (probability: number): RunwayForecast =>
    forecastRunway(
      runwayInput({
        plan: plan({
          kind: 'tranche',
          date: addDays(AS_OF, 40),
          amount: '1000000.005',
          probability,
          delay_days: { kind: 'none' },
        }),
      }),
    );
  assert.deepEqual(tranche(0).days, forecastRunway(runwayInput()).days);
  assert.equal(tranche(1).survival[365], 1);
  assert(Math.abs((tranche(0.7).survival[365] ?? 0) - 0.7) < 0.04);
});

test('when credits end, their cost becomes cash', () => {
  const credit = (remaining: string): RunwayForecast =>
    forecastRunway(
      runwayInput({
        plan: plan({
          kind: 'credit',
          remaining,
          expires_on: addDays(AS_OF, 50),
          daily_gross_cost: '100',
        }),
      }),
    );
  const without = late(forecastRunway(runwayInput()).days.p50);
  const p50 = (forecast: RunwayForecast): number => late(forecast.days.p50);
  assert(p50(credit('0')) < p50(credit('3000')) && p50(credit('3000')) < p50(credit('5000')));
  assert.equal(p50(credit('5000')), p50(credit('9999')));
  assert(p50(credit('5000')) < without);
});

test('a day that is still going on shapes the balance, not the pattern', () => {
  const yesterday = addDays(AS_OF, -1);
  const quiet = [...uneven.slice(1)];
  const busy = [...quiet, movement(0, -900_000n)];
  const numbers = (days: readonly HistoryDay[]) =>
    forecastRunway(runwayInput({ days, historyThrough: yesterday })).days;
  assert.deepEqual(numbers(busy), numbers(quiet));
});

test('the hash names what the numbers depend on', () => {
  const hash = (changes = {}): string => forecastRunway(runwayInput({ paths: 10, ...changes })).inputsHash;
  const zero = { ...movement(400, 0n), date: addDays(AS_OF, -400) };
  assert.equal(hash({ days: [...uneven, zero] }), hash());
  const others = [
    hash({ seed: 8 }),
    hash({ balanceMinor: 1_000_001n }),
    hash({ days: uneven.slice(0, 357) }),
    hash({ plan: plan({ kind: 'scheduled', date: addDays(AS_OF, 20), amount: '-1' }) }),
  ];
  assert.equal(new Set([...others, hash()]).size, 5);
});

test('the hash names what credits are left, and which stream a planned payment belongs to', () => {
  const hash = (...items: readonly PlanItem[]): string =>
    forecastRunway(runwayInput({ paths: 10, days: paid, plan: plan(...items) })).inputsHash;
  const paid = uneven.map((day, ago) => ({
    ...day,
    streams:
      ago % 14 === 5
        ? [{ stream: 'payroll', inflowMinor: 0n, outflowMinor: 100_000n, inflowCount: 0, outflowCount: 1 }]
        : [],
  }));
  const lot = (remaining: string): PlanItem => ({
    kind: 'credit',
    id: 'lot',
    remaining,
    expires_on: addDays(AS_OF, 300),
    daily_gross_cost: '10',
  });
  const due = (label: string): PlanItem => ({
    kind: 'scheduled',
    id: 'due',
    date: addDays(AS_OF, 9),
    amount: '-900',
    label,
  });
  assert.equal(new Set([hash(), hash(lot('100')), hash(lot('900'))]).size, 3);
  assert.notEqual(hash(due('payroll')), hash(due('desks')));
  assert.equal(hash(due('chairs')), hash(due('desks')));
});

const someLedger = fc
  .array(fc.integer({ min: -50_000, max: 10_000 }), { minLength: 98, maxLength: 140 })
  .map((amounts) => daily(amounts.length, (ago) => BigInt(amounts[ago] ?? 0)));
const someBalance = fc.bigInt({ min: 1n, max: 3_000_000n });
const runs = { numRuns: 25 };

test('law: more cash never shortens the runway', () => {
  fc.assert(
    fc.property(
      someLedger,
      someBalance,
      fc.bigInt({ min: 0n, max: 500_000n }),
      (days, balanceMinor, more) => {
        const poor = forecastRunway(runwayInput({ paths: 200, days, balanceMinor }));
        const rich = forecastRunway(runwayInput({ paths: 200, days, balanceMinor: balanceMinor + more }));
        for (const q of ['p5', 'p50', 'p95'] as const) assert(late(rich.days[q]) >= late(poor.days[q]));
        for (const day of [30, 90, 365] as const)
          assert((rich.survival[day] ?? 0) >= (poor.survival[day] ?? 0));
      },
    ),
    runs,
  );
});

test('law: counting in another unit of money changes no day', () => {
  fc.assert(
    fc.property(someLedger, someBalance, (days, balanceMinor) => {
      const scaled = days.map((day) => ({
        ...day,
        netMinor: day.netMinor * 10n,
        inflowMinor: day.inflowMinor * 10n,
        outflowMinor: day.outflowMinor * 10n,
      }));
      const one = forecastRunway(runwayInput({ paths: 200, days, balanceMinor }));
      const ten = forecastRunway(runwayInput({ paths: 200, days: scaled, balanceMinor: balanceMinor * 10n }));
      assert.deepEqual([ten.status, ten.days, ten.survival], [one.status, one.days, one.survival]);
    }),
    runs,
  );
});

test('law: equal input gives equal bytes, whatever the order of days and items', () => {
  const items: readonly PlanItem[] = [
    { kind: 'scheduled', id: 'a', date: addDays(AS_OF, 9), amount: '-10' },
    { kind: 'scheduled', id: 'b', date: AS_OF, amount: '-20' },
    { kind: 'scheduled', id: 'c', date: addDays(AS_OF, -9), amount: '-30' },
    { kind: 'scheduled', id: 'd', date: addDays(AS_OF, -9), amount: '-30' },
  ];
  fc.assert(
    fc.property(someLedger, someBalance, (days, balanceMinor) => {
      const once = forecastRunway(runwayInput({ paths: 50, days, balanceMinor, plan: plan(...items) }));
      const again = forecastRunway(
        runwayInput({
          paths: 50,
          days: days.toReversed(),
          balanceMinor,
          plan: plan(...items.toReversed()),
        }),
      );
      assert.equal(canonicalJson(again), canonicalJson(once));
    }),
    runs,
  );
});
