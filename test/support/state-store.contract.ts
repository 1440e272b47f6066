import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type DayAggregate, foldDay } from '../../shared/aggregate/day.ts';
import { foldMonth } from '../../shared/aggregate/month.ts';
import { rowNames } from '../../shared/aggregate/reading.ts';
import type { StatementsAggregate } from '../../shared/aggregate/statements.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import type { BucketRow } from '../../shared/ledger/row.ts';
import type { Adaptation } from '../../shared/runway/adaptation.ts';
import { fenceOf } from '../../shared/runway/fence.ts';
import { cashFact, day, factRow, reversalOf } from './rows.ts';

let made = 0;
/** A tenant that no other test of this process writes to. */
const freshTenant = (): string => `s${process.pid}-${made++}`;

interface DayReading {
  readonly day: DayAggregate;
  readonly names: readonly string[];
}

const readingOf = (date: string, slice: number, rows: readonly BucketRow[]): DayReading => ({
  day: foldDay(day(date), slice, rows),
  names: rowNames(rows),
});

/** A reading that saw one fact per key; keys tell one reading from another. */
const dayOf = (date: string, slice: number, ...keys: readonly string[]): DayReading =>
  readingOf(
    date,
    slice,
    keys.map((key) => factRow(cashFact({ key, date: day(date), amountMinor: 9_007_199_254_740_993n }))),
  );

