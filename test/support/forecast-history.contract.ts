import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForecastHistory, ToldForecast } from '../../shared/aws/forecast-history.ts';
import type { CivilDate } from '../../shared/time/civil-date.ts';

const NOW_MS = Date.parse('2026-11-21T09:14:00Z');
let made = 0;
/** A tenant that no other test of this process writes to. */
const freshTenant = (): string => `h${process.pid}-${made++}`;
const on = (day: number): CivilDate => `2026-11-${day.toString().padStart(2, '0')}` as CivilDate;
const told = (day: number, rows: number, text = ''): ToldForecast => ({
  date: on(day),
  fence: `${on(day)}#${rows.toString().padStart(12, '0')}`,
  document: JSON.stringify({ p50_days: rows, text }),
  inputs: JSON.stringify({ rows, text }),
});

/** What every history of forecasts must do; run against the real table and against its twin in memory. */
export const forecastHistoryContract = (name: string, history: () => ForecastHistory): void => {
  test(`${name}: a day without a forecast has none`, async () => {
    const tenant = freshTenant();
    assert.equal(await history().on(tenant, on(1)), undefined);
    assert.deepEqual(await history().between(tenant, on(1), on(30)), []);
  });

  test(`${name}: the last forecast of a day stays, whatever order they come in`, async () => {
    const tenant = freshTenant();
    for (const rows of [2, 5, 3]) await history().put(tenant, told(7, rows), NOW_MS);
    assert.deepEqual(await history().on(tenant, on(7)), told(7, 5));
    await history().put(tenant, told(7, 5, 'again'), NOW_MS);
    assert.deepEqual(await history().on(tenant, on(7)), told(7, 5, 'again'));
  });

  test(`${name}: days come ascending, both ends included, of one tenant alone`, async () => {
    const [tenant, other] = [freshTenant(), freshTenant()];
    for (const day of [9, 3, 5, 12]) await history().put(tenant, told(day, day), NOW_MS);
    await history().put(other, told(5, 77), NOW_MS);
    const { inputs: _, ...fifth } = told(5, 5);
    const between = await history().between(tenant, on(5), on(9));
    assert.deepEqual(
      between.map(({ date }) => date),
      [on(5), on(9)],
    );
    assert.deepEqual(between[0], fifth);
  });

  test(`${name}: a large ledger comes back exactly`, async () => {
    const tenant = freshTenant();
    const large = told(8, 1, 'payroll '.repeat(100_000));
    await history().put(tenant, large, NOW_MS);
    assert.deepEqual(await history().on(tenant, on(8)), large);
  });
};
