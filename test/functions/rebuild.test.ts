import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { refoldBuckets } from '../../functions/forecast/aggregate.ts';
import { isBucketRow } from '../../functions/forecast/recompute.ts';
import { type RebuildDeps, rebuild } from '../../functions/settle/rebuild.ts';
import { rebuildRequest } from '../../functions/settle/request.ts';
import { foldDay } from '../../shared/aggregate/day.ts';
import { rowNames } from '../../shared/aggregate/reading.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import { type CashFact, revision } from '../../shared/event/fact.ts';
import { addDays } from '../../shared/time/civil-date.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { type MemoryState, memoryStateStore } from '../support/memory-state-store.ts';
import { cashFact, day, factRow } from '../support/rows.ts';
import { provenance, settingsOf } from '../support/settings.ts';

const settings = settingsOf({ tenant: 'demo', slices: 2 });
const FROM = day('2026-01-25');
const range = { from: FROM, to: addDays(FROM, 19) };

const factsArbitrary = fc.uniqueArray(
  fc.record({
    id: fc.nat({ max: 60 }),
    offset: fc.nat({ max: 19 }),
    amount: fc.integer({ min: -5_000, max: 5_000 }),
    revised: fc.boolean(),
  }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 25 },
);
type Told = (typeof factsArbitrary extends fc.Arbitrary<infer Value> ? Value : never)[number];

const factsOf = ({ id, offset, amount, revised }: Told): CashFact[] => {
  const fact = cashFact({ key: `k${id}`, date: addDays(FROM, offset), amountMinor: BigInt(amount) });
  return revised
    ? [fact, { ...fact, date: addDays(FROM, 19 - offset), revision: revision('final', 1) }]
    : [fact];
};

/** A ledger with these facts, and State as its stream would have left it. */
const world = async (told: readonly Told[]) => {
  const ledger = memoryLedgerStore();
  for (const fact of told.flatMap(factsOf)) await ledger.append(fact, provenance(settings));
  const state = memoryStateStore();
  const deps: RebuildDeps = { ledger, state, patience: async () => undefined };
  await refoldBuckets(deps, ledger.rows().filter(isBucketRow));
  return { ledger, state, deps };
};

const documents = (state: MemoryState) =>
  state
    .items()
    .filter(({ document }) => JSON.parse(document).rows !== 0)
    .map(({ key, document }) => [key, document]);

type Damage = (state: StateStore & MemoryState, told: readonly Told[]) => Promise<void>;

/** What may befall derived state: an outage, one lost bucket, an altered figure, a row that was made up. */
const DAMAGES: Readonly<Record<string, Damage>> = {
  'an empty table': async (state) => state.drop(),
  'made-up rows': async (state) => {
    const phantom = factRow(cashFact({ key: 'phantom', date: FROM, amountMinor: 1_000_000n }));
    const hash = JSON.parse(
      state.items().find(({ key }) => key === `demo/day/${FROM}/00`)?.document ?? '{}',
    ).rowsHash;
    await state.putDay('demo', foldDay(FROM, 0, [phantom]), rowNames([phantom]), hash);
  },
  'an altered figure': async (state, told) => {
    const date = addDays(FROM, told[0]?.offset ?? 0);
    for (const stored of await state.daysOfMonth('demo', date.slice(0, 7))) {
      if (stored.rows === 0) continue;
      const accounts = stored.accounts.map((each) => ({ ...each, deltaMinor: each.deltaMinor + 7n }));
      await state.putDay('demo', { ...stored, accounts }, [], stored.rowsHash);
    }
  },
};

for (const [name, damage] of Object.entries(DAMAGES))
  test(`a rebuild undoes ${name}, to the byte of what the stream left, and finds nothing more`, async () => {
    await fc.assert(
      fc.asyncProperty(factsArbitrary, async (told) => {
        const { state, deps } = await world(told);
        const before = documents(state);
        await damage(state, told);
        const damaged = JSON.stringify(documents(state)) !== JSON.stringify(before);
        const found = await rebuild(deps, settings, range, false);
        assert.equal(found.differences.length > 0, damaged);
        assert.ok(found.differences.every(({ healed }) => !healed));
        const healed = await rebuild(deps, settings, range, true);
        assert.ok(healed.differences.every((each) => each.healed));
        assert.deepEqual(documents(state), before);
        assert.deepEqual((await rebuild(deps, settings, range, true)).differences, []);
      }),
      { numRuns: 25 },
    );
  });

test('what a rebuild reports says how much money was told wrongly, and where', async () => {
  const told = [{ id: 1, offset: 0, amount: 500, revised: false }];
  const { state, deps } = await world(told);
  await DAMAGES['an altered figure']?.(state, told);
  const { differences, rows } = await rebuild(deps, { ...settings, slices: 2 }, range, false);
  assert.equal(rows, 1);
  const [found] = differences;
  assert.equal(found?.deviation, 'altered');
  assert.deepEqual(found?.accounts, [{ account: 'manual', currency: 'USD', stored: '5.07', ledger: '5.00' }]);
});

test('a reading that the index has not caught up with is given time, and stays if it was right', async () => {
  const { ledger, state, deps } = await world([{ id: 1, offset: 3, amount: 500, revised: false }]);
  const before = documents(state);
  let behind = true;
  const lagging: RebuildDeps = {
    ...deps,
    ledger: { bucketRows: async (bucket) => (behind ? [] : ledger.bucketRows(bucket)) },
    patience: async () => {
      behind = false;
    },
  };
  const { differences } = await rebuild(lagging, settings, range, true);
  assert.deepEqual(
    differences.filter(({ bucket }) => !bucket.startsWith('month')).map(({ deviation }) => deviation),
    ['ahead'],
  );
  assert.deepEqual(documents(state), before);
});

test('a request names two days in order, not too far apart, and nothing else', () => {
  const asked = (value: unknown) => rebuildRequest(Buffer.from(JSON.stringify(value)));
  assert.deepEqual(asked({ from: '2026-01-01', to: '2026-01-31' }), {
    from: '2026-01-01',
    to: '2026-01-31',
    heal: true,
  });
  for (const [value, complaint] of [
    [{ to: '2026-01-31' }, /^from/],
    [{ from: '2026-02-30', to: '2026-03-01' }, /^from/],
    [{ from: '2026-01-01', to: 5 }, /^to/],
    [{ from: '2026-01-02', to: '2026-01-01' }, /^to/],
    [{ from: '2020-01-01', to: '2026-01-01' }, /400 days/],
    [{ from: '2026-01-01', to: '2026-01-02', heal: 'yes' }, /^heal/],
    [{ from: '2026-01-01', to: '2026-01-02', tenant: 'other' }, /^tenant/],
    [[], /no JSON object/],
  ] as const)
    assert.match(String(asked(value)), complaint);
  assert.match(String(rebuildRequest(Buffer.from('{'))), /no JSON/);
});