/** What every state store must do; run against the real table and against its twin in memory. */
export const stateStoreContract = (name: string, store: () => StateStore): void => {
  const putDay = (tenant: string, reading: DayReading): Promise<boolean> =>
    store().putDay(tenant, reading.day, reading.names);

  test(`${name}: aggregates come back exactly, each where it belongs`, async () => {
    const tenant = freshTenant();
    const january = [dayOf('2026-01-30', 0, 'a'), dayOf('2026-01-31', 0, 'b'), dayOf('2026-01-31', 3, 'c')];
    const february = dayOf('2026-02-01', 0, 'd');
    for (const each of [...january, february]) assert.equal(await putDay(tenant, each), true);
    const days = january.map((each) => each.day);
    assert.deepEqual(await store().daysOfMonth(tenant, '2026-01'), days);
    assert.deepEqual(await store().daysOfMonth(tenant, '2026-02'), [february.day]);
    assert.deepEqual(await store().daysOfMonth(tenant, '2026-03'), []);
    const months = [foldMonth('2026-01', days), foldMonth('2026-02', [february.day])];
    for (const each of months) assert.equal(await store().putMonth(tenant, each), true);
    const plan = { rows: 1, rowsHash: 'p', items: [{ id: 'rent', item: '{"amount":"-1"}' }] };
    const review = { rows: 3, rowsHash: 'r', conflicts: 2, quarantined: 1 };
    assert.equal(await store().putPlan(tenant, plan, january[0]?.names ?? []), true);
    assert.equal(await store().putReview(tenant, review, january[1]?.names ?? []), true);
    assert.deepEqual(await store().overview(tenant), { months, plan, review });
  });

  test(`${name}: a day of thousands of accounts, and a plan of a megabyte, come back exactly`, async () => {
    const tenant = freshTenant();
    const crowded = readingOf(
      '2026-03-01',
      0,
      Array.from({ length: 3000 }, (_, k) =>
        factRow(
          cashFact({
            key: `k${k}`,
            date: day('2026-03-01'),
            account: `account number ${k} of a crowd`.repeat(3),
          }),
        ),
      ),
    );
    assert.equal(await putDay(tenant, crowded), true);
    assert.equal(await store().putMonth(tenant, foldMonth('2026-03', [crowded.day])), true);
    assert.deepEqual(await store().daysOfMonth(tenant, '2026-03'), [crowded.day]);
    const items = Array.from({ length: 50 }, (_, k) => ({
      id: `i${k}`,
      item: JSON.stringify({ holidays: Array.from({ length: 1500 }, () => '2026-12-25') }),
    }));
    const plan = { rows: 50, rowsHash: 'p', items };
    assert.equal(await store().putPlan(tenant, plan, crowded.names.slice(0, 50)), true);
    assert.deepEqual((await store().overview(tenant)).plan, plan);
  });

  test(`${name}: statements come back by subject and month, exactly, and are fenced like days`, async () => {
    const tenant = freshTenant();
    const stated = (month: string, key: string): StatementsAggregate => ({
      subject: 'commitment',
      month,
      rows: 1,
      rowsHash: key,
      statements: [
        {
          key,
          date: day(`${month}-15`),
          source: 'payroll',
          body: {
            amountMinor: -9_007_199_254_740_993n,
            currency: 'USD',
            dueDate: day(`${month}-15`),
            leg: 'net',
            status: 'expected',
          },
        },
      ],
    });
    const months = [stated('2026-01', 'a'), stated('2026-02', 'b')];
    const names = dayOf('2026-01-31', 0, 'a', 'b').names;
    for (const each of months) assert.equal(await store().putStatements(tenant, each, names), true);
    assert.equal(await store().putStatements(tenant, stated('2026-01', 'c'), names.slice(1)), false);
    assert.deepEqual(await store().statements(tenant, 'commitment'), months);
    assert.deepEqual(await store().statements(tenant, 'commitment', ['2026-02']), [months[1]]);
    assert.deepEqual(await store().statements(tenant, 'payout'), []);
    assert.deepEqual(await store().overview(tenant), { months: [], plan: undefined, review: undefined });
  });

  test(`${name}: an unknown tenant has nothing`, async () => {
    const tenant = freshTenant();
    assert.deepEqual(await store().overview(tenant), { months: [], plan: undefined, review: undefined });
    assert.equal(await store().forecast(tenant), undefined);
  });

  test(`${name}: a reading replaces one whose rows it saw, again and again`, async () => {
    const tenant = freshTenant();
    for (const keys of [['a'], ['a'], ['b', 'a'], ['a', 'b', 'c', 'd']]) {
      const reading = dayOf('2026-01-31', 0, ...keys);
      assert.equal(await putDay(tenant, reading), true);
      assert.deepEqual(await store().daysOfMonth(tenant, '2026-01'), [reading.day]);
    }
  });

  test(`${name}: a reading that lacks a row never replaces one that saw it, however many it saw itself`, async () => {
    const tenant = freshTenant();
    const first = dayOf('2026-01-31', 0, 'a', 'b');
    assert.equal(await putDay(tenant, first), true);
    for (const keys of [['a'], ['a', 'c'], ['b', 'c', 'd'], []])
      assert.equal(await putDay(tenant, dayOf('2026-01-31', 0, ...keys)), false);
    assert.deepEqual(await store().daysOfMonth(tenant, '2026-01'), [first.day]);
  });

  test(`${name}: a reading of rows that do not exist goes only by its name`, async () => {
    const tenant = freshTenant();
    const [phantom, real] = [dayOf('2026-01-31', 0, 'a', 'phantom'), dayOf('2026-01-31', 0, 'a')];
    assert.equal(await putDay(tenant, phantom), true);
    assert.equal(await store().putDay(tenant, real.day, real.names, 'sha256:another'), false);
    assert.equal(await store().putDay(tenant, real.day, real.names, phantom.day.rowsHash), true);
    assert.deepEqual(await store().daysOfMonth(tenant, '2026-01'), [real.day]);
    const [before, after] = [phantom, real].map(({ day: each }) => foldMonth('2026-01', [each]));
    assert.ok(before && after);
    assert.equal(await store().putMonth(tenant, before), true);
    assert.equal(await store().putMonth(tenant, after), false);
    assert.equal(await store().putMonth(tenant, after, before.daysHash), true);
    assert.deepEqual((await store().overview(tenant)).months, [after]);
  });

  test(`${name}: readers of one day at once leave a reading that no other was needed for`, async () => {
    const tenant = freshTenant();
    const readings = [['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd']].map((keys) =>
      dayOf('2026-01-31', 0, ...keys),
    );
    const stored = await Promise.all(readings.map((reading) => putDay(tenant, reading)));
    const [left] = await store().daysOfMonth(tenant, '2026-01');
    assert.equal(left?.rows, Math.max(...readings.map(({ day: { rows } }, n) => (stored[n] ? rows : 0))));
  });

  test(`${name}: plan and review are fenced like days`, async () => {
    const tenant = freshTenant();
    const [one, both, other] = [['a'], ['a', 'b'], ['b', 'c', 'd']].map(
      (keys) => dayOf('2026-01-31', 0, ...keys).names,
    ) as [readonly string[], readonly string[], readonly string[]];
    const plan = { rows: 2, rowsHash: 'p2', items: [] };
    const review = { rows: 2, rowsHash: 'r2', conflicts: 1, quarantined: 1 };
    assert.equal(await store().putPlan(tenant, plan, both), true);
    assert.equal(await store().putReview(tenant, review, both), true);
    for (const lacking of [one, other]) {
      assert.equal(await store().putPlan(tenant, { ...plan, rowsHash: 'other' }, lacking), false);
      assert.equal(await store().putReview(tenant, { ...review, rowsHash: 'other' }, lacking), false);
    }
    assert.deepEqual(await store().overview(tenant), { months: [], plan, review });
  });

  test(`${name}: what the past has taught comes with the overview, and an older lesson never replaces a newer`, async () => {
    const tenant = freshTenant();
    const lesson = (rows: number): Adaptation => ({
      version: 'test',
      fence: fenceOf(day('2026-02-01'), rows),
      madeFrom: 'sha256:1',
      exponents: { low: [1, 1.25, 0.5, 3], high: [1, 1, 1, 2] },
      origins: [{ origin: day('2025-08-01'), madeFrom: 'sha256:2', resolved: [] }],
    });
    assert.equal(await store().putAdaptation(tenant, lesson(10)), true);
    assert.equal(await store().putAdaptation(tenant, lesson(9)), false);
    assert.deepEqual((await store().overview(tenant)).adaptation, lesson(10));
  });

  test(`${name}: a month of fewer rows, or of as many others, never replaces one of more`, async () => {
    const tenant = freshTenant();
    const monthOf = (...keys: readonly string[]) =>
      foldMonth('2026-01', [dayOf('2026-01-31', 0, ...keys).day]);
    assert.equal(await store().putMonth(tenant, monthOf('a', 'b')), true);
    assert.equal(await store().putMonth(tenant, monthOf('a', 'b')), true);
    assert.equal(await store().putMonth(tenant, monthOf('a')), false);
    assert.equal(await store().putMonth(tenant, monthOf('a', 'c')), false);
    assert.deepEqual((await store().overview(tenant)).months, [monthOf('a', 'b')]);
  });

  test(`${name}: a reversal is a row more, so the corrected day replaces the first`, async () => {
    const tenant = freshTenant();
    const row = factRow(cashFact({ key: 'a' }));
    await putDay(tenant, readingOf('2026-01-31', 0, [row]));
    const corrected = readingOf('2026-01-31', 0, [row, reversalOf(row)]);
    assert.equal(await putDay(tenant, corrected), true);
    assert.deepEqual(await store().daysOfMonth(tenant, '2026-01'), [corrected.day]);
  });

  test(`${name}: whatever the order of puts, the greatest fence stays`, async () => {
    const fence = fc.record({
      offset: fc.integer({ min: 0, max: 2 }),
      rows: fc.integer({ min: 8, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fence, { minLength: 1, maxLength: 6 }), async (readings) => {
        const tenant = freshTenant();
        let greatest = '';
        for (const { offset, rows } of readings) {
          const of = fenceOf(day(`2026-01-1${offset}`), rows);
          const stored = await store().putForecast(tenant, { fence: of, document: `{"of":"${of}"}` });
          assert.equal(stored, of >= greatest);
          if (stored) greatest = of;
        }
        assert.deepEqual(await store().forecast(tenant), {
          fence: greatest,
          document: `{"of":"${greatest}"}`,
        });
      }),
      { numRuns: 30 },
    );
  });

  test(`${name}: tenants do not see each other's state`, async () => {
    const [one, other] = [freshTenant(), freshTenant()];
    await store().putForecast(one, { fence: '2026-01-31#000000000009', document: '{}' });
    await putDay(one, dayOf('2026-01-31', 0, 'a', 'b'));
    assert.equal(await store().forecast(other), undefined);
    assert.equal(await putDay(other, dayOf('2026-01-31', 0, 'a')), true);
  });

  test(`${name}: requests are counted by subject and minute`, async () => {
    const subject = freshTenant();
    const counted: number[] = [];
    for (const minute of ['m1', 'm1', 'm2', 'm1'])
      counted.push(await store().countRequest(subject, minute, 4_102_444_800));
    assert.deepEqual(counted, [1, 2, 1, 3]);
  });
};
