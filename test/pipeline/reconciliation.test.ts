/** Planted errors, a lost State and an auditor's questions, through the whole local pipeline. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { DeleteCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { addDays, civilDateIn } from '../../shared/time/civil-date.ts';
import { capstack } from '../scripts/cli/capstack.ts';
import { type Answer, until } from '../support/local-client.ts';
import { localWorld } from '../support/local-world.ts';

const CONFIGURATION = `
policy: { tenant: demo }
tenants:
  - { name: demo, accounting_zone: UTC, base_currency: USD, livemode: false }
  - { name: other, accounting_zone: UTC, base_currency: USD, livemode: false }
`;
const TODAY = civilDateIn('UTC', Date.now());
const DAY_SECONDS = 86_400;

const { run, client, admin, directory, tables, stateTable, invoke } = await localWorld(CONFIGURATION);
const investor = await client.token({ scopes: ['runway:read', 'metrics:read'] });

const ask = (method: string, path: string, token = admin, body?: object): Promise<Answer> =>
  client.request(method, path, { token, ...(body && { body }) });
const reconcile = async () => (await ask('POST', '/v1/reconciliation', admin, {})).body;

const sale = (id: string, daysAgo: number, amount: number) => ({
  id,
  amount,
  fee: 0,
  net: amount,
  currency: 'usd',
  created: Math.floor(Date.now() / 1000) - daysAgo * DAY_SECONDS - 4 * 3600,
  type: 'charge',
  source: null,
});
type Sale = ReturnType<typeof sale>;

const issue = async (...sales: readonly Sale[]): Promise<void> => {
  for (const each of sales)
    assert.equal((await client.request('POST', '/_local/stub/stripe/_issue', { body: each })).status, 200);
};

/** As the schedule calls it. */
const pull = async (days: number): Promise<void> => {
  await invoke('pull', { stripe_days: days });
  await run.settled();
};

const SALES = Array.from({ length: 24 }, (_, index) => sale(`txn_${index}`, 1 + (index % 12), 10_000));

describe('books and sources', () => {
  before(async () => {
    await issue(...SALES);
    await pull(36);
  });

  test('that agree hold nothing back', async () => {
    const { paused, results } = await reconcile();
    assert.equal(paused, false, JSON.stringify(results));
    const [stripe] = results;
    assert.deepEqual([stripe.source, stripe.status, stripe.items[0].stated_items], ['stripe', 'agrees', 24]);
    assert.equal((await ask('GET', '/v1/runway', investor)).status, 200);
  });

  test('that differ by errors which offset each other are told by name, and figures are held back', async () => {
    const [one, other] = [SALES[2] as Sale, SALES[9] as Sale];
    await issue({ ...one, amount: 20_000, net: 20_000 }, { ...other, amount: 0, net: 0 });
    const { paused, reasons } = await reconcile();
    assert.equal(paused, true);
    assert.match(reasons.join(), /2 different .*txn_(2|9) .*txn_(2|9) .*200\.00 USD unexplained/);

    const held = await ask('GET', '/v1/runway', investor);
    assert.deepEqual([held.status, held.headers.get('content-type')], [503, 'application/problem+json']);
    assert.match(held.body.detail, /txn_2/);
    const shown = (await ask('GET', '/v1/runway')).body;
    assert.equal(shown.trust.paused, true);
    assert.match(shown.trust.reasons.join(), /txn_9/);
    assert.equal((await ask('GET', '/v1/reconciliation', investor)).body.paused, true);
    const told = await capstack(['reconcile', '--last', '--api', run.url]);
    assert.equal(told.code, 1);
    assert.match(told.stdout, /Paused since/);
    const otherTenant = await client.token({ tenant: 'other', scopes: ['runway:read'] });
    assert.equal((await ask('GET', '/v1/runway', otherTenant)).status, 200);

    await issue(one, other);
    assert.equal((await reconcile()).paused, false);
    assert.equal((await ask('GET', '/v1/runway', investor)).status, 200);
    assert.equal((await ask('GET', '/v1/runway')).body.trust.paused, false);
  });

  test('whose ledger lacks a day resume once what fetches has brought it', async () => {
    const lost = [sale('txn_lost_1', 20, 30_000), sale('txn_lost_2', 20, 40_000)];
    await issue(...lost);
    const { paused, reasons } = await reconcile();
    assert.equal(paused, true);
    assert.match(reasons.join(), new RegExp(`${addDays(TODAY, -20)}|${addDays(TODAY, -21)}`));
    assert.match(reasons.join(), /missing as a whole/);
    await pull(4);
    assert.equal((await reconcile()).paused, true, 'an hourly sweep does not look so far back');
    await pull(36);
    assert.equal((await reconcile()).paused, false);
  });

  test('are compared by administrators alone', async () => {
    for (const [method, path] of [
      ['POST', '/v1/reconciliation'],
      ['POST', '/v1/rebuild'],
      ['POST', '/v1/audit/seals'],
      ['GET', '/v1/audit/export'],
      ['GET', '/v1/audit/trace?date=2026-01-01'],
      ['GET', '/v1/replay?as_of=2026-01-01'],
    ] as const) {
      assert.equal((await ask(method, path, investor)).status, 403, path);
      assert.equal((await client.request(method, path)).status, 401, path);
    }
  });
});

