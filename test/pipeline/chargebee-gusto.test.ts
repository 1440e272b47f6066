/** Billing and payroll through the whole local pipeline: what is told, what is fetched, and what of it is cash. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stateStore } from '../../shared/aws/state-store.ts';
import type { Statement, Subject } from '../../shared/event/statement.ts';
import { addDays, civilDateIn } from '../../shared/time/civil-date.ts';
import { capstack } from '../scripts/cli/capstack.ts';
import { invoice, subscription, transaction } from '../support/chargebee-payloads.ts';
import {
  COMPANY,
  CONTRACTOR_PAYMENT,
  contractorPayment,
  contractorTransfer,
  draft,
  PAYROLL,
  payroll,
  receipt,
  recoveryCase,
  transfer,
} from '../support/gusto-payloads.ts';
import { type Answer, until } from '../support/local-client.ts';
import { localWorld } from '../support/local-world.ts';

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

const { run, client, admin, tables, stateTable, sweep } = await localWorld(CONFIGURATION);
const state = stateStore(tables, stateTable);

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

const stated = async <Of extends Subject>(subject: Of): Promise<readonly Statement<Of>[]> =>
  (await state.statements('demo', subject)).flatMap(({ statements }) => statements);
const bodyOf = async <Of extends Subject>(
  subject: Of,
  key: string,
): Promise<Statement<Of>['body'] | undefined> =>
  (await stated(subject)).find((statement) => statement.key === key)?.body;
const cash = async (): Promise<string | undefined> =>
  (await client.request('GET', '/v1/runway', { token: admin })).body.cash?.amount;

const trust = async (): Promise<{ readonly partial: boolean; readonly reasons: readonly string[] }> =>
  (await client.request('GET', '/v1/runway', { token: admin })).body.trust;
/** Waits until the forecast says so, or no longer. */
const says = async (reason: RegExp, isSaid = true): Promise<void> => {
  await until(trust, ({ reasons }) => reasons.some((each) => reason.test(each)) === isSaid);
};

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

  test('a key that is refused makes the forecast partial until it is good again; missing webhooks are only said', async () => {
    await chargebee('limits', { status: 401 });
    await sweep();
    await says(/^Chargebee cannot be read since .* \(401\)/);
    assert.equal((await trust()).partial, true);
    const version = Date.now() - 3_600_000;
    const unheard = { updated_at: Math.floor(version / 1_000), resource_version: version };
    await chargebee('resources', { invoice: [{ ...invoice({ id: 'INV-unheard' }), ...unheard }] });
    await sweep();
    await says(/^Chargebee cannot be read/, false);
    await says(/^webhooks of Chargebee do not arrive since/);
    assert.equal((await trust()).partial, false);
    const heard = { updated_at: Math.floor(Date.now() / 1_000), resource_version: Date.now() };
    await chargebee('resources', { invoice: [{ ...invoice({ id: 'INV-heard' }), ...heard }] });
    assert.equal(
      (await chargebee('webhooks', { content: { invoice: 'INV-heard' } })).body.status,
      'accepted',
    );
    await sweep();
    await says(/^webhooks of Chargebee do not arrive/, false);
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

  test('a contractor is paid by one debit, rung for and then found by the sweep to be cancelled', async () => {
    const before = await cash();
    await atGusto({
      contractor_payments: [contractorPayment({ date: addDays(TODAY, 6) })],
      ach_transactions: [contractorTransfer({ payment_date: DEBIT })],
    });
    assert.equal(
      (await gusto('webhooks', { company_uuid: COMPANY, contractor_payment_uuid: CONTRACTOR_PAYMENT }))
        .status,
      200,
    );
    const key = `gusto:${COMPANY}:contractor_debit:${CONTRACTOR_PAYMENT}:due`;
    const told = await until(
      () => bodyOf('commitment', key),
      (body) => body !== undefined,
    );
    assert.deepEqual([told?.amountMinor, told?.dueDate], [-84_050n, DEBIT]);
    assert.equal(await cash(), before);
    await atGusto({ remove: [CONTRACTOR_PAYMENT] });
    await sweep();
    assert.equal(await bodyOf('commitment', key), undefined);
  });

  test('a debit that failed has not left and is said, until it is recovered', async () => {
    await atGusto({ recovery_cases: [recoveryCase({ original_debit_date: addDays(TODAY, -2) })] });
    await sweep();
    await until(cash, (amount) => amount === '99.50');
    await says(/^Gusto could not debit USD 18250\.40/);
    assert.equal((await trust()).partial, true);
    await atGusto({ recovery_cases: [recoveryCase({ status: 'recovered', amount_outstanding: '0.0' })] });
    await sweep();
    await until(cash, (amount) => amount === '-18150.90');
    await says(/^Gusto could not debit/, false);
  });

  test('a login that is lost makes the forecast partial, and says what to do', async () => {
    await gusto('expiry', { login: true });
    await sweep();
    await says(/^Gusto takes our login no more since .*Sign in again/);
    assert.equal((await trust()).partial, true);
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
