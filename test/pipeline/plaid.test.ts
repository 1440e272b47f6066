/** A bank account through the whole local pipeline: signed doorbells, fetched pages, cash at each step. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Transaction } from '../../scripts/local/providers/plaid-item.ts';
import { addDays, civilDateIn } from '../../shared/time/civil-date.ts';
import { type Answer, until } from '../support/local-client.ts';
import { localWorld } from '../support/local-world.ts';
import { bankRow, CHECKING } from '../support/plaid-payloads.ts';
import { charge, event } from '../support/stripe-payloads.ts';

const BANK = 'item-bank';
const OTHER_BANK = 'item-other';
const CONFIGURATION = `
policy: { tenant: demo }
tenants:
  - name: demo
    accounting_zone: America/New_York
    base_currency: USD
    livemode: false
    plaid:
      - item_id: ${BANK}
        accounts: { ${CHECKING}: 'bank:checking' }
  - name: other
    accounting_zone: UTC
    base_currency: USD
    livemode: false
    plaid: [{ item_id: ${OTHER_BANK} }]
`;
const TODAY = civilDateIn('America/New_York', Date.now());

const { run, client, admin } = await localWorld(CONFIGURATION);

const control = (path: string, body: object): Promise<Answer> =>
  client.request('POST', `/_local/stub/plaid/_control/${path}`, { body: { item_id: BANK, ...body } });

const bank = async (put: readonly Transaction[], remove: readonly string[] = []): Promise<void> => {
  assert.equal((await control('transactions', { put, remove })).status, 200);
};

const ring = (fields: object = {}): Promise<Answer> => control('webhooks', fields);

const cash = async (token = admin): Promise<string> =>
  (await client.request('GET', '/v1/runway', { token })).body.cash?.amount;

/** Rings, waits until everything is read, and checks what is in the bank. */
const cashAfterRinging = async (expected: string): Promise<void> => {
  assert.equal((await ring()).status, 200);
  await until(cash, (amount) => amount === expected);
  await run.settled();
  assert.equal(await cash(), expected);
};

const payment = (fields: Readonly<Record<string, unknown>>): Transaction =>
  bankRow({ date: addDays(TODAY, -2), ...fields });

describe('a bank account', () => {
  test('posts what is posted: pending, posted, modified, removed', async () => {
    await bank([payment({ transaction_id: 'salary', amount: -5000, name: 'WIRE IN', merchant_name: null })]);
    await cashAfterRinging('5000.00');

    await bank([payment({ transaction_id: 'hold', amount: 100, pending: true })]);
    assert.equal((await ring()).status, 200);
    await run.settled();
    assert.equal(await cash(), '5000.00');

    const dinner = payment({ transaction_id: 'dinner', amount: 118.5, pending_transaction_id: 'hold' });
    await bank([dinner], ['hold']);
    await cashAfterRinging('4881.50');

    await bank([{ ...dinner, amount: 120.01, date: addDays(TODAY, -1) }]);
    await cashAfterRinging('4879.99');

    await bank([], ['dinner']);
    await cashAfterRinging('5000.00');
  });

  test('is read once however often the doorbell rings, over pages that change meanwhile', async () => {
    const rows = Array.from({ length: 10 }, (_, index) =>
      payment({ transaction_id: `card-${index}`, amount: 0.1 }),
    );
    await bank(rows);
    assert.equal((await control('mutations', { times: 2 })).status, 200);
    const answers = await Promise.all(Array.from({ length: 6 }, () => ring()));
    assert.deepEqual(
      answers.map(({ status }) => status),
      answers.map(() => 200),
    );
    await cashAfterRinging('4999.00');
  });

  test('receives a payout of Stripe without counting it again', async () => {
    const sold = charge({
      id: 'ch_bank',
      balance_transaction: 'txn_bank',
      amount: 3000,
      amount_captured: 3000,
      created: Math.floor(Date.now() / 1000) - 3 * 86_400,
    });
    assert.equal((await client.stripe(event('charge.succeeded', sold))).body.status, 'accepted');
    await until(cash, (amount) => amount === '5029.00');
    await bank([
      payment({ transaction_id: 'payout', amount: -30, name: 'STRIPE TRANSFER', merchant_name: 'Stripe' }),
      payment({ transaction_id: 'fee', amount: 1 }),
    ]);
    await cashAfterRinging('5028.00');
  });

  test('of one tenant is nothing to another, though Plaid signed it', async () => {
    assert.equal((await ring({ tenant: 'other' })).status, 401);
    assert.equal((await ring({ item_id: 'item-of-nobody' })).status, 401);
    assert.equal((await ring({ item_id: OTHER_BANK, tenant: 'other' })).status, 200);
    await run.settled();
    assert.equal(await cash(), '5028.00');
  });

  test('in trouble changes no cash', async () => {
    const answer = await ring({ webhook_type: 'ITEM', webhook_code: 'ERROR' });
    assert.deepEqual([answer.status, answer.body.status], [200, 'ignored']);
    assert.equal((await ring({ webhook_code: 'DEFAULT_UPDATE' })).body.status, 'ignored');
    await run.settled();
    assert.equal(await cash(), '5028.00');
  });
});
