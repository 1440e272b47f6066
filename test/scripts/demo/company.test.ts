import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { demoCompany, payrollEvents } from '../../../scripts/demo/company.ts';
import { deliveries } from '../../../scripts/demo/deliveries.ts';
import type { DemoWorld } from '../../../scripts/demo/world.ts';
import type { CashFact } from '../../../shared/event/fact.ts';
import { forecastRunway } from '../../../shared/model/runway.ts';
import { minorOf } from '../../../shared/money/money.ts';
import { parsePlanItem } from '../../../shared/scenario/items.ts';
import { addDays, daysBetween, weekday } from '../../../shared/time/civil-date.ts';
import { day, usd } from '../../support/rows.ts';
import { factsIn, heardAll, viewOf } from './books.ts';

/** Ends of months, of a year, and a leap day's neighbourhood. */
const TODAYS = [day('2026-11-21'), day('2028-03-01'), day('2027-01-01')];
const company = (today = day('2026-11-21'), seed = 1): DemoWorld => demoCompany({ seed, today });
const bytes = (world: DemoWorld): string =>
  JSON.stringify(world, (_, value) => (typeof value === 'bigint' ? value.toString() : value));

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
const times = (world: DemoWorld, type: string): number =>
  world.stripe.events.filter((event) => event.type === type).length;
const books = (world: DemoWorld) => [...world.events, ...payrollEvents(world.window, world.payrollRuns)];
const cents = (amount: string): bigint => {
  const minor = minorOf(amount, usd);
  assert(minor !== undefined, amount);
  return minor;
};
const signed = ({ type, amount }: DemoWorld['events'][number]): bigint => {
  if (type === 'credit') return 0n;
  return type === 'expense' ? -cents(amount) : cents(amount);
};

