/** A function that has forecast before tells the same bytes as one that has just started, after any sequence of events. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type RecomputeDeps, recompute } from '../../functions/forecast/recompute.ts';
import type { ForecastHistory } from '../../shared/aws/forecast-history.ts';
import { forecastRunway } from '../../shared/model/runway.ts';
import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';
import { runwayInput } from '../shared/model/ledgers.ts';
import { memoryForecastCache } from '../support/memory-forecast-cache.ts';
import { memoryForecastHistory } from '../support/memory-forecast-history.ts';
import { memoryStateStore } from '../support/memory-state-store.ts';
import { cashFact, day, factRow, reversalOf } from '../support/rows.ts';
import { settingsOf } from '../support/settings.ts';

const tenant = settingsOf({ tenant: 'demo' });
const TODAY = day('2026-03-10');
const reporting = {
  nowMs: Date.parse('2026-03-10T12:00:00Z'),
  log: { info: () => undefined, error: () => undefined } as never,
  metrics: () => undefined,
};

type Row = ReturnType<typeof factRow> | ReturnType<typeof reversalOf>;

const paid = (key: string, date: CivilDate, amountMinor: bigint, counterparty?: string): Row =>
  factRow(cashFact({ key, date, amountMinor, ...(counterparty !== undefined && { counterparty }) }));

/** Half a year: cash raised, cards, rent, and payroll every other week. */
const past: readonly Row[] = [
  factRow(
    cashFact({
      key: 'seed',
      date: addDays(TODAY, -200),
      lines: [{ category: 'funding', amountMinor: 90_000_000n }],
    }),
  ),
  ...Array.from({ length: 190 }, (_, k) => {
    const date = addDays(TODAY, -190 + k);
    const cards = paid(`card${k}`, date, -4_000n - BigInt((k * k * 37) % 1_714));
    if (k % 14 === 4) return [cards, paid(`pay${k}`, date, -1_500_000n, 'Payroll Co')];
    return date.endsWith('-02') ? [cards, paid(`rent${k}`, date, -600_000n, 'Landlord')] : [cards];
  }).flat(),
];

interface Warm extends RecomputeDeps {
  readonly history: ForecastHistory;
}

const world = (): Warm => ({
  ledger: { bucketRows: async () => [] },
  state: memoryStateStore(),
  cache: memoryForecastCache({}),
  history: memoryForecastHistory(),
  tenants: [tenant],
  daysRead: new Map(),
});

/** Hands the function these rows, and tells what it then has stored. @param all rows of the buckets, as the index shows them */
const told = async (deps: Warm, rows: readonly Row[], all: readonly Row[]): Promise<unknown> => {
  const bucketRows = async (bucket: string) => all.filter((row) => row.bucket === bucket);
  const seen = rows.map((row, k) => ({ row, sequenceNumber: String(k) }));
  assert.deepEqual(await recompute({ ...deps, ledger: { bucketRows } }, seen, reporting), []);
  const stored = await deps.state.forecast('demo');
  return { stored, cached: await deps.cache.get('demo'), kept: await deps.history.on('demo', TODAY) };
};

/** Started anew, from the ledger alone; other paths than any of the demo company's take the place of what was kept. */
const fresh = (all: readonly Row[]): Promise<unknown> => {
  forecastRunway(runwayInput({ paths: 3, horizonDays: 40 }));
  return told(world(), all, all);
};

const event = fc.oneof(
  fc.record({
    ago: fc.constant(0),
    minor: fc.bigInt(-90_000n, 90_000n),
    to: fc.constantFrom(undefined, 'Kiosk'),
  }),
  fc.record({
    ago: fc.integer({ min: 0, max: 60 }),
    minor: fc.constantFrom(-1_500_000n, -600_000n, -5_000n, 0n),
    to: fc.constantFrom(undefined, 'Payroll Co', 'Landlord'),
  }),
);

test('A warm function tells what a cold one tells, to the byte, after any events and corrections', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ events: fc.array(event, { minLength: 1, maxLength: 3 }), takesBack: fc.boolean() }),
        {
          minLength: 2,
          maxLength: 4,
        },
      ),
      async (batches) => {
        const all = [...past];
        const warm = world();
        await told(warm, past, all);
        const known: { readonly rows: readonly Row[]; readonly answer: unknown }[] = [];
        for (const [k, { events, takesBack }] of batches.entries()) {
          const rows = events.map(({ ago, minor, to }, n) =>
            paid(`e${k}-${n}`, addDays(TODAY, -ago), minor, to),
          );
          const [first] = rows;
          if (takesBack && first?.kind === 'fact') rows.push(reversalOf(first));
          all.push(...rows);
          known.push({ rows: [...all], answer: await told(warm, rows, all) });
        }
        for (const { rows, answer } of known) assert.deepEqual(answer, await fresh(rows));
      },
    ),
    { numRuns: 4 },
  );
});
