import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type PosthogDeps, sweepPosthog } from '../../functions/poll/posthog.ts';
import { posthogStub } from '../../scripts/local/providers/posthog.ts';
import type { Ask } from '../../shared/providers/patience.ts';
import { posthogApi } from '../../shared/providers/posthog/api.ts';
import { memoryArchive, memorySecrets, quietInvocation } from '../support/memory-intake.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { settingsOf } from '../support/settings.ts';
import { statedIn } from '../support/stated.ts';

const HOST = 'eu.posthog.com';

interface WorldOptions {
  readonly zone?: string;
  readonly metrics?: readonly string[];
  readonly query?: string;
  /** What PostHog answers in place of the stand-in. */
  readonly says?: () => { readonly status: number; readonly body: string };
}

const world = ({ zone = 'UTC', metrics = ['signups'], query, says }: WorldOptions = {}) => {
  const settings = settingsOf({
    accountingZone: zone,
    posthog: {
      host: HOST,
      project: '7',
      metrics: metrics.map((name) => ({
        name,
        ...(query === undefined ? { event: 'user signed up' } : { query }),
      })),
    },
  });
  const stub = posthogStub();
  const call = (path: string, headers: Record<string, string>, body: string) =>
    stub({ method: 'POST', path: `/${HOST}/${path}`, headers, body: Buffer.from(body) });
  const asked: { query: { query: string; values: Record<string, string> }; refresh: string }[] = [];
  const ask: Ask = async (url, { headers, body = '' }) => {
    asked.push(JSON.parse(body));
    const answer = says?.() ?? call(url.slice(`https://${HOST}/`.length), headers, body);
    return { status: answer.status, headers: { get: () => null }, text: async () => answer.body.toString() };
  };
  const ledger = memoryLedgerStore();
  const deps: PosthogDeps = {
    ledger,
    archive: memoryArchive(),
    secrets: memorySecrets({ 'acme/posthog/api': ['phx_key'] }),
    posthog: posthogApi('https://{host}', ask),
  };
  return {
    asked,
    ledger,
    send: (...events: readonly (readonly [uuid: string, timestamp: string, event?: string])[]) =>
      call(
        '_control/events',
        {},
        JSON.stringify(
          events.map(([uuid, timestamp, event = 'user signed up']) => ({ uuid, timestamp, event })),
        ),
      ),
    turnAway: (times: number) => call('_control/limits', {}, JSON.stringify({ times })),
    sweepAt: async (text: string) => {
      const context = quietInvocation(Date.parse(`${text}:00Z`));
      await sweepPosthog(deps, settings, context);
      return context.lines;
    },
    stated: (): Record<string, string> => {
      for (const row of ledger.rows())
        assert.ok(row.kind !== 'fact' || row.fact.kind === 'statement', 'nothing of it is cash');
      return Object.fromEntries(
        statedIn(ledger.rows()).map(([key, { value }]) => [
          key.replace(`usage:posthog:${HOST}:7:`, ''),
          value,
        ]),
      );
    },
    facts: () => ledger.rows().filter(({ kind }) => kind === 'fact').length,
  };
};

test('PostHog: events count once a uuid, by days of the accounting zone that are over', async () => {
  const at = world({ zone: 'America/New_York' });
  at.send(
    ['a', '2026-03-09T12:00:00Z'],
    ['a', '2026-03-09T12:00:00Z'],
    ['b', '2026-03-10T03:59:59Z'],
    ['c', '2026-03-10T04:00:00Z'],
    ['d', '2026-03-10T12:00:00Z', 'page viewed'],
    ['e', '2026-03-11T12:00:00Z'],
  );
  await at.sweepAt('2026-03-11T18:11');
  assert.deepEqual(at.stated(), { 'signups:2026-03-09': '2', 'signups:2026-03-10': '1' });
  const [asked] = at.asked;
  assert.match(asked?.query.query ?? '', /count\(DISTINCT uuid\)/);
  assert.doesNotMatch(
    asked?.query.query ?? '',
    /user signed up/,
    'a name goes beside a query, never into it',
  );
  assert.equal(asked?.query.values['event'], 'user signed up');
  assert.equal(asked?.refresh, 'force_blocking');
});

test('PostHog: what comes late replaces the count, unchanged counts are not told again, and 48 hours are read anew', async () => {
  const at = world();
  at.send(['a', '2026-03-10T12:00:00Z']);
  await at.sweepAt('2026-03-11T00:11');
  await at.sweepAt('2026-03-11T01:11');
  assert.equal(at.asked.length, 1, 'not every hour');
  await at.sweepAt('2026-03-11T06:11');
  assert.equal(at.asked.length, 2);
  assert.equal(at.facts(), 1);
  at.send(['b', '2026-03-10T12:00:00Z']);
  await at.sweepAt('2026-03-13T00:11');
  assert.equal(at.asked[2]?.query.values['from'], '2026-03-10');
  assert.deepEqual(at.stated(), { 'signups:2026-03-10': '2' });
});