describe('the demo company', () => {
  test('is the same to the byte for equal arguments, and another for others', () => {
    assert.equal(bytes(company()), bytes(company()));
    assert.notEqual(bytes(company()), bytes(company(day('2026-11-21'), 2)));
  });

  test('made for another day shares no identity with it: the two would contradict each other', () => {
    const identities = (today: string): string[] =>
      deliveries(company(day(today)), { seed: 1 }).flatMap((delivery) => [
        delivery.id,
        ...factsIn(delivery).map((fact) => fact.key),
      ]);
    const first = new Set(identities('2026-11-21'));
    assert.deepEqual(
      identities('2026-11-22').filter((id) => first.has(id)),
      [],
    );
  });

  for (const today of TODAYS) {
    const heard = heardAll(company(today));

    test(`of ${today} has moved money from 18 months before through yesterday, and plans ahead`, () => {
      const world = company(today);
      const dates = deliveries(world, { seed: 1 })
        .flatMap((delivery) => factsIn(delivery).map(({ date }) => date))
        .sort();
      const [first, last] = [dates[0], dates.at(-1)];
      assert(first !== undefined && last !== undefined);
      assert.equal(first, world.window.first);
      assert.ok(daysBetween(first, today) >= 545 && daysBetween(first, today) <= 550, first);
      assert.ok(last < today && daysBetween(last, today) <= 3, last);
      for (const item of world.plan) {
        assert.ok(parsePlanItem(item).ok, item.id);
        if ('date' in item) assert.ok(item.date > today, item.id);
        if ('expires_on' in item) assert.ok(item.expires_on > today && cents(item.remaining) > 0n, item.id);
      }
    });

    test(`of ${today} ends with what it began with and every movement since, however it is counted`, async () => {
      const world = company(today);
      const view = viewOf((await heard).rows());
      const operating = sum(books(world).map(signed));
      const stripe = sum(
        world.stripe.transactions.filter(({ type }) => type !== 'payout').map(({ net }) => BigInt(net)),
      );
      assert.deepEqual([...view.balances], [[usd, operating + stripe]]);
      assert.equal(view.estimatedCount, 0);
      assert.deepEqual([view.conflicts, view.quarantined], [0, 0]);
    });

    test(`of ${today} has a believable runway`, async () => {
      const world = company(today);
      const view = viewOf((await heard).rows());
      const balanceMinor = view.balances.get(usd) ?? 0n;
      assert.ok(view.firstDate !== undefined);
      const forecast = forecastRunway({
        asOf: today,
        historyThrough: addDays(today, -1),
        historyFrom: view.firstDate,
        horizonDays: 730,
        paths: 10_000,
        seed: 42,
        currency: usd,
        balanceMinor,
        minimumCashMinor: 0n,
        days: view.days,
        plan: { items: world.plan, reasons: [] },
      });
      const { p5, p50, p95 } = forecast.days;
      assert.equal(forecast.status, 'ok');
      assert.deepEqual(forecast.reasons, []);
      assert.ok(p5 !== null && p50 !== null && p95 !== null);
      assert.ok(p5 > 150 && p5 < 300, `p5 ${p5}`);
      assert.ok(p50 > p5 + 30 && p95 > p50 + 30 && p95 < 700, `${p5} ${p50} ${p95}`);
      const monthlyBurn = Number(forecast.burn?.netDailyMean) * 30.4;
      assert.ok(monthlyBurn > 250_000 && monthlyBurn < 400_000, `burn ${monthlyBurn}`);
      assert.ok(balanceMinor > 2_000_000_00n && balanceMinor < 4_000_000_00n, `cash ${balanceMinor}`);
    });
  }

  test('never overdraws its bank account or its Stripe balance', () => {
    const cash = deliveries(company(), { seed: 1 })
      .filter(({ source }) => source === 'generic')
      .flatMap(factsIn)
      .filter((fact): fact is CashFact => fact.kind === 'cash');
    const unique = [...new Map(cash.map((fact) => [fact.key, fact])).values()];
    const bank = unique.sort((a, b) => (a.date < b.date ? -1 : 1));
    let balance = 0n;
    for (const [date, facts] of Map.groupBy(bank, (fact) => fact.date)) {
      balance += sum(facts.flatMap(({ lines }) => lines.map(({ amountMinor }) => amountMinor)));
      assert.ok(balance > 0n, `${date}: ${balance}`);
    }
    let stripe = 0;
    for (const { created, net } of company().stripe.transactions) {
      stripe += net;
      assert.ok(stripe >= 0, `${created}: ${stripe}`);
    }
  });

  test('pays people on business days, twice a month, and their taxes to the cent', () => {
    const { payrollRuns, window } = company();
    assert.equal(payrollRuns.length, 36);
    for (const run of payrollRuns) {
      assert.ok(weekday(run.payDate) <= 5);
      assert.equal(run.netMinor + run.employeeTaxMinor, run.grossMinor);
      assert.equal(
        sum(run.legs.map(({ amountMinor }) => amountMinor)),
        run.grossMinor + run.employerTaxMinor,
      );
    }
    const headcounts = payrollRuns.map(({ headcount }) => headcount);
    const [first = 0, last = 0] = [headcounts[0], headcounts.at(-1)];
    assert.ok(last > 1.8 * first, `from ${first} to ${last}`);
    const due = payrollRuns.flatMap(({ legs }) => legs).filter(({ cashDate }) => cashDate <= window.last);
    assert.equal(payrollEvents(window, payrollRuns).length, due.length);
  });

  test('shows everything that Stripe does to money', () => {
    const world = company();
    for (const type of ['charge.failed', 'customer.subscription.deleted', 'payout.paid', 'refund.created'])
      assert.ok(times(world, type) >= 5, type);
    assert.equal(times(world, 'charge.dispute.funds_withdrawn'), 1);
    assert.equal(times(world, 'charge.dispute.funds_reinstated'), 1);
    const dispute = world.stripe.transactions.filter(({ type }) => type === 'adjustment');
    assert.equal(sum(dispute.map(({ net }) => BigInt(net))), -1500n);
    const euro = world.stripe.transactions.filter((transaction) => transaction.exchange_rate !== null);
    assert.ok(euro.length > 40, `${euro.length}`);
    for (const { currency, exchange_rate: rate } of euro)
      assert.ok(currency === 'usd' && rate !== null && rate > 0.9 && rate < 1.3);
  });

  test('fits into a minute of loading: at most 1,600 facts', async () => {
    const rows = (await heardAll(company())).rows();
    const keys = new Set(rows.flatMap((row) => (row.kind === 'fact' ? [row.fact.key] : [])));
    assert.ok(keys.size > 1_000 && keys.size <= 1_600, `${keys.size}`);
  });
});
