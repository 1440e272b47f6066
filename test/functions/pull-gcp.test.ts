import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { jwtVerify } from 'jose';
import { type GcpDeps, sweepGcpCosts } from '../../functions/poll/gcp.ts';
import { googleStub } from '../../scripts/local/providers/google.ts';
import { googleApi } from '../../shared/providers/gcp/api.ts';
import { type Ask, patient } from '../../shared/providers/patience.ts';
import { memoryArchive, memorySecrets, quietInvocation } from '../support/memory-intake.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { settingsOf } from '../support/settings.ts';
import { statedIn } from '../support/stated.ts';

const ACCOUNT = '01AB23-CD45EF-678901';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEY = JSON.stringify({
  type: 'service_account',
  client_email: 'capstack@acme.iam.gserviceaccount.com',
  private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
});
const settings = settingsOf({
  gcp: {
    billingAccount: ACCOUNT,
    project: 'acme-billing',
    dataset: 'billing',
    table: 'gcp_billing_export_v1_01AB23_CD45EF_678901',
    credits: [
      { id: 'startup', remaining: '100', currency: 'USD', asOf: '2026-02-28', expiresOn: '2026-12-31' },
    ],
  },
});
const at = (text: string): number => Date.parse(`${text}:00Z`);

const world = (key = KEY) => {
  let owner = settings;
  let nowMs = at('2026-03-18T12:07');
  const stub = googleStub({ pageSize: 2, now: () => nowMs });
  const bodies: string[] = [];
  const call = (method: string, path: string, headers: Record<string, string>, body = '') =>
    stub({ method, path, headers, body: Buffer.from(body) });
  const ask: Ask = async (url, { method = 'GET', headers, body }) => {
    if (body !== undefined) bodies.push(body);
    const answer = call(method, url.slice('http://google.local'.length), headers, body);
    return { status: answer.status, headers: { get: () => '0' }, text: async () => answer.body.toString() };
  };
  const ledger = memoryLedgerStore();
  const deps: GcpDeps = {
    ledger,
    archive: memoryArchive(),
    secrets: memorySecrets({ 'acme/gcp/api': [key] }),
    google: googleApi(
      'http://google.local/{service}',
      patient(ask, async () => undefined),
    ),
  };
  const stated = (): Record<string, string> =>
    Object.fromEntries(
      statedIn(ledger.rows()).map(
        ([key, { amount, amountMinor, dueDate, remaining, recordType, estimated }]) => [
          key.replace(ACCOUNT, 'A'),
          dueDate
            ? `${amountMinor} on ${dueDate}`
            : (remaining ?? `${recordType} ${amount}${estimated ? ' estimated' : ''}`),
        ],
      ),
    );
  return {
    ledger,
    bodies,
    stated,
    row: (fields: object) =>
      call(
        'POST',
        '/_control/rows',
        {},
        JSON.stringify([
          {
            billing_account_id: ACCOUNT,
            invoice_month: '202603',
            service_id: '6F81-5844-456A',
            service: 'Compute Engine',
            cost: '10',
            export_time: '2026-03-17T00:00:00Z',
            ...fields,
          },
        ]),
      ),
    /** From now on it is invoiced by the month, due on this day, or no longer. */
    invoiced: (dueDay?: number) => {
      const { gcp } = settings;
      owner = settingsOf({ ...(gcp && { gcp: { ...gcp, ...(dueDay !== undefined && { dueDay }) } }) });
    },
    limit: (times: number) => call('POST', '/_control/limits', {}, JSON.stringify({ times })),
    sweep: async (text = '2026-03-18T12:07') => {
      nowMs = at(text);
      const context = quietInvocation(nowMs);
      await sweepGcpCosts(deps, owner, context);
      return context;
    },
  };
};

test('GCP: sums by invoice month, service and type; promotions are credits, other credits lower prices', async () => {
  const gcp = world();
  gcp.row({ cost: '12.345678901', credits: [{ type: 'PROMOTION', amount: '-7.5' }] });
  gcp.row({ cost: '0.1', credits: [{ type: 'SUSTAINED_USAGE_DISCOUNT', amount: '-0.03' }] });
  gcp.row({ cost: '2.4', cost_type: 'tax' });
  gcp.row({ cost: '1', service_id: 'other', currency: 'EUR', invoice_month: '202601' });
  gcp.row({ cost: '99', billing_account_id: 'somebody else' });
  await gcp.sweep();
  assert.deepEqual(gcp.stated(), {
    'gcp:A:202601:other:regular:EUR': 'usage 1',
    'gcp:A:202603:6F81-5844-456A:regular:USD': 'usage 12.445678901 estimated',
    'gcp:A:202603:6F81-5844-456A:regular:USD:promotion': 'credit -7.5 estimated',
    'gcp:A:202603:6F81-5844-456A:regular:USD:discount': 'discount -0.03 estimated',
    'gcp:A:202603:6F81-5844-456A:tax:USD': 'tax 2.4 estimated',
    'gcpcred:A:startup': '92.5',
  });
  assert.ok(gcp.ledger.rows().every((row) => row.kind !== 'fact' || row.fact.kind === 'statement'));
});

