import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerReplay } from '../../functions/audit/replay.ts';
import { refoldBuckets } from '../../functions/forecast/aggregate.ts';
import { isBucketRow } from '../../functions/forecast/recompute.ts';
import { liveView } from '../../shared/aws/live-view.ts';
import { type Fact, revision } from '../../shared/event/fact.ts';
import { runwayOf } from '../../shared/runway/runway.ts';
import { addDays } from '../../shared/time/civil-date.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { memoryStateStore } from '../support/memory-state-store.ts';
import { cashFact, day } from '../support/rows.ts';
import { provenance, settingsOf } from '../support/settings.ts';

const settings = settingsOf({ accountingZone: 'Pacific/Auckland' });
const START = day('2026-03-01');
const NOW = Date.parse('2026-03-20T03:00:00Z');
const HOUR = 3_600_000;

/** One telling: of which fact, when it was recorded (hours from the start), of which day, and what. */
const tellings = fc.array(
  fc.record({
    id: fc.nat({ max: 5 }),
    hour: fc.nat({ max: 400 }),
    offset: fc.nat({ max: 15 }),
    amount: fc.integer({ min: -9_999, max: 9_999 }),
    plan: fc.boolean(),
  }),
  { minLength: 1, maxLength: 14 },
);

const world = async (
  told: readonly (typeof tellings extends fc.Arbitrary<infer T> ? T : never)[number][],
  until: number,
) => {
  const ledger = memoryLedgerStore();
  const state = memoryStateStore();
  const ordered = [...told].sort((a, b) => a.hour - b.hour);
  for (const [order, { id, hour, offset, amount, plan }] of ordered.entries()) {
    if (hour > until) continue;
    const fact: Fact = plan
      ? {
          kind: 'plan',
          key: `plan:p${id}`,
          revision: revision('final', order),
          source: 'owner',
          date: START,
          item:
            amount > 0 ? `{"amount":"${amount}","date":"2027-01-01","kind":"scheduled","label":"x"}` : null,
        }
      : cashFact({
          key: `k${id}`,
          revision: revision('final', order),
          date: addDays(START, offset),
          amountMinor: BigInt(amount),
        });
    const recordedAt = new Date(Date.parse('2026-03-01T00:00:00Z') + hour * HOUR).toISOString();
    await ledger.append(fact, provenance(settings, { recordedAt }));
  }
  await refoldBuckets({ ledger, state }, ledger.rows().filter(isBucketRow));
  return { ledger, state };
};

const replayed = async (at: Awaited<ReturnType<typeof world>>, query: Record<string, string>) => {
  const answer = await answerReplay(at, { query, nowMs: NOW }, settings);
  assert.equal(answer.status, 200, answer.body);
  const { known: _, ...body } = JSON.parse(answer.body);
  return body;
};

test('what was known at a time is what a ledger that ended there says, whatever was told and corrected since', async () => {
  await fc.assert(
    fc.asyncProperty(tellings, fc.nat({ max: 400 }), fc.nat({ max: 18 }), async (told, hour, offset) => {
      const known = new Date(Date.parse('2026-03-01T00:00:00Z') + hour * HOUR).toISOString();
      const query = { as_of: addDays(START, offset), known };
      const [later, then] = await Promise.all([world(told, 1_000), world(told, hour)]);
      assert.deepEqual(await replayed(later, query), await replayed(then, query));
    }),
    { numRuns: 30 },
  );
});

test('today as known now is the live forecast, to the byte of its inputs', async () => {
  await fc.assert(
    fc.asyncProperty(tellings, async (told) => {
      const at = await world(told, 1_000);
      const view = await liveView({ state: at.state, daysRead: new Map() }, settings, NOW);
      const { computed_at: _, ...live } = JSON.parse(runwayOf(settings, view, NOW).document);
      assert.deepEqual((await replayed(at, {})).runway, live);
    }),
    { numRuns: 15 },
  );
});

test('a day is known to its end in the tenant’s zone', async () => {
  const told = [{ id: 1, hour: 9, offset: 0, amount: 100, plan: false }];
  const at = await world(told, 1_000);
  /** 09:00 UTC on 1 March is 22:00 in Auckland, and 11:00 UTC the day after. */
  assert.deepEqual((await replayed(at, { known: '2026-03-01' })).balances, { USD: '1.00' });
  const late = await world([{ ...told[0], id: 1, hour: 12, offset: 0, amount: 100, plan: false }], 1_000);
  assert.deepEqual((await replayed(late, { known: '2026-03-01' })).balances, {});
  assert.deepEqual((await replayed(late, { known: '2026-03-02' })).balances, { USD: '1.00' });
});
