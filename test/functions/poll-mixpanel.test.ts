import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type MixpanelDeps, sweepMixpanel } from '../../functions/poll/mixpanel.ts';
import { mixpanelStub } from '../../scripts/local/providers/mixpanel.ts';
import type { StatementFact } from '../../shared/event/statement.ts';
import { type Download, mixpanelApi } from '../../shared/providers/mixpanel/api.ts';
import { memoryArchive, memorySecrets, quietInvocation } from '../support/memory-intake.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { settingsOf } from '../support/settings.ts';
import { statedIn } from '../support/stated.ts';
import { shownMs } from '../support/wall-clock.ts';

const HOST = 'data-eu.mixpanel.com';
const HOUR_MS = 3_600_000;
const ACCOUNT = { 'acme/mixpanel/api/username': ['reader'], 'acme/mixpanel/api/secret': ['hush'] };

interface Sent {
  readonly at: string | number;
  readonly id?: string;
  readonly person?: string;
  readonly event?: string;
}

interface WorldOptions {
  readonly zone?: string;
  readonly timezone?: string;
  readonly metrics?: readonly string[];
  readonly secrets?: Readonly<Record<string, readonly string[]>>;
  /** Days of one answer that are too many. */
  readonly tooMany?: number;
}

const world = ({
  zone = 'UTC',
  timezone,
  metrics = ['signups'],
  secrets = ACCOUNT,
  tooMany = Number.POSITIVE_INFINITY,
}: WorldOptions = {}) => {
  const settings = settingsOf({
    accountingZone: zone,
    mixpanel: {
      region: 'eu',
      project: '7',
      ...(timezone !== undefined && { timezone }),
      metrics: metrics.map((name) => ({ name, event: 'Sign Up' })),
    },
  });
  const stub = mixpanelStub();
  const control = (what: string, told: unknown) =>
    stub({
      method: 'POST',
      path: `/${HOST}/_control/${what}`,
      headers: {},
      body: Buffer.from(JSON.stringify(told)),
    });
  const asked: { readonly from: string; readonly to: string }[] = [];
  const download: Download = async (url, { headers }) => {
    const { pathname, search, searchParams } = new URL(url);
    asked.push({ from: searchParams.get('from_date') ?? '', to: searchParams.get('to_date') ?? '' });
    const answer = stub({
      method: 'GET',
      path: `/${HOST}${pathname}${search}`,
      headers,
      body: Buffer.alloc(0),
    });
    const isGzip = answer.headers['content-encoding'] === 'gzip';
    const body = isGzip ? gunzipSync(answer.body) : Buffer.from(answer.body);
    return {
      status: answer.status,
      headers: {
        get: (name) => (name === 'content-length' ? body.length.toString() : (answer.headers[name] ?? null)),
      },
      text: async () => body.toString(),
      body: (async function* () {
        for (let at = 0; at < body.length; at += 100) yield body.subarray(at, at + 100);
      })(),
    };
  };
  const ledger = memoryLedgerStore();
  const api = mixpanelApi('https://{host}', download, async () => undefined);
  const deps: MixpanelDeps = {
    ledger,
    archive: memoryArchive(),
    secrets: memorySecrets(secrets),
    mixpanel: {
      counts: async (...ask) => {
        const days = (Date.parse(ask[3].before) - Date.parse(ask[3].from)) / (24 * HOUR_MS);
        const answer = await api.counts(...ask);
        return days >= tooMany ? { outcome: 'too_much', reason: 'it took too long' } : answer;
      },
    },
  };
  const statements = () =>
    ledger.rows().flatMap((row) => (row.kind === 'fact' ? [row.fact as StatementFact] : []));
  return {
    asked,
    control,
    send: (...events: readonly Sent[]) =>
      control(
        'events',
        events.map(({ at, id, person = 'ann', event = 'Sign Up' }, index) => ({
          event,
          properties: {
            time: typeof at === 'number' ? at : Date.parse(at) / 1_000,
            distinct_id: person,
            ...(id !== undefined && { $insert_id: id }),
            mp_processing_time_ms: index,
          },
        })),
      ),
    sweepAt: async (text: string, remainingMs = 300_000) => {
      const context = { ...quietInvocation(Date.parse(`${text}:00Z`)), remainingMs: () => remainingMs };
      await sweepMixpanel(deps, settings, context);
      return context.lines;
    },
    stated: (): Record<string, string> => {
      for (const { kind } of statements()) assert.equal(kind, 'statement', 'nothing of it is cash');
      return Object.fromEntries(
        statedIn(ledger.rows()).map(([key, { value }]) => [key.replace('usage:mixpanel:eu:7:', ''), value]),
      );
    },
    tellings: () => statements().map(({ key }) => key.slice(-'yyyy-mm-dd'.length)),
  };
};

