/** Foreign money through the whole local pipeline: listed, then valued, and what stands beside the number. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addBusinessDays } from '../../shared/time/business-days.ts';
import { addDays, civilDateIn } from '../../shared/time/civil-date.ts';
import { invoice } from '../support/chargebee-payloads.ts';
import { localWorld } from '../support/local-world.ts';

const SITE = 'made-up-test';
const CONFIGURATION = `
tenants:
  - name: demo
    accounting_zone: UTC
    base_currency: USD
    livemode: false
    chargebee: { site: ${SITE} }
    accounts:
      - { name: deposit, kind: manual, authority: generic, restricted: true }
`;
const TODAY = civilDateIn('UTC', Date.now());

const { run, client, admin, sweep } = await localWorld(CONFIGURATION);

const runway = async () => (await client.request('GET', '/v1/runway', { token: admin })).body;

const rate = async (date: string, currency: string, value: string): Promise<void> => {
  const body = { date, currency, rate: value };
  assert.equal((await client.request('POST', '/_local/stub/ecb/_control/rates', { body })).status, 200);
};

test('foreign money is listed until the hour’s run brings rates, and then counts by them', async () => {
  for (let date = addDays(TODAY, -60); date <= TODAY; date = addDays(date, 1)) {
    await rate(date, 'USD', '1.0000');
    await rate(date, 'GBP', date < addDays(TODAY, -20) ? '0.5000' : '0.4000');
  }
  const event = (id: string, fields: object) => ({ id, type: 'income', currency: 'USD', ...fields });
  const told = await client.generic([
    event('dollars', { amount: '1000.00', date: addDays(TODAY, -30) }),
    event('pounds', { amount: '100.00', currency: 'GBP', date: addDays(TODAY, -30) }),
    event('deposit', { amount: '50.00', account: 'deposit', date: addDays(TODAY, -30) }),
  ]);
  assert.equal(told.status, 200, JSON.stringify(told.body));
  await run.settled();
  const before = await runway();
  assert.equal(before.cash.amount, '1000.00');
  assert.match(
    before.trust.reasons.join('\n'),
    /GBP 100\.00 is held but not valued: no exchange rate is known/,
  );
  assert.deepEqual(before.restricted_cash, {
    amount: '50.00',
    currency: 'USD',
    by_currency: { USD: '50.00' },
    unvalued: [],
    accounts: ['deposit'],
  });
  assert.equal(before.liabilities, null);
  await sweep();
  const after = await runway();
  assert.equal(after.cash.amount, '1250.00');
  assert.equal(after.trust.reasons.join('\n').includes('not valued'), false);
  assert.equal(after.unrealised_fx.amount, '50.00');
  assert.ok(after.unrealised_fx.holdings[0].rate_date >= addBusinessDays(TODAY, -2));
  assert.equal(after.realised_fx.amount, '0.00');
});

test('what was paid for service to come is a liability beside the cash, and what is open is to be collected', async () => {
  const second = Date.parse(`${TODAY}T06:00:00Z`) / 1_000;
  const year = { date_from: second, date_to: second + 364 * 86_400, amount: 36_500 };
  const paid = { status: 'paid', total: 36_500, amount_due: 0, date: second, line_items: [year] };
  const open = { status: 'payment_due', total: 700, amount_due: 700, date: second, line_items: [] };
  const body = {
    invoice: [
      invoice({ id: 'INV-1', ...paid }),
      invoice({ id: 'INV-2', ...open, due_date: second + 14 * 86_400 }),
      invoice({ id: 'INV-3', ...open, currency_code: 'GBP', due_date: second - 86_400 }),
    ],
  };
  await client.request('POST', `/_local/stub/chargebee/${SITE}/_control/resources`, { body });
  await sweep();
  const { cash, liabilities, receivables, collections } = await runway();
  assert.equal(cash.amount, '1250.00', 'none of it is cash');
  assert.equal(liabilities.deferred_revenue.amount, '364.00');
  assert.equal(liabilities.refunds_due.amount, '0.00');
  assert.deepEqual(receivables, {
    amount: '24.50',
    currency: 'USD',
    by_currency: { GBP: '7.00', USD: '7.00' },
    unvalued: [],
    overdue: '17.50',
  });
  assert.deepEqual(collections, [
    { due: addDays(TODAY, -1), amount: '7.00', currency: 'GBP' },
    { due: addDays(TODAY, 14), amount: '7.00', currency: 'USD' },
  ]);
  const page = await (await fetch(`${run.url}/`)).text();
  for (const what of ['Beside the number', 'Restricted cash', 'Deferred revenue', 'Unrealised exchange gain'])
    assert.ok(page.includes(what), what);
});
