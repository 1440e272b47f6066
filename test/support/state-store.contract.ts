import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type DayAggregate, foldDay } from '../../shared/aggregate/day.ts';
import { foldMonth } from '../../shared/aggregate/month.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import { fenceOf } from '../../shared/runway/fence.ts';
import { cashFact, day, factRow, reversalOf } from './rows.ts';

let made = 0;
/** A tenant that no other test of this process writes to. */
const freshTenant = (): string => `s${process.pid}-${made++}`;

/** The fold of a day with one fact per key; keys tell one reading from another. */
const dayOf = (date: string, slice: number, ...keys: readonly string[]): DayAggregate =>
  foldDay(
    day(date),
    slice,
    keys.map((key) => factRow(cashFact({ key, date: day(date), amountMinor: 9_007_199_254_740_993n }))),
  );

/** What every state store must do; run against the real table and against its twin in memory. */
export const stateStoreContract = (name: string, store: () => StateStore): void => {
  test(`${name}: aggregates come back exactly, each where it belongs`, async () => {
    const tenant = freshTenant();
    const january = [dayOf('2026-01-30', 0, 'a'), dayOf('2026-01-31', 0, 'b'), dayOf('2026-01-31', 3, 'c')];
    const february = dayOf('2026-02-01', 0, 'd');
    for (const each of [...january, february]) assert.equal(await store().putDay(tenant, each), true);
    assert.deepEqual(await store().daysOfMonth(tenant, '2026-01'), january);
    assert.deepEqual(await store().daysOfMonth(tenant, '2026-02'), [february]);
    assert.deepEqual(await store().daysOfMonth(tenant, '2026-03'), []);
    const months = [foldMonth('2026-01', january), foldMonth('2026-02', [february])];
    for (const each of months) assert.equal(await store().putMonth(tenant, each), true);
    const plan = { rows: 1, rowsHash: 'p', items: [{ id: 'rent', item: '{"amount":"-1"}' }] };
    const review = { rows: 3, rowsHash: 'r', conflicts: 2, quarantined: 1 };
    assert.equal(await store().putPlan(tenant, plan), true);
    assert.equal(await store().putReview(tenant, review), true);
    assert.deepEqual(await store().overview(tenant), { months, plan, review });
  });

  test(`${name}: an unknown tenant has nothing`, async () => {
    const tenant = freshTenant();
    assert.deepEqual(await store().overview(tenant), { months: [], plan: undefined, review: undefined });
    assert.equal(await store().forecast(tenant), undefined);
  });

  test(`${name}: a reading of fewer rows never replaces one of more`, async () => {
    const tenant = freshTenant();
    const newer = dayOf('2026-01-31', 0, 'a', 'b');
    assert.equal(await store().putDay(tenant, newer), true);
    assert.equal(await store().putDay(tenant, dayOf('2026-01-31', 0, 'a')), false);
    assert.deepEqual(await store().daysOfMonth(tenant, '2026-01'), [newer]);
  });

  test(`${name}: of as many rows only the same may be put again`, async () => {
    const tenant = freshTenant();
    const first = dayOf('2026-01-31', 0, 'a');
    assert.equal(await store().putDay(tenant, first), true);
    assert.equal(await store().putDay(tenant, first), true);
    assert.equal(await store().putDay(tenant, dayOf('2026-01-31', 0, 'b')), false);
    assert.deepEqual(await store().daysOfMonth(tenant, '2026-01'), [first]);
  });

  test(`${name}: months, plan and review are fenced like days`, async () => {
    const tenant = freshTenant();
    const month = foldMonth('2026-01', [dayOf('2026-01-31', 0, 'a', 'b')]);
    const plan = { rows: 2, rowsHash: 'p2', items: [] };
    const review = { rows: 2, rowsHash: 'r2', conflicts: 1, quarantined: 1 };
    assert.equal(await store().putMonth(tenant, month), true);
    assert.equal(await store().putPlan(tenant, plan), true);
    assert.equal(await store().putReview(tenant, review), true);
    assert.equal(await store().putMonth(tenant, foldMonth('2026-01', [dayOf('2026-01-31', 0, 'a')])), false);
    assert.equal(await store().putPlan(tenant, { ...plan, rows: 1, rowsHash: 'p1' }), false);
    assert.equal(await store().putPlan(tenant, { ...plan, rowsHash: 'other' }), false);
    assert.equal(await store().putReview(tenant, { ...review, rows: 1, rowsHash: 'r1' }), false);
    assert.deepEqual(await store().overview(tenant), { months: [month], plan, review });
  });

  test(`${name}: a reversal is a row more, so the corrected day replaces the first`, async () => {
    const tenant = freshTenant();
    const row = factRow(cashFact({ key: 'a' }));
    await store().putDay(tenant, foldDay(day('2026-01-31'), 0, [row]));
    const corrected = foldDay(day('2026-01-31'), 0, [row, reversalOf(row)]);
    assert.equal(await store().putDay(tenant, corrected), true);
    assert.deepEqual(await store().daysOfMonth(tenant, '2026-01'), [corrected]);
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
    await store().putDay(one, dayOf('2026-01-31', 0, 'a', 'b'));
    assert.equal(await store().forecast(other), undefined);
    assert.equal(await store().putDay(other, dayOf('2026-01-31', 0, 'a')), true);
  });

  test(`${name}: requests are counted by subject and minute`, async () => {
    const subject = freshTenant();
    const counted: number[] = [];
    for (const minute of ['m1', 'm1', 'm2', 'm1'])
      counted.push(await store().countRequest(subject, minute, 4_102_444_800));
    assert.deepEqual(counted, [1, 2, 1, 3]);
  });
};