/** Read up to the day before, so that three days are due. */
const read = async (at: ReturnType<typeof world>): Promise<void> => {
  await at.sweepAt('2026-03-10T00:11');
  at.asked.length = 0;
};

test('Mixpanel: events count once, by days of the accounting zone that are over', async () => {
  const at = world({ zone: 'America/New_York' });
  at.send(
    { at: '2026-03-09T12:00:00Z', id: 'a' },
    { at: '2026-03-09T12:00:00Z', id: 'a' },
    { at: '2026-03-10T03:59:59Z', id: 'b' },
    { at: '2026-03-10T04:00:00Z', id: 'c' },
    { at: '2026-03-10T12:00:00Z', id: 'd', event: 'Page View' },
    { at: '2026-03-10T13:00:00Z' },
    { at: '2026-03-10T13:00:00Z' },
    { at: '2026-03-11T12:00:00Z', id: 'e' },
  );
  await at.sweepAt('2026-03-11T18:11');
  assert.deepEqual(at.stated(), { 'signups:2026-03-09': '2', 'signups:2026-03-10': '3' });
  assert.deepEqual(at.asked.at(0), { from: '2025-03-11', to: '2025-03-14' });
  assert.equal(at.asked.at(-1)?.to, '2026-03-11', 'in UTC the last of these days ends on the next');
  assert.ok(at.asked.length < 20, 'a year in pieces that grow');
});

test('Mixpanel: a late row changes its day alone, a duplicate and a mutated copy none', async () => {
  const at = world();
  at.send({ at: '2026-03-08T12:00:00Z', id: 'a' }, { at: '2026-03-09T12:00:00Z', id: 'b' });
  await read(at);
  assert.deepEqual(at.tellings(), ['2026-03-08', '2026-03-09']);
  at.send({ at: '2026-03-08T12:00:00Z', id: 'a' }, { at: '2026-03-09T12:00:00Z', id: 'b' });
  await at.sweepAt('2026-03-10T06:11');
  assert.deepEqual(at.asked, [{ from: '2026-03-07', to: '2026-03-09' }]);
  assert.equal(at.tellings().length, 2, 'nothing has changed');
  at.send({ at: '2026-03-08T23:59:59Z', id: 'late' }, { at: '2026-03-09T12:00:00Z', id: 'b' });
  await at.sweepAt('2026-03-10T12:11');
  assert.deepEqual(at.tellings(), ['2026-03-08', '2026-03-09', '2026-03-08']);
  assert.deepEqual(at.stated(), { 'signups:2026-03-08': '2', 'signups:2026-03-09': '1' });
});

test('Mixpanel: it is read four times a day, and on Mondays five weeks back', async () => {
  const at = world();
  await read(at);
  await at.sweepAt('2026-03-10T03:11');
  assert.equal(at.asked.length, 0);
  await at.sweepAt('2026-03-16T00:11');
  assert.deepEqual(at.asked.at(0), { from: '2026-02-09', to: '2026-02-11' });
  assert.equal(at.asked.at(-1)?.to, '2026-03-15');
  at.asked.length = 0;
  await at.sweepAt('2026-03-16T06:11');
  assert.deepEqual(at.asked, [{ from: '2026-03-13', to: '2026-03-15' }]);
});

test('Mixpanel: an export that is not whole changes nothing, and is read again in the next run', async () => {
  const at = world();
  at.send({ at: '2026-03-09T12:00:00Z', id: 'a' });
  await read(at);
  at.send({ at: '2026-03-09T13:00:00Z', id: 'b' }, { at: '2026-03-09T14:00:00Z', id: 'c' });
  for (const [told, hour] of [
    [{ times: 1 }, '06'],
    [{ times: 1, says: 'export terminated early' }, '07'],
  ] as const) {
    at.control('cuts', told);
    const lines = await at.sweepAt(`2026-03-10T${hour}:11`);
    assert.deepEqual(
      lines.map(({ level }) => level),
      ['ERROR'],
    );
    assert.deepEqual(at.stated(), { 'signups:2026-03-09': '1' });
  }
  await at.sweepAt('2026-03-10T08:11');
  assert.deepEqual(at.stated(), { 'signups:2026-03-09': '3' });
});

