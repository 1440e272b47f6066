import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refoldBuckets } from '../../functions/forecast/aggregate.ts';
import { learnFromPast } from '../../functions/forecast/learn.ts';
import { liveView } from '../../shared/aws/live-view.ts';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { memoryStateStore } from '../support/memory-state-store.ts';
import { cashFact, day, factRow } from '../support/rows.ts';
import { settingsOf } from '../support/settings.ts';

const tenant = settingsOf({ tenant: 'demo' });
const FIRST = day('2025-10-01') as CivilDate;
const NOW_MS = Date.parse('2026-08-20T12:00:00Z');

/** 323 days of spending, one payment a day and a payroll every other week. */
const rows = Array.from({ length: 323 }, (_, k) =>
  factRow(
    cashFact({
      key: `p${k}`,
      date: addDays(FIRST, k),
      amountMinor: -2_000n - BigInt((k * k * 37) % 1_714) - (k % 14 === 5 ? 90_000n : 0n),
    }),
  ),
);

const world = async () => {
  const state = memoryStateStore();
  const deps = { state, ledger: memoryLedgerStore(), daysRead: new Map() };
  await refoldBuckets({ state, ledger: { bucketRows: async () => [] } }, rows);
  return { state, deps };
};

test('the hourly run learns once, and again only when something changed', async () => {
  const { state, deps } = await world();
  await learnFromPast(deps, tenant, NOW_MS);
  const { adaptation } = await state.overview(tenant.tenant);
  assert((adaptation?.origins.length ?? 0) > 0);
  const readMonths: string[] = [];
  const watched = {
    ...deps,
    state: {
      ...state,
      daysOfMonth: (of: string, month: string) => {
        readMonths.push(month);
        return state.daysOfMonth(of, month);
      },
    },
    daysRead: new Map(),
  };
  await learnFromPast(watched, tenant, NOW_MS + 3_600_000);
  assert.deepEqual(readMonths, []);
  await learnFromPast(watched, tenant, NOW_MS + 24 * 3_600_000);
  assert(readMonths.length > 0);
});

test('rebuilt from nothing it is the same, and the live forecast is told of it', async () => {
  const { state, deps } = await world();
  for (const hours of [-72, -48, -24, 0]) await learnFromPast(deps, tenant, NOW_MS + hours * 3_600_000);
  const grown = (await state.overview(tenant.tenant)).adaptation;
  const other = await world();
  await learnFromPast(other.deps, tenant, NOW_MS);
  assert.deepEqual((await other.state.overview(tenant.tenant)).adaptation, grown);
  assert.deepEqual((await liveView(deps, tenant, NOW_MS)).adaptation, grown);
});

test('a tenant without a past of its own stores nothing', async () => {
  const state = memoryStateStore();
  await learnFromPast({ state, daysRead: new Map() }, tenant, NOW_MS);
  assert.deepEqual(state.items(), []);
});
