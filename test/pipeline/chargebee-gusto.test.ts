/** Billing and payroll through the whole local pipeline: what is told, what is fetched, and what of it is cash. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type LocalRun, startLocal } from '../../scripts/local/runtime.ts';
import { type StateStore, stateStore } from '../../shared/aws/state-store.ts';
import type { Statement, Subject } from '../../shared/event/statement.ts';
import { addDays, civilDateIn } from '../../shared/time/civil-date.ts';
import { capstack } from '../scripts/cli/capstack.ts';
import { invoice, subscription, transaction } from '../support/chargebee-payloads.ts';
import { COMPANY, draft, PAYROLL, payroll, receipt, transfer } from '../support/gusto-payloads.ts';
import { type Answer, type LocalClient, localClient, until } from '../support/local-client.ts';

const SITE = 'made-up-test';
const CONFIGURATION = `
tenants:
  - name: demo
    accounting_zone: America/New_York
    base_currency: USD
    livemode: false
    chargebee: { site: ${SITE} }
    gusto: { company: ${COMPANY} }
`;
const TODAY = civilDateIn('America/New_York', Date.now());
const AHEAD = { check_date: addDays(TODAY, 6) };
const DEBIT = addDays(TODAY, 4);

let run: LocalRun;
let client: LocalClient;
let admin: string;
let state: StateStore;
const directory = mkdtempSync(join(tmpdir(), 'capstack-billing-'));

before(async () => {
  const configFile = join(directory, 'capstack.config.yml');
  writeFileSync(configFile, CONFIGURATION);
  run = await startLocal({ port: 0, configFile });
  client = localClient(run.url);
  admin = await client.token();
  const { operator, region, endpoint, outputs } = run.facts;
  const credentials = { accessKeyId: operator.id, secretAccessKey: operator.secret };
  const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region, credentials }));
  state = stateStore(dynamo, String(outputs['StateTable']));
});

after(async () => {
  await run?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const control = async (stub: string, path: string, body: object): Promise<Answer> => {
  const answer = await client.request('POST', `/_local/stub/${stub}/_control/${path}`, { body });
  if (path !== 'webhooks' && path !== 'subscriptions') assert.equal(answer.status, 200, path);
  return answer;
};
const chargebee = (path: string, body: object): Promise<Answer> => control(`chargebee/${SITE}`, path, body);
const gusto = (path: string, body: object): Promise<Answer> => control('gusto', path, body);
const atGusto = (fields: object): Promise<Answer> => gusto('companies', { company_uuid: COMPANY, ...fields });
const ring = (fields: object = {}): Promise<Answer> =>
  gusto('webhooks', { company_uuid: COMPANY, payroll_uuid: PAYROLL, ...fields });

/** What the hour's schedules do. */
const sweep = async (): Promise<void> => {
  for (const title of ['pull', 'poll']) {
    const asking = run.application.functions.find((each) => each.title === title);
    assert.ok(asking);
    await asking.invoke({});
  }
  await run.settled();
};

const stated = async <Of extends Subject>(subject: Of): Promise<readonly Statement<Of>[]> =>
  (await state.statements('demo', subject)).flatMap(({ statements }) => statements);
const bodyOf = async <Of extends Subject>(
  subject: Of,
  key: string,
): Promise<Statement<Of>['body'] | undefined> =>
  (await stated(subject)).find((statement) => statement.key === key)?.body;
const cash = async (): Promise<string | undefined> =>
  (await client.request('GET', '/v1/runway', { token: admin })).body.cash?.amount;

const leg = (name: string): string => `gusto:${COMPANY}:payroll:${PAYROLL}:${name}:due`;

describe('15 Chargebee', () => {
  test('is read to its end, over pages and through its limits, and none of it is cash', async () => {
    const invoices = Array.from({ length: 7 }, (_, index) => invoice({ id: `INV-${index}` }));
    await chargebee('resources', {
      transaction: [
        transaction(),
        transaction({
          id: 'offline',
          gateway: 'not_applicable',
          payment_method: 'cash',
          id_at_gateway: undefined,
        }),
      ],
      invoice: invoices,
      subscription: [subscription(), subscription({ id: 'unpriced', status: 'future', mrr: undefined })],
    });
    await chargebee('limits', { times: 3 });
    await sweep();
    assert.deepEqual(
      (await stated('invoice')).map(({ key }) => key).sort(),
      invoices.map(({ id }) => `cb:${SITE}:inv:${id}`),
    );
    assert.equal((await bodyOf('payment', `cb:${SITE}:txn:txn_made_up_1`))?.idAtGateway, 'ch_made_up_1');
    assert.equal((await bodyOf('payment', `cb:${SITE}:txn:offline`))?.gateway, 'not_applicable');
    assert.equal((await bodyOf('subscription', `cb:${SITE}:sub:acme team plan`))?.mrrMinor, 10_000n);
    assert.equal((await bodyOf('subscription', `cb:${SITE}:sub:unpriced`))?.mrrMinor, 0n);
    assert.equal(await cash(), '0.00');
  });

  test('a row that changes and one that shows up late are found by the next sweep', async () => {
    const paid = invoice({ id: 'INV-3', status: 'paid', amount_due: 0 });
    const version = Number(paid['resource_version']);
    const seconds = Number(paid['updated_at']);
    await chargebee('resources', {
      invoice: [
        { ...paid, updated_at: seconds + 60, resource_version: version + 60_000 },
        { ...invoice({ id: 'INV-late' }), updated_at: seconds - 300 },
      ],
    });
    await sweep();
    assert.equal((await bodyOf('invoice', `cb:${SITE}:inv:INV-3`))?.status, 'paid');
    assert.equal((await bodyOf('invoice', `cb:${SITE}:inv:INV-late`))?.dueMinor, 129_900n);
  });

  test('an event tells at once, an older version after it changes nothing, and strangers are turned away', async () => {
    const version = Number(invoice()['resource_version']);
    const voided = { ...invoice({ id: 'INV-5', status: 'voided' }), resource_version: version + 500 };
    assert.equal((await chargebee('webhooks', { content: { invoice: voided } })).body.status, 'accepted');
    const older = { ...invoice({ id: 'INV-5' }), resource_version: version + 499 };
    assert.equal(
      (await chargebee('webhooks', { content: { invoice: older } })).body.events[0].status,
      'ignored',
    );
    assert.equal((await chargebee('webhooks', { content: { invoice: voided } })).body.status, 'duplicate');
    assert.equal((await chargebee('webhooks', { credentials: 'local:wrong' })).status, 401);
    await run.settled();
    assert.equal(await bodyOf('invoice', `cb:${SITE}:inv:INV-5`), undefined);
  });
});

