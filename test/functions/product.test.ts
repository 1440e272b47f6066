import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { product } from '../../functions/product/product.ts';
import { type PostgresServer, startPostgres } from '../../scripts/local/postgres-server.ts';
import type { StatementFact } from '../../shared/event/statement.ts';
import { connectProduct } from '../../shared/providers/postgres/database.ts';
import { memoryArchive, memorySecrets, quietInvocation } from '../support/memory-intake.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { settingsOf } from '../support/settings.ts';

let server: PostgresServer;
before(async () => {
  server = await startPostgres();
  await server.run('CREATE ROLE reader LOGIN');
});
after(() => server.stop());

let schemas = 0;
/** A tenant whose database has both views, empty. */
const world = async ({ times = 'timestamptz', zone = 'UTC', pagesPerRun = 20 } = {}) => {
  schemas += 1;
  const schema = `s${schemas}`;
  await server.run(`CREATE SCHEMA ${schema}; GRANT USAGE ON SCHEMA ${schema} TO reader;
    CREATE TABLE ${schema}.plans (id bigint, updated_at ${times}, deleted boolean DEFAULT false, customer text, status text,
      currency text DEFAULT 'usd', mrr numeric, started_at ${times}, canceled_at ${times});
    CREATE TABLE ${schema}.seats (id text, updated_at ${times}, deleted boolean DEFAULT false, day date, value numeric);
    GRANT SELECT ON ${schema}.plans, ${schema}.seats TO reader`);
  const ledger = memoryLedgerStore();
  const queries = [
    { name: 'plans', kind: 'subscriptions', relation: `${schema}.plans` },
    { name: 'seats', kind: 'usage', relation: `${schema}.seats` },
  ] as const;
  const deps = {
    tenants: [settingsOf({ postgres: { zone, queries } })],
    ledger,
    archive: memoryArchive(),
    secrets: memorySecrets({ 'acme/postgres/api/url': [server.address('reader')] }),
    connect: connectProduct,
    limits: { rowsPerPage: 2, pagesPerRun },
  };
  const facts = () =>
    ledger.rows().flatMap((row) => (row.kind === 'fact' ? [row.fact as StatementFact] : []));
  return {
    deps,
    facts,
    ledger,
    run: (sql: string) => server.run(sql.replaceAll('@', `${schema}.`)),
    sweep: () => product(deps, quietInvocation(Date.now())),
    bodies: () => facts().map(({ key, body }) => [key, body === null ? null : JSON.parse(body)] as const),
  };
};

const plan = (id: number, updated: string, mrr = '10.50') =>
  `INSERT INTO @plans VALUES (${id}, ${updated}, false, 'c${id}', 'active', 'usd', ${mrr}, '2026-01-01 23:30', NULL);`;

test('PostgreSQL: rows of one time are read page by page, each once, with exact amounts and declared zone', async () => {
  const at = await world({ times: 'timestamp', zone: 'America/New_York' });
  await at.run(`${[1, 2, 3, 4, 5].map((id) => plan(id, "'2026-01-02 00:00'")).join('')}
    INSERT INTO @seats VALUES ('a', '2026-01-02', false, '2026-01-01', 12345678901234567890.123)`);
  await at.sweep();
  await at.sweep();
  assert.equal(at.facts().length, 6);
  const [[key, body] = []] = at.bodies();
  assert.equal(key, 'postgres:subscriptions:plans:1');
  assert.deepEqual(body, {
    currency: 'USD',
    customer: 'c1',
    mrrMinor: '1050',
    startedAt: '2026-01-02T04:30:00.000Z',
    status: 'active',
  });
  assert.equal(at.bodies().at(-1)?.[1].value, '12345678901234567890.123');
  assert.ok(at.facts().every(({ kind }) => kind === 'statement'));
});

test('PostgreSQL: a row committed minutes after its time is found, and what was read before counts once', async () => {
  const at = await world();
  await at.run(plan(9, "now() - interval '1 minute'"));
  await at.sweep();
  await at.run(plan(1, "now() - interval '8 minutes'"));
  await at.sweep();
  await at.sweep();
  assert.deepEqual(
    at
      .facts()
      .map(({ key }) => key.at(-1))
      .sort(),
    ['1', '9'],
  );
});

test('PostgreSQL: a change replaces what was stated, and a row marked as deleted is taken back', async () => {
  const at = await world();
  await at.run(plan(1, "now() - interval '3 hours'"));
  await at.sweep();
  await at.run("UPDATE @plans SET mrr = 20, updated_at = now() - interval '2 hours'");
  await at.sweep();
  await at.run("UPDATE @plans SET deleted = true, updated_at = now() - interval '1 hour'");
  await at.sweep();
  assert.deepEqual(
    at.bodies().map(([, body]) => body?.mrrMinor ?? null),
    ['1050', '2000', null],
  );
});

test('PostgreSQL: a history longer than a run is finished by the next runs', async () => {
  const at = await world({ pagesPerRun: 1 });
  await at.run([1, 2, 3, 4, 5].map((id) => plan(id, "'2026-01-02'")).join(''));
  for (const expected of [2, 4, 5, 5]) {
    await at.sweep();
    assert.equal(at.facts().length, expected);
  }
});

test('PostgreSQL: a row that cannot be understood is kept aside, and keeps no other out', async () => {
  const at = await world();
  await at.run(plan(1, "'2026-01-02'", '10.555') + plan(2, "'2026-01-02'"));
  await at.sweep();
  assert.deepEqual(
    at.facts().map(({ key }) => key.at(-1)),
    ['2'],
  );
});

test('PostgreSQL: a query that fails keeps the others in', async () => {
  const at = await world();
  await at.run(`${plan(1, "'2026-01-02'")} DROP TABLE @seats`);
  await assert.rejects(at.sweep());
  assert.equal(at.facts().length, 1);
});
