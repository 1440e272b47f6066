import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvoicingClient } from '@aws-sdk/client-invoicing';
import { type AwsInvoiceDeps, sweepAwsInvoices } from '../../functions/pull/aws-invoices.ts';
import { localInvoicing } from '../../scripts/local/services/invoicing.ts';
import { invoicing } from '../../shared/aws/invoicing.ts';
import type { Commitment } from '../../shared/event/statement.ts';
import { memoryArchive, quietInvocation } from '../support/memory-intake.ts';
import { memoryLedgerStore } from '../support/memory-ledger-store.ts';
import { serviceEndpoint } from '../support/service-endpoint.ts';
import { settingsOf } from '../support/settings.ts';

const PAYER = '123456789012';
const at = (text: string): number => Date.parse(`${text}:00Z`);

/** An account at AWS, whose invoices one tenant reads through the SDK's own client. */
const world = async (pageSize = 100) => {
  let nowMs = at('2026-03-18T12:07');
  const local = localInvoicing({ pageSize });
  const endpoint = await serviceEndpoint(local.service);
  const client = new InvoicingClient({ ...endpoint.client, maxAttempts: 1 });
  const months: string[] = [];
  const asked = invoicing(client);
  const settings = settingsOf({ aws: { payer: PAYER, requestsPerDay: 1, credits: [] } });
  const ledger = memoryLedgerStore();
  const deps: AwsInvoiceDeps = {
    ledger,
    archive: memoryArchive(),
    invoicing: {
      invoices: (account, month, page) => {
        months.push(month);
        return asked.invoices(account, month, page);
      },
    },
  };
  const control = (path: string, fields: object) =>
    local.control({
      method: 'POST',
      path: `/_control/${path}`,
      headers: {},
      body: Buffer.from(JSON.stringify(fields)),
    });
  const facts = () => ledger.rows().flatMap((row) => (row.kind === 'fact' ? [row.fact] : []));
  return {
    endpoint,
    ledger,
    months,
    facts,
    put: (...invoices: object[]) =>
      control('invoices', { put: invoices.map((each) => ({ account: PAYER, month: '2026-02', ...each })) }),
    remove: (id: string) => control('invoices', { remove: [{ id }] }),
    limit: (times: number) => control('limits', { times }),
    sweep: async (text: string) => {
      nowMs = at(text);
      months.length = 0;
      const context = quietInvocation(nowMs);
      await sweepAwsInvoices(deps, settings, context);
      return context.lines;
    },
    /** What is owed by the latest telling of each invoice. */
    owed: (): Record<string, string> => {
      const latest = new Map(
        facts()
          .toSorted((a, b) => (a.revision < b.revision ? -1 : 1))
          .map((fact) => [fact.key.replace(`awsinv:${PAYER}:`, ''), fact]),
      );
      return Object.fromEntries(
        [...latest].flatMap(([id, fact]) => {
          if (fact.kind !== 'statement' || fact.body === null) return [];
          const { amountMinor, currency, dueDate, leg } = JSON.parse(fact.body) as Commitment;
          return [[id, `${amountMinor} ${currency} ${dueDate} ${leg}`]];
        }),
      );
    },
  };
};

test('each invoice of a month is a commitment on its day; a memo gives back, a receipt is none', async () => {
  const aws = await world(2);
  await aws.put(
    { id: 'a', due: '2026-03-03', amount: '1234.50' },
    { id: 'b', due: '2026-03-21', amount: '99.00', bill: 'PURCHASE' },
    { id: 'c', due: '2026-03-19', amount: '34.50', type: 'CREDIT_MEMO', original: 'b' },
    { id: 'd', due: '2026-03-03', amount: '1234.50', type: 'PAYMENT_RECEIPT' },
    { id: 'e', due: '2026-03-20', amount: '5000', currency: 'JPY' },
    { id: 'f', account: '999999999999', due: '2026-03-03', amount: '1.00' },
  );
  await aws.sweep('2026-03-18T12:07');
  assert.deepEqual(aws.owed(), {
    a: '-123450 USD 2026-03-03 invoice',
    b: '-9900 USD 2026-03-21 purchase',
    // Settled with the invoice that it lessens.
    c: '3450 USD 2026-03-21 credit memo',
    e: '-5000 JPY 2026-03-20 invoice',
  });
  assert.ok(aws.facts().every(({ kind }) => kind === 'statement'));
  // A year at first, each month to its last page.
  assert.equal(new Set(aws.months).size, 13);
  assert.deepEqual([aws.months[0], aws.months.filter((month) => month === '2026-02').length], ['2025-03', 3]);
  assert.ok(aws.endpoint.asked.every(({ action }) => action === 'invoicing:ListInvoiceSummaries'));
  await aws.endpoint.stop();
});