describe('16 Gusto', () => {
  test('samples of both go through the front door', async () => {
    for (const source of ['chargebee', 'gusto']) {
      const tried = await capstack(['webhooks', 'test', '--api', run.url, '--source', source, '--json']);
      assert.equal(tried.code, 0, tried.stdout + tried.stderr);
    }
  });

  test('a processed payroll is committed leg by leg, and is no cash before its debit date', async () => {
    await atGusto({
      payrolls: [payroll(AHEAD)],
      receipts: [receipt({ debit_date: DEBIT })],
      ach_transactions: [
        transfer({ payment_date: DEBIT }),
        transfer({ uuid: 'to-employee', payment_direction: 'credit', amount: '11800.00' }),
      ],
    });
    await gusto('limits', { times: 2 });
    const answer = await ring({ uuid: 'one-event' });
    assert.deepEqual([answer.status, answer.body.status], [200, 'ignored']);
    assert.equal((await ring({ uuid: 'one-event' })).status, 200);
    await until(
      () => bodyOf('commitment', leg('net_debit')),
      (body) => body?.status === 'expected',
    );
    await run.settled();
    const told = (await stated('commitment')).map(({ key, body }) => [key, body.amountMinor, body.dueDate]);
    assert.deepEqual(told.sort(), [
      [leg('checks'), -90_050n, AHEAD.check_date],
      [leg('child_support_debit'), -15_000n, DEBIT],
      [leg('net_debit'), -1_180_000n, DEBIT],
      [leg('reimb_debit'), -20_025n, DEBIT],
      [leg('tax_debit'), -610_015n, DEBIT],
    ]);
    const transfers = (await stated('payment')).filter(({ source }) => source === 'gusto');
    assert.deepEqual(
      transfers.map(({ body }) => body.amountMinor),
      [-1_825_040n],
    );
    assert.equal(await cash(), '0.00');
  });

  test('cancelled it is owed no more; run again it is', async () => {
    await atGusto({ payrolls: [draft(AHEAD)] });
    assert.equal((await ring({ event_type: 'payroll.cancelled' })).status, 200);
    await until(
      () => stated('commitment'),
      (all) => all.length === 0,
    );
    await atGusto({ payrolls: [payroll(AHEAD)] });
    await ring();
    await until(
      () => stated('commitment'),
      (all) => all.length === 5,
    );
  });

  test('from its debit date on it is money that left, until the reversal brings some back', async () => {
    await gusto('expiry', {});
    await atGusto({
      payrolls: [payroll({ check_date: TODAY })],
      receipts: [receipt({ debit_date: addDays(TODAY, -2) })],
    });
    await ring({ event_type: 'payroll.paid' });
    await until(cash, (amount) => amount === '-19150.90');
    const back = 'bbbbbbbb-1111-4222-8333-944455556666';
    await atGusto({
      payrolls: [
        payroll({ check_date: TODAY, reversal_payroll_uuids: [back] }),
        payroll({
          payroll_uuid: back,
          check_date: TODAY,
          off_cycle: true,
          totals: { company_debit: '-1000.00', net_pay_debit: '-700.00', tax_debit: '-300.00' },
          payroll_status_meta: { expected_debit_time: `${addDays(TODAY, -1)}T17:00:00Z` },
        }),
      ],
    });
    await sweep();
    await until(cash, (amount) => amount === '-18150.90');
    const returned = await bodyOf('commitment', `gusto:${COMPANY}:payroll:${back}:net_debit:due`);
    assert.equal(returned?.amountMinor, 70_000n);
  });

  test('a token is kept only while somebody waits for one', async () => {
    assert.equal((await gusto('subscriptions', { token: 'stranger-made-this-up' })).status, 401);
    const waiting = capstack([
      'secrets',
      'await',
      '--api',
      run.url,
      '--tenant',
      'demo',
      '--minutes',
      '1',
      '--json',
    ]);
    await until(
      () => gusto('subscriptions', { token: 'b41e0000-of-gusto-itself' }),
      ({ status }) => status === 200,
    );
    const taken = await waiting;
    assert.equal(taken.code, 0, taken.stderr);
    assert.equal(JSON.parse(taken.stdout).status, 'rotated');
    await until(
      () => gusto('subscriptions', { token: 'stranger-made-this-up' }),
      ({ status }) => status === 401,
    );
    assert.equal((await ring()).status, 200, 'what was current is the previous one');
  });
});