test('GCP: late rows and corrections restate their month, unchanged sums add nothing, gone ones are taken back', async () => {
  const gcp = world();
  gcp.row({ cost: '10' });
  gcp.row({ cost: '5', service_id: 'storage' });
  await gcp.sweep();
  const facts = () => gcp.ledger.rows().filter(({ kind }) => kind === 'fact').length;
  const before = facts();
  await gcp.sweep('2026-03-18T15:07');
  await gcp.sweep('2026-03-18T20:07');
  assert.equal(facts(), before);
  gcp.row({ cost: '0.5', export_time: '2026-03-18T21:00:00Z' });
  gcp.row({ cost: '-5', service_id: 'storage', export_time: '2026-03-18T21:00:00Z' });
  await gcp.sweep('2026-03-19T12:07');
  assert.equal(gcp.stated()['gcp:A:202603:6F81-5844-456A:regular:USD'], 'usage 10.5 estimated');
  assert.equal(gcp.stated()['gcp:A:202603:storage:regular:USD'], undefined);
  await gcp.sweep('2026-04-12T12:07');
  assert.equal(gcp.stated()['gcp:A:202603:6F81-5844-456A:regular:USD'], 'usage 10.5');
});

test('GCP: pages and limits lose nothing, and the query names what it asks by parameters', async () => {
  const gcp = world();
  for (let index = 0; index < 7; index++) gcp.row({ service_id: `s${index}`, cost: '1' });
  gcp.limit(2);
  await gcp.sweep();
  assert.equal(Object.keys(gcp.stated()).filter((key) => key.startsWith('gcp:')).length, 7);
  const query = gcp.bodies.map((body) => (body.startsWith('{') ? JSON.parse(body) : {})).at(-1);
  assert.ok(query.query.includes('`acme-billing.billing.gcp_billing_export_v1_01AB23_CD45EF_678901`'));
  assert.ok(!query.query.includes('202503') && !query.query.includes(ACCOUNT));
  assert.deepEqual([query.useLegacySql, query.parameterMode], [false, 'NAMED']);
});

test('GCP: a month that is over is one invoice, restated with its costs, where the account is invoiced by the month', async () => {
  const gcp = world();
  const invoice = (month: string): string | undefined => gcp.stated()[`gcpinv:A:${month}:USD`];
  gcp.row({ invoice_month: '202602', cost: '100.005', credits: [{ type: 'PROMOTION', amount: '-7.5' }] });
  gcp.row({ invoice_month: '202602', cost: '2.4', cost_type: 'tax' });
  gcp.row({ invoice_month: '202601', cost: '5', credits: [{ type: 'PROMOTION', amount: '-5' }] });
  gcp.row({ cost: '10' });
  await gcp.sweep();
  // Charged by threshold, several times a month: nobody can say when.
  assert.deepEqual(
    Object.keys(gcp.stated()).filter((key) => key.startsWith('gcpinv')),
    [],
  );
  gcp.invoiced(30);
  await gcp.sweep('2026-03-19T12:07');
  assert.deepEqual(
    [invoice('202601'), invoice('202602'), invoice('202603')],
    [undefined, '-9490 on 2026-03-30', undefined],
  );
  gcp.row({ invoice_month: '202602', cost: '1', export_time: '2026-03-19T21:00:00Z' });
  await gcp.sweep('2026-04-02T12:07');
  assert.deepEqual([invoice('202602'), invoice('202603')], ['-9590 on 2026-03-30', '-1000 on 2026-04-30']);
  gcp.invoiced();
  await gcp.sweep('2026-04-03T12:07');
  assert.deepEqual([invoice('202602'), invoice('202603')], [undefined, undefined]);
});

test('GCP: the statement is signed by the service account’s key, for an hour, and for Google', async () => {
  const gcp = world();
  await gcp.sweep();
  const assertion = new URLSearchParams(gcp.bodies[0]).get('assertion') ?? '';
  const { payload, protectedHeader } = await jwtVerify(assertion, publicKey, {
    audience: 'https://oauth2.googleapis.com/token',
    issuer: 'capstack@acme.iam.gserviceaccount.com',
    currentDate: new Date(at('2026-03-18T12:08')),
  });
  assert.deepEqual([protectedHeader.alg, (payload.exp ?? 0) - (payload.iat ?? 0)], ['RS256', 3_600]);
});

test('GCP: a key that is none is said, and nothing of it is written to the log', async () => {
  const gcp = world('not a key');
  const { lines } = await gcp.sweep();
  assert.deepEqual(lines, [{ level: 'ERROR', message: 'Google refused our request' }]);
  assert.deepEqual(gcp.ledger.rows(), []);
});
