import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../shared/canonical/canonical.ts';
import { type Cloud, cloudOf, cloudPart, usualOfCloud } from '../../../shared/model/declared/clouds.ts';
import { creditInvoices } from '../../../shared/model/declared/invoices.ts';
import { forecastRunway, type RunwayForecast, type RunwayInput } from '../../../shared/model/runway.ts';
import type { Credit, PlanItem } from '../../../shared/scenario/items.ts';
import { addDays, daysBetween, epochDay } from '../../../shared/time/civil-date.ts';
import { AS_OF, daily, runwayInput, USD } from './ledgers.ts';

const spanOf = (horizonDays: number) => ({
  asOf: epochDay(AS_OF),
  through: epochDay(AS_OF),
  horizonDays,
  seed: 11,
});

const credit = (changes: Partial<Credit> = {}): Credit => ({
  id: 'activate',
  remaining: '30000',
  expires_on: addDays(AS_OF, 200),
  daily_gross_cost: '100',
  ...changes,
});

test('without growth and noise the invoices are those of paying day by day', () => {
  const lots = fc.record({
    remaining: fc.integer({ min: 0, max: 90_000 }).map(String),
    expires_on: fc.integer({ min: -40, max: 500 }).map((day) => addDays(AS_OF, day)),
    daily_gross_cost: fc.integer({ min: 1, max: 400 }).map(String),
  });
  fc.assert(
    fc.property(lots, fc.integer({ min: 30, max: 700 }), (lot, horizonDays) => {
      const byDay = creditInvoices([lot], AS_OF, horizonDays, USD).map(({ date, amount }) => [
        daysBetween(AS_OF, date),
        Math.round(Number(amount) * 100),
      ]);
      const byMonth = usualOfCloud(cloudOf(lot, spanOf(horizonDays), USD), spanOf(horizonDays)).map(
        ({ day, amountMinor }) => [day, Math.round(amountMinor)],
      );
      assert.deepEqual(byMonth, byDay);
    }),
  );
});

const PATHS = 30_000;
const HORIZON = 400;

/** Invoices of each path, by the day on which they are due. */
const invoices = (cloud: Cloud): readonly Float64Array[] => {
  const part = cloudPart(cloud, spanOf(HORIZON), 1);
  return Array.from({ length: PATHS }, (_, path) => {
    const flows = new Float64Array(HORIZON);
    part.add(path, flows);
    return flows.map((flow) => -flow);
  });
};

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

test('without credits each month costs what its law says, and growth is one for all months of a path', () => {
  const cloud = { ...cloudOf(credit({ remaining: '0' }), spanOf(HORIZON), USD), growth: 0.02 };
  const paths = invoices(cloud);
  const logs: number[][] = [];
  // July to January: due on the third of the month after.
  for (const [due, days, ahead] of [
    [34, 31, 16 / 30.4],
    [65, 31, 47 / 30.4],
    [218, 31, 200 / 30.4],
  ] as const) {
    const paid = paths.map((flows) => flows[due - 1] ?? 0);
    const variance = (0.03 * ahead) ** 2 + 0.05 ** 2;
    const mean = 10_000 * days * Math.exp(0.02 * ahead + variance / 2);
    const error = mean * Math.sqrt(Math.expm1(variance) / PATHS);
    assert.ok(Math.abs(meanOf(paid) - mean) < 4 * error, `${due}: ${meanOf(paid)} ${mean}`);
    logs.push(paid.map((amount) => Math.log(amount / (10_000 * days)) - 0.02 * ahead));
  }
  const covariance = meanOf((logs[1] ?? []).map((log, k) => log * (logs[2]?.[k] ?? 0)));
  const wanted = 0.03 ** 2 * (47 / 30.4) * (200 / 30.4);
  assert.ok(Math.abs(covariance / wanted - 1) < 0.08, `${covariance} ${wanted}`);
});

test('growth is the slope of the history, of which more is believed the longer it is', () => {
  const grown = (count: number, monthly: number): Credit =>
    credit({
      usage: {
        dailyMeans: Array.from({ length: count }, (_, k) => 50 * Math.exp((monthly * k * 28) / 30.4)),
        stepDays: 28,
      },
    });
  const growth = (one: Credit): number => cloudOf(one, spanOf(90), USD).growth;
  for (const [count, monthly] of [
    [3, 0.05],
    [13, 0.05],
    [13, -0.02],
  ] as const) {
    const months = (count * 28) / 30.4;
    assert.ok(Math.abs(growth(grown(count, monthly)) - (monthly * months) / (months + 4)) < 1e-9);
  }
  assert.equal(growth(credit()), 0);
  assert.equal(growth(grown(1, 0.05)), 0);
  const late = credit({ usage: { dailyMeans: [9, 0, 50, 50], stepDays: 28 } });
  assert.ok(Math.abs(growth(late)) < 1e-12, 'what was before a pause is another story');
});

test('a cloud that was hardly used at first does not grow on as it began, nor shrink so', () => {
  const dailyMeans = [0.35, 20, 60, 90];
  const month = (means: readonly number[]): number => {
    const one = credit({ remaining: '0', usage: { dailyMeans: means, stepDays: 28 } });
    const due = usualOfCloud(cloudOf(one, spanOf(HORIZON), USD), spanOf(HORIZON));
    return -(due.find(({ day }) => day > 360)?.amountMinor ?? 0) / 310_000;
  };
  // An eighth a month for eleven months.
  const [grown, shrunk] = [month(dailyMeans), month(dailyMeans.toReversed())];
  assert.ok(grown > 3.5 && grown < 4 && Math.abs(grown * shrunk - 1) < 0.1, `${grown} ${shrunk}`);
});