test('it is read twice a day; what is unchanged adds nothing, a correction is a revision, what is gone is taken back', async () => {
  const aws = await world();
  await aws.put(
    { id: 'a', due: '2026-03-03', amount: '10.00' },
    { id: 'b', due: '2026-04-03', amount: '7.00' },
  );
  await aws.sweep('2026-03-18T12:07');
  const before = aws.facts().length;
  await aws.sweep('2026-03-18T20:07');
  assert.deepEqual(aws.months, []);
  await aws.sweep('2026-03-19T00:07');
  assert.deepEqual(aws.months, ['2026-01', '2026-02', '2026-03']);
  assert.equal(aws.facts().length, before);
  await aws.put({ id: 'a', due: '2026-03-05', amount: '11.00' });
  await aws.remove('b');
  await aws.sweep('2026-03-19T12:07');
  assert.deepEqual(aws.owed(), { a: '-1100 USD 2026-03-05 invoice' });
  // Months that were not read keep what they said.
  await aws.sweep('2026-07-19T12:07');
  assert.deepEqual(aws.owed(), { a: '-1100 USD 2026-03-05 invoice' });
  await aws.endpoint.stop();
});

test('an invoice that is not understood is kept, said, and takes nothing back', async () => {
  const aws = await world();
  await aws.put(
    { id: 'a', due: '2026-03-03', amount: '10.00' },
    { id: 'b', due: '2026-03-03', amount: '7.00' },
  );
  await aws.sweep('2026-03-18T12:07');
  await aws.put({ id: 'a', due: '2026-03-03', amount: 'ten' });
  await aws.sweep('2026-03-19T12:07');
  assert.equal(Object.keys(aws.owed()).length, 2);
  const quarantined = aws.ledger.rows().filter((row) => row.kind === 'delivery' && row.quarantined);
  assert.equal(quarantined.length, 1);
  await aws.endpoint.stop();
});

test('who may not read them is told so twice a day, and once allowed gets the whole year', async () => {
  const aws = await world();
  await aws.put({ id: 'a', month: '2025-06', due: '2025-07-03', amount: '10.00' });
  aws.endpoint.deny();
  const [line] = await aws.sweep('2026-03-18T12:07');
  assert.deepEqual([line?.level, line?.message.includes('AWS gave no invoices')], ['WARN', true]);
  assert.deepEqual(await aws.sweep('2026-03-18T13:07'), []);
  assert.equal((await aws.sweep('2026-03-19T01:07')).length, 1);
  assert.deepEqual(aws.owed(), {});
  aws.endpoint.allow();
  await aws.sweep('2026-03-19T13:07');
  assert.deepEqual(aws.owed(), { a: '-1000 USD 2025-07-03 invoice' });
  await aws.endpoint.stop();
});

test('a busy AWS is asked again in the next hour, and half a reading tells nothing', async () => {
  const aws = await world();
  await aws.put({ id: 'a', due: '2026-03-03', amount: '10.00' });
  await aws.sweep('2026-03-18T12:07');
  await aws.remove('a');
  await aws.limit(1);
  await aws.sweep('2026-03-19T12:07');
  assert.equal(Object.keys(aws.owed()).length, 1);
  await aws.sweep('2026-03-19T13:07');
  assert.deepEqual(aws.owed(), {});
  await aws.endpoint.stop();
});
