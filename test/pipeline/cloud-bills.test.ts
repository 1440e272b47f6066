/** Cloud bills through the whole local pipeline: alerts that are signed, costs that are read, credits that end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stateStore } from '../../shared/aws/state-store.ts';
import type { Statement } from '../../shared/event/statement.ts';
import { addDays, civilDateIn } from '../../shared/time/civil-date.ts';
import { type Answer, until } from '../support/local-client.ts';
import { localWorld } from '../support/local-world.ts';

const TODAY = civilDateIn('UTC', Date.now());
const ACCOUNT = '01AB23-CD45EF-678901';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:budgets';
const CONFIGURATION = `
tenants:
  - name: demo
    accounting_zone: UTC
    base_currency: USD
    livemode: false
    aws:
      payer: "123456789012"
      budgets_topic: ${TOPIC}
      credits:
        - { id: activate, remaining: 1000, as_of: ${addDays(TODAY, -20)}, expires_on: ${addDays(TODAY, 90)} }
    gcp: { billing_account: ${ACCOUNT}, project: acme-billing, dataset: billing }
`;

const { client, tables, stateTable, invoke, sweep } = await localWorld(CONFIGURATION);
const state = stateStore(tables, stateTable);

const control = (stub: string, body: unknown): Promise<Answer> =>
  client.request('POST', `/_local/stub/${stub}`, { body: body as object });

const stated = async <Of extends 'commitment' | 'cost' | 'credit_lot'>(
  subject: Of,
): Promise<readonly Statement<Of>[]> =>
  (await state.statements('demo', subject)).flatMap(({ statements }) => statements);

test('17 a signed alert rings, the costs of the days are read, and credits are what the bills left of them', async () => {
  const service = 'Amazon Elastic Compute Cloud - Compute';
  const put = Array.from({ length: 20 }, (_, index) => addDays(TODAY, -1 - index)).flatMap((date) => [
    { date, service, type: 'Usage', amount: '50' },
    { date, service, type: 'Credit', amount: '-10' },
  ]);
  assert.equal((await control('cost-explorer/_control/costs', { put })).status, 200);
  assert.equal((await control('sns/_control/messages', { Type: 'SubscriptionConfirmation' })).status, 200);
  assert.equal((await control('sns/_control/messages', { TopicArn: `${TOPIC}2` })).status, 401);
  assert.equal((await control('sns/_control/messages', {})).status, 200);
  const costs = await until(
    () => stated('cost'),
    (found) => found.length === 40,
  );
  assert.ok(costs.every(({ key }) => key.startsWith('ce:123456789012:')));
  const [lot] = await until(
    () => stated('credit_lot'),
    (found) => found.length === 1,
  );
  assert.equal(lot?.body.remaining, '810');
});

test('an invoice of AWS is listed with the role’s own permission, and is money that will leave', async () => {
  const due = addDays(TODAY, 9);
  const put = [{ id: '2099', account: '123456789012', month: TODAY.slice(0, 7), due, amount: '450.00' }];
  assert.equal((await control('invoicing/_control/invoices', { put })).status, 200);
  await invoke('pull');
  const [invoice] = await until(
    () => stated('commitment'),
    (found) => found.length === 1,
  );
  assert.deepEqual([invoice?.key, invoice?.date], ['awsinv:123456789012:2099', due]);
  assert.deepEqual([invoice?.body.amountMinor, invoice?.body.dueDate], [-45_000n, due]);
});

test('GCP: the export is read with a service account’s key, as the hour strikes', async () => {
  const row = {
    billing_account_id: ACCOUNT,
    invoice_month: TODAY.slice(0, 7).replace('-', ''),
    service_id: '6F81-5844-456A',
    service: 'Compute Engine',
    cost: '12.5',
    export_time: `${addDays(TODAY, -1)}T00:00:00Z`,
  };
  assert.equal((await control('google/_control/rows', [row])).status, 200);
  await sweep();
  const costs = await until(
    () => stated('cost'),
    (found) => found.some(({ body }) => body.provider === 'gcp'),
  );
  assert.equal(costs.find(({ body }) => body.provider === 'gcp')?.body.amount, '12.5');
});