describe('derived state', () => {
  test('that was lost, altered or made up is healed to what it was', async () => {
    const before = (await ask('GET', '/v1/runway')).body;
    const month = addDays(TODAY, -5).slice(0, 7);
    const { Items: days = [] } = await tables.send(
      new QueryCommand({
        TableName: stateTable,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `T#demo#AGG#${month}` },
      }),
    );
    const [lost, altered] = days;
    assert.ok(lost && altered);
    await tables.send(new DeleteCommand({ TableName: stateTable, Key: { pk: lost['pk'], sk: lost['sk'] } }));
    const document = String(altered['document']).replaceAll('"20000"', '"99999"');
    await tables.send(new PutCommand({ TableName: stateTable, Item: { ...altered, document } }));

    assert.match((await reconcile()).reasons.join(), /derived state differs from the ledger/);
    const from = addDays(TODAY, -60);
    const checked = await capstack([
      'rebuild',
      '--from',
      from,
      '--to',
      TODAY,
      '--check',
      '--api',
      run.url,
      '--json',
    ]);
    assert.equal(checked.code, 1, checked.stderr);
    const found = JSON.parse(checked.stdout).differences as { bucket: string; deviation: string }[];
    assert.deepEqual(
      [
        ...new Set(found.filter(({ bucket }) => bucket.startsWith('T#')).map(({ deviation }) => deviation)),
      ].sort(),
      ['altered', 'missing'],
    );
    const healed = await capstack(['rebuild', '--from', from, '--to', TODAY, '--api', run.url]);
    assert.equal(healed.code, 0, healed.stdout + healed.stderr);
    const { status, body } = await ask('POST', '/v1/rebuild', admin, { from, to: TODAY });
    assert.deepEqual([status, body.differences], [200, []]);
    assert.equal((await reconcile()).paused, false);
    const { cash, inputs } = (await ask('GET', '/v1/runway')).body;
    assert.deepEqual([cash, inputs.hash], [before.cash, before.inputs.hash]);
  });
});

