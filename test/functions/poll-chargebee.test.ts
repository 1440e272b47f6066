import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChargebeeDeps, sweepChargebee } from '../../functions/poll/chargebee.ts';
import { chargebeeStub } from '../../scripts/local/providers/chargebee.ts';
import { METRICS } from '../../shared/contract/names.ts';
import { chargebeeApi } from '../../shared/providers/chargebee/api.ts';
import { readInvoice } from '../../shared/providers/chargebee/invoice.ts';
import { type Ask, patient } from '../../shared/providers/patience.ts';
import { invoice } from '../support/chargebee-payloads.ts';
import { memoryArchive, memorySecrets, quietInvocation } from '../support/memory-intake.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { provenance, settingsOf } from '../support/settings.ts';

const SITE = 'acme-test';
const BASE = 'http://chargebee.local';
const settings = settingsOf({ chargebee: { site: SITE } });
const at = (text: string): number => Date.parse(`${text}:00Z`);

const world = () => {
  let nowMs = at('2026-03-09T12:00');
  let trouble: number | 'down' | undefined;
  const stub = chargebeeStub({ apiUrl: 'http://nowhere.invalid', pageSize: 2, now: () => nowMs });
  const call = (method: string, path: string, body = '', headers: Record<string, string> = {}) =>
    stub({ method, path, headers, body: Buffer.from(body) });
  const ask: Ask = async (url, { headers }) => {
    if (trouble === 'down') throw new Error('connect ECONNREFUSED');
    const answer = await call('GET', url.slice(BASE.length), '', headers);
    return {
      status: trouble ?? answer.status,
      headers: { get: (name) => answer.headers[name] ?? null },
      text: async () => answer.body.toString(),
    };
  };
  const ledger = memoryLedgerStore();
  const deps: ChargebeeDeps = {
    ledger,
    archive: memoryArchive(),
    secrets: memorySecrets({ 'acme/chargebee/api': ['test_key'] }),
    chargebee: chargebeeApi(
      `${BASE}/{site}`,
      patient(ask, async () => undefined),
    ),
  };
  /** An invoice that changes now, so often. */
  const changed = (id: string) => {
    const stamps = { updated_at: Math.floor(nowMs / 1_000), resource_version: nowMs };
    return { ...invoice({ id }), ...stamps };
  };
  const put = async (id: string): Promise<void> => {
    await call('POST', `/${SITE}/_control/resources`, JSON.stringify({ invoice: [changed(id)] }));
  };
  return {
    ledger,
    put,
    /** The same, told by a webhook at once. */
    tell: async (id: string): Promise<void> => {
      await put(id);
      const fact = readInvoice(changed(id), settings);
      assert.ok(typeof fact === 'object');
      await ledger.append(fact, provenance(settings));
    },
    sweep: async (text: string) => {
      nowMs = at(text);
      const context = quietInvocation(nowMs);
      await sweepChargebee(deps, settings, context);
      return context;
    },
    move: (text: string): void => {
      nowMs = at(text);
    },
    fail: (how: typeof trouble): void => {
      trouble = how;
    },
    /** By feed, why it cannot be heard. */
    feeds: (): Readonly<Record<string, string | undefined>> =>
      Object.fromEntries(
        ledger
          .rows()
          .flatMap((row) =>
            row.kind === 'fact' && row.fact.kind === 'statement' && row.fact.subject === 'feed'
              ? [[row.fact.key, JSON.parse(row.fact.body ?? '{}').reason]]
              : [],
          ),
      ),
  };
};

const FEED = `chargebee:${SITE}:feed`;
const WEBHOOKS = `chargebee:${SITE}:webhooks:feed`;

test('15 a key that is refused is stated, counted at each try, and forgotten once it is good', async () => {
  const chargebee = world();
  await chargebee.put('INV-1');
  await chargebee.sweep('2026-03-09T13:00');
  assert.deepEqual(chargebee.feeds(), {});
  chargebee.fail(401);
  const contexts = [await chargebee.sweep('2026-03-09T14:00'), await chargebee.sweep('2026-03-09T15:00')];
  assert.deepEqual(chargebee.feeds(), { [FEED]: '401' });
  for (const { lines, emitted } of contexts) {
    assert.deepEqual(
      lines.map(({ level }) => level),
      ['ERROR'],
    );
    assert.equal(emitted[0]?.[METRICS.eventsRejected], 1);
  }
  chargebee.fail(undefined);
  await chargebee.sweep('2026-03-09T16:00');
  assert.deepEqual(chargebee.feeds(), { [FEED]: undefined });
});

test('15 a site that does not answer is stated, and the run is tried again', async () => {
  const chargebee = world();
  for (const how of ['down', 503] as const) {
    chargebee.fail(how);
    await assert.rejects(chargebee.sweep('2026-03-09T13:00'));
    assert.deepEqual(chargebee.feeds(), { [FEED]: 'unreachable' });
  }
  chargebee.fail(undefined);
  await chargebee.sweep('2026-03-09T14:00');
  assert.deepEqual(chargebee.feeds(), { [FEED]: undefined });
});

test('15 webhooks are missed where changes are found that none told, and heard again where one did', async () => {
  const chargebee = world();
  await chargebee.put('INV-1');
  await chargebee.sweep('2026-03-09T13:00');
  assert.deepEqual(chargebee.feeds(), {}, 'nothing is expected of the past');

  chargebee.move('2026-03-09T13:50');
  await chargebee.put('INV-2');
  await chargebee.sweep('2026-03-09T14:00');
  assert.deepEqual(chargebee.feeds(), {}, 'its webhook may be on its way');

  chargebee.move('2026-03-09T14:10');
  await chargebee.put('INV-3');
  await chargebee.sweep('2026-03-09T15:00');
  assert.deepEqual(chargebee.feeds(), { [WEBHOOKS]: 'silent' });
  await chargebee.sweep('2026-03-09T16:00');
  assert.deepEqual(chargebee.feeds(), { [WEBHOOKS]: 'silent' }, 'no news is no news');

  chargebee.move('2026-03-09T16:10');
  await chargebee.put('INV-4');
  await chargebee.tell('INV-5');
  await chargebee.sweep('2026-03-09T17:00');
  assert.deepEqual(chargebee.feeds(), { [WEBHOOKS]: undefined });
});