test('PostHog: once a week five weeks are read, and days that were missed are made up for', async () => {
  const at = world();
  await at.sweepAt('2026-03-11T00:11');
  assert.equal(at.asked[0]?.query.values['from'], '2025-03-11', 'a year at first');
  await at.sweepAt('2026-03-16T00:11');
  assert.equal(at.asked[1]?.query.values['from'], '2026-02-09', 'on Mondays');
  await at.sweepAt('2026-03-16T06:11');
  assert.equal(at.asked[2]?.query.values['from'], '2026-03-13', 'once a Monday');
  await at.sweepAt('2026-03-28T00:11');
  assert.equal(at.asked[3]?.query.values['from'], '2026-03-16');
});

test('PostHog: a day whose events were deleted is taken back, days outside of the reading stay', async () => {
  let results: unknown[] = [
    ['2026-01-05', 9],
    ['2026-03-10', 3],
  ];
  const at = world({ says: () => ({ status: 200, body: JSON.stringify({ results }) }) });
  await at.sweepAt('2026-03-11T00:11');
  results = [];
  await at.sweepAt('2026-03-12T00:11');
  assert.deepEqual(at.stated(), { 'signups:2026-01-05': '9' });
});

test('PostHog: asked too often, it is left alone until the next hour, which goes on where this one stopped', async () => {
  const at = world({ metrics: ['one', 'two'] });
  at.send(['a', '2026-03-10T12:00:00Z']);
  at.turnAway(1);
  const lines = await at.sweepAt('2026-03-11T00:11');
  assert.equal(at.asked.length, 1);
  assert.deepEqual(at.stated(), {});
  assert.ok(lines.some(({ level }) => level === 'WARN'));
  await at.sweepAt('2026-03-11T01:11');
  assert.deepEqual(at.stated(), { 'one:2026-03-10': '1', 'two:2026-03-10': '1' });
});

test('PostHog: however many metrics and runs, an hour has at most sixty requests', async () => {
  const at = world({
    metrics: Array.from({ length: 25 }, (_, index) => `m${index}`),
    says: () => ({ status: 403, body: '{}' }),
  });
  for (const minute of ['01', '11', '21', '31']) await at.sweepAt(`2026-03-11T00:${minute}`);
  assert.equal(at.asked.length, 60);
  await at.sweepAt('2026-03-11T01:01');
  assert.equal(at.asked.length, 85);
});

test('PostHog: an answer that is no count by days is told to people and states nothing', async () => {
  const date = '2026-03-10';
  for (const results of [
    [[date, 'many']],
    [['yesterday', 1]],
    [
      [date, 1],
      [date, 2],
    ],
    [['2026-03-11', 1]],
    [[date]],
    'x',
  ]) {
    const at = world({
      query: 'SELECT day, value FROM x WHERE day >= {from} AND day < {before}',
      says: () => ({ status: 200, body: JSON.stringify({ results }) }),
    });
    const lines = await at.sweepAt('2026-03-11T00:11');
    assert.deepEqual(at.stated(), {}, JSON.stringify(results));
    assert.ok(lines.some(({ level }) => level === 'ERROR'));
  }
  const down = world({ says: () => ({ status: 502, body: '<html>' }) });
  await assert.rejects(down.sweepAt('2026-03-11T00:11'), /PostHog answered 502/);
});

test('PostHog: whatever comes late, twice and in any order within 48 hours, the counts are those of the events', async () => {
  const event = fc.record({ uuid: fc.nat(30), arrives: fc.integer({ min: 0, max: 6 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
      const at = world();
      const expected = new Map<string, Set<number>>();
      const hourMs = 3_600_000;
      const startMs = Date.parse('2026-03-10T00:11:00Z');
      for (let round = 0; round <= 6; round++) {
        for (const { uuid } of events.filter(({ arrives }) => arrives === round)) {
          // An event keeps its time however often and late it arrives.
          const day = `2026-03-0${8 + (uuid % 2)}`;
          at.send([uuid.toString(), `${day}T12:00:00Z`]);
          expected.set(day, (expected.get(day) ?? new Set()).add(uuid));
        }
        await at.sweepAt(new Date(startMs + round * 6 * hourMs).toISOString().slice(0, 16));
      }
      const sizes = Object.fromEntries(
        [...expected].map(([day, uuids]) => [`signups:${day}`, String(uuids.size)]),
      );
      assert.deepEqual(at.stated(), sizes);
    }),
    { numRuns: 30 },
  );
});