describe('the night', () => {
  test('settles, seals and compares, for every tenant and with the rights that the template gives', async () => {
    await invoke('settle', { 'detail-type': 'Scheduled Event' });
    await invoke('reconcile', { everybody: true });
    const { checked_at: checkedAt, results } = (await ask('GET', '/v1/reconciliation')).body;
    assert.ok(Date.now() - Date.parse(checkedAt) < 60_000);
    assert.deepEqual(
      results.slice(0, 5).map(({ source }: { source: string }) => source),
      ['stripe', 'state', 'sources', 'payouts', 'bank'],
    );
    const { body } = await ask('POST', '/v1/audit/seals', admin, {});
    assert.deepEqual([body.seals, body.more, body.seq > 0], [0, false, true]);
    const other = await client.token({ tenant: 'other', scopes: ['admin'] });
    assert.notEqual((await ask('GET', '/v1/reconciliation', other)).body.checked_at, null);
    const exported = (await ask('GET', '/v1/audit/export', other)).body;
    assert.equal(exported.tenant, 'other');
    assert.ok(exported.lines.length > 0);
    assert.doesNotMatch(exported.lines.join(), /#demo#/, 'each tenant has a chain of its own');
  });
});

describe('an auditor', () => {
  const file = join(directory, 'audit.jsonl');

  test('verifies an export offline, and finds a single altered digit', async () => {
    const exported = await capstack(['audit', 'export', '--out', file, '--api', run.url]);
    assert.equal(exported.code, 0, exported.stderr);
    const verified = await capstack(['audit', 'verify', file, '--json']);
    assert.equal(verified.code, 0, verified.stdout);
    const { problems, records, head } = JSON.parse(verified.stdout);
    assert.deepEqual(problems, []);
    assert.ok(records > 2 * SALES.length);
    assert.match(exported.stdout, new RegExp(head));

    const text = readFileSync(file, 'utf8');
    const altered = join(directory, 'altered.jsonl');
    writeFileSync(altered, text.replace('"amountMinor":"10000"', '"amountMinor":"10001"'));
    const found = await capstack(['audit', 'verify', altered]);
    assert.equal(found.code, 1);
    assert.match(
      found.stdout,
      /NOT as it was sealed: line \d+: F#demo#stripe:self:test:txn:\w+\|00000001 is altered/,
    );
    const other = await capstack(['audit', 'verify', file, '--head', `sha256:${'0'.repeat(64)}`]);
    assert.equal(other.code, 1);
  });

  test('goes from a figure to the bytes that a provider sent', async () => {
    const { body } = await ask(
      'GET',
      `/v1/audit/trace?date=${civilDateIn('UTC', (SALES[0]?.created ?? 0) * 1000)}&category=revenue`,
    );
    assert.ok(body.fact_count >= 2);
    const [fact] = body.facts;
    assert.deepEqual([fact.amount, fact.source], ['100.00', 'stripe']);
    const traced = await ask('GET', `/v1/audit/trace?delivery=${encodeURIComponent(fact.delivery)}`);
    const [payload] = traced.body.payloads;
    assert.deepEqual([payload.intact, JSON.parse(payload.body).object], [true, 'balance_transaction']);
    const foreign = encodeURIComponent('D#other#stripe#fetched:txn_0');
    assert.equal((await ask('GET', `/v1/audit/trace?delivery=${foreign}`)).status, 404);
  });

  test('is told what was known when', async () => {
    const before = new Date().toISOString();
    const { cash } = (await ask('GET', '/v1/runway')).body;
    const late = { id: 'late', type: 'expense', amount: '123.45', currency: 'USD', date: addDays(TODAY, -3) };
    assert.equal((await client.generic([late])).body.status, 'accepted');
    await run.settled();
    const { body: now } = await until(
      () => ask('GET', '/v1/runway'),
      ({ body }) => body.cash.amount !== cash.amount,
    );
    const replayed = async (query: string) => (await ask('GET', `/v1/replay?${query}`)).body;
    assert.equal((await replayed(`as_of=${TODAY}&known=${before}`)).balances.USD, cash.amount);
    const today = await replayed(`as_of=${TODAY}`);
    assert.deepEqual([today.balances.USD, today.runway.inputs.hash], [now.cash.amount, now.inputs.hash]);
    assert.equal((await replayed(`as_of=${addDays(TODAY, -400)}`)).ledger_rows, 0);
    assert.equal((await ask('GET', '/v1/replay?as_of=yesterday')).status, 400);
    assert.equal((await ask('GET', `/v1/replay?as_of=${TODAY}&known=never`)).status, 400);
    const shown = await capstack(['replay', '--as-of', TODAY, '--known', before, '--api', run.url]);
    assert.match(shown.stdout, new RegExp(cash.amount.replace('.', '\\.')));
  });
});