test('lots pay in the order in which they end, never more than they hold, and what is due is never negative', () => {
  const lot = fc.record({
    left: fc.integer({ min: 0, max: 900_000 }),
    lastDay: fc.integer({ min: -20, max: 420 }),
  });
  fc.assert(
    fc.property(fc.array(lot, { maxLength: 4 }), fc.integer({ min: 0, max: 99 }), (some, path) => {
      const lots = some.toSorted((a, b) => a.lastDay - b.lastDay);
      const cloud: Cloud = { ...cloudOf(credit(), spanOf(HORIZON), USD), growth: 0.03, monthToDate: 5_000 };
      const due = (given: Cloud['lots']): Float64Array => {
        const flows = new Float64Array(HORIZON);
        cloudPart({ ...cloud, lots: given }, spanOf(HORIZON), 1).add(path, flows);
        return flows.map((flow) => -flow);
      };
      const [gross, net] = [due([]), due(lots)];
      const paid = gross.map((amount, k) => amount - (net[k] ?? 0));
      assert.ok(net.every((amount) => amount >= -1e-6) && paid.every((amount) => amount >= -1e-6));
      const usable = lots.reduce((sum, { left, lastDay }) => sum + (lastDay > 0 ? left : 0), 0);
      assert.ok(meanOf([...paid]) * HORIZON <= usable + 1e-3);
      const end = Math.max(0, ...lots.map(({ lastDay }) => lastDay));
      // The month in which the last lot ends is the last that is paid in part.
      paid.forEach((amount, k) => {
        if (amount > 1e-6) assert.ok(k + 1 <= end + 34, `${k + 1} ${end}`);
      });
    }),
  );
});

const plan = (...items: readonly PlanItem[]): RunwayInput['plan'] => ({ items, reasons: [] });
const runway = (items: readonly PlanItem[], changes: Partial<RunwayInput> = {}): RunwayForecast =>
  forecastRunway(
    runwayInput({
      days: daily(364, () => -2_000n),
      horizonDays: 400,
      plan: plan(...items),
      ...changes,
    }),
  );
const item = (changes: Partial<Credit> = {}): PlanItem => ({ kind: 'credit', ...credit(changes) });

test('laws: more credits, or later, never shorten the runway; what costs nothing and the order change no byte', () => {
  const late = (days: number | null): number => days ?? Number.POSITIVE_INFINITY;
  const noLonger = (a: RunwayForecast, b: RunwayForecast): void => {
    for (const q of ['p5', 'p50', 'p95'] as const) assert.ok(late(a.days[q]) <= late(b.days[q]), q);
  };
  const amount = fc.integer({ min: 0, max: 60_000 });
  const day = fc.integer({ min: 0, max: 300 });
  fc.assert(
    fc.property(amount, amount, day, day, fc.bigInt(0n, 900_000n), (a, b, c, d, more) => {
      const options = { paths: 300 };
      const [less, much] = [Math.min(a, b), Math.max(a, b)].map(String);
      const [soon, later] = [Math.min(c, d), Math.max(c, d)].map((ahead) => addDays(AS_OF, ahead));
      if (less === undefined || much === undefined || soon === undefined || later === undefined) return;
      const base = item({ remaining: less, expires_on: soon });
      noLonger(runway([base], options), runway([item({ remaining: much, expires_on: soon })], options));
      noLonger(runway([base], options), runway([item({ remaining: less, expires_on: later })], options));
      noLonger(runway([base], options), runway([base], { ...options, balanceMinor: 1_000_000n + more }));
      const other = item({ id: 'gcp', daily_gross_cost: '20' });
      const zero = item({ id: 'zero', daily_gross_cost: '0' });
      assert.equal(
        canonicalJson(runway([other, zero, base], options)),
        canonicalJson(runway([base, other], options)),
      );
    }),
    { numRuns: 15 },
  );
});

test('a longer horizon leaves the invoices before as they are', () => {
  const cloud = cloudOf(credit({ remaining: '4000' }), spanOf(200), USD);
  const [near, far] = [200, 400].map((horizonDays) => {
    const flows = new Float64Array(horizonDays);
    cloudPart(cloud, spanOf(horizonDays), 1).add(7, flows);
    return flows;
  });
  assert.deepEqual(near, far?.slice(0, 200));
});

test('the bill that breaks the bank is named, and growth brings the day nearer', () => {
  const bill = item({ remaining: '0', daily_gross_cost: '400', label: 'AWS' });
  const { breaking } = runway([bill]);
  assert.deepEqual([breaking?.label, breaking?.date.slice(8)], ['AWS', '03']);
  const grown = item({
    remaining: '15000',
    expires_on: addDays(AS_OF, 390),
    usage: { dailyMeans: Array.from({ length: 12 }, (_, k) => 100 * 1.1 ** (k - 11)), stepDays: 28 },
  });
  const level = item({ remaining: '15000', expires_on: addDays(AS_OF, 390) });
  const options = { balanceMinor: 1_200_000n, paths: 1_000 };
  assert.ok((runway([grown], options).days.p50 ?? 0) < (runway([level], options).days.p50 ?? 0) - 10);
});