test('Mixpanel: turned away, or out of time, the next run goes on where this one stopped', async () => {
  const at = world({ metrics: ['one', 'two'] });
  at.send({ at: '2026-03-09T12:00:00Z', id: 'a' });
  at.control('limits', { times: 1 });
  const lines = await at.sweepAt('2026-03-10T00:11');
  assert.ok(lines.some(({ level }) => level === 'WARN'));
  assert.equal(at.asked.length, 1);
  await at.sweepAt('2026-03-10T01:11', 50_000);
  assert.equal(at.asked.length, 1, 'too little time for a request');
  await at.sweepAt('2026-03-10T02:11');
  await at.sweepAt('2026-03-10T03:11');
  assert.deepEqual(at.stated(), { 'one:2026-03-09': '1', 'two:2026-03-09': '1' });
});

test('Mixpanel: an hour has at most thirty requests, and no day is left out for it', async () => {
  const metrics = ['one', 'two', 'three', 'four'];
  const at = world({ metrics });
  at.send({ at: '2025-03-10T12:00:00Z', id: 'a' }, { at: '2026-03-09T12:00:00Z', id: 'b' });
  for (const hour of ['00', '01', '02', '03']) {
    at.asked.length = 0;
    for (const minute of ['01', '31']) await at.sweepAt(`2026-03-10T${hour}:${minute}`);
    assert.ok(at.asked.length <= 30, hour);
  }
  const days = ['2025-03-10', '2026-03-09'];
  assert.deepEqual(
    at.stated(),
    Object.fromEntries(metrics.flatMap((name) => days.map((date) => [`${name}:${date}`, '1']))),
  );
});

test('Mixpanel: days that are too much for one answer are asked for in smaller pieces', async () => {
  const at = world({ tooMany: 2 });
  const days = ['2025-03-10', '2025-07-01', '2025-12-31', '2026-03-07', '2026-03-08', '2026-03-09'];
  at.send(...days.map((date) => ({ at: `${date}T12:00:00Z`, id: date })));
  // A year by single days takes more than an hour's requests.
  for (let hour = 0; hour < 20; hour++) await at.sweepAt(`2026-03-10T${hour.toString().padStart(2, '0')}:11`);
  for (let hour = 0; hour < 20; hour++) await at.sweepAt(`2026-03-11T${hour.toString().padStart(2, '0')}:11`);
  assert.deepEqual(at.stated(), Object.fromEntries(days.map((date) => [`signups:${date}`, '1'])));
  const single = world({ tooMany: 1 });
  const lines = await single.sweepAt('2026-03-10T00:11');
  assert.deepEqual(
    lines.map(({ level }) => level),
    ['ERROR'],
  );
  assert.equal(single.asked.length, 2, 'three days, then one');
});

test('Mixpanel: no service account is no error, half of one is', async () => {
  assert.deepEqual(await world({ secrets: {} }).sweepAt('2026-03-10T00:11'), []);
  const half = world({ secrets: { 'acme/mixpanel/api/username': ['reader'] } });
  const [line] = await half.sweepAt('2026-03-10T00:11');
  assert.equal(line?.level, 'ERROR');
  assert.equal(half.asked.length, 0);
});

test('Mixpanel: whatever comes late, twice and in any order within 48 hours, across a change of clocks, the counts are those of the events', async () => {
  const event = fc.record({
    id: fc.nat(30),
    half: fc.integer({ min: 0, max: 95 }),
    arrives: fc.integer({ min: 0, max: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { maxLength: 30 }),
      fc.constantFrom(undefined, 'America/New_York', 'Europe/Berlin'),
      fc.constantFrom('UTC', 'America/New_York'),
      async (events, timezone, zone) => {
        const at = world({ zone, ...(timezone !== undefined && { timezone }) });
        const told = new Map<string, string>();
        const startMs = Date.parse('2026-03-10T05:11:00Z');
        for (let round = 0; round <= 6; round++) {
          for (const { id, half } of events.filter(({ arrives }) => arrives === round)) {
            // From the 8th, on which clocks in New York go forward; to the 9th.
            const ms = Date.parse('2026-03-08T05:00:00Z') + half * (HOUR_MS / 2);
            const time = (timezone === undefined ? ms : shownMs(timezone, ms)) / 1_000;
            at.send({ at: time, id: id.toString() }, { at: time, id: id.toString() });
            const date = new Date(ms).toLocaleDateString('sv-SE', { timeZone: zone });
            told.set(`${id} ${ms}`, date);
          }
          await at.sweepAt(new Date(startMs + round * 6 * HOUR_MS).toISOString().slice(0, 16));
        }
        const expected: Record<string, string> = {};
        for (const date of told.values())
          expected[`signups:${date}`] = String(Number(expected[`signups:${date}`] ?? 0) + 1);
        assert.deepEqual(at.stated(), expected);
      },
    ),
    { numRuns: 40 },
  );
});
