import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseItemDoorbell } from '../../../../shared/providers/plaid/doorbell.ts';
import { plaid } from '../../../../shared/providers/plaid/webhook.ts';
import type { Interpretation } from '../../../../shared/providers/provider.ts';
import { ITEM, plaidSignature, plaidWebhook, testKey } from '../../../support/plaid-payloads.ts';
import { settingsOf } from '../../../support/settings.ts';

const read = (webhook_type: string, webhook_code: string): Interpretation =>
  plaid.interpret(plaidWebhook({ webhook_type, webhook_code }), settingsOf());

const doorbells = (reading: Interpretation): readonly string[] =>
  reading.outcome === 'ignored' ? reading.doorbells : assert.fail(reading.outcome);

test('an update to fetch rings for its item', () => {
  const [doorbell = '', ...more] = doorbells(read('TRANSACTIONS', 'SYNC_UPDATES_AVAILABLE'));
  assert.deepEqual(more, []);
  assert.equal(parseItemDoorbell(doorbell), ITEM);
  assert.equal(parseItemDoorbell('stripe:balance_transaction:txn_1'), undefined);
});

test('older codes and other products are nothing to do', () => {
  for (const [type, code] of [
    ['TRANSACTIONS', 'INITIAL_UPDATE'],
    ['TRANSACTIONS', 'HISTORICAL_UPDATE'],
    ['TRANSACTIONS', 'DEFAULT_UPDATE'],
    ['TRANSACTIONS', 'TRANSACTIONS_REMOVED'],
    ['ITEM', 'NEW_ACCOUNTS_AVAILABLE'],
    ['ITEM', 'toString'],
    ['AUTH', 'AUTOMATICALLY_VERIFIED'],
  ] as const) {
    const reading = read(type, code);
    assert.deepEqual(doorbells(reading), [], code);
    assert.ok(!('attention' in reading), code);
  }
});

test('what ails a bank login is told to a person; once repaired, it is read again', () => {
  for (const code of ['ERROR', 'PENDING_EXPIRATION', 'PENDING_DISCONNECT', 'USER_PERMISSION_REVOKED']) {
    const reading = read('ITEM', code);
    assert.ok(reading.outcome === 'ignored' && reading.attention?.includes(ITEM), code);
    assert.deepEqual(reading.doorbells, [], code);
  }
  const repaired = read('ITEM', 'LOGIN_REPAIRED');
  assert.ok(repaired.outcome === 'ignored' && repaired.attention !== undefined);
  assert.deepEqual(doorbells(repaired), [`plaid:item:${ITEM}`]);
});

test('a delivery goes by its token and its bytes, a retry by its own', async () => {
  const key = testKey('key-1');
  const idOf = async (body: Buffer, seconds: number): Promise<string> =>
    plaid.deliveryId({ headers: { 'plaid-verification': await plaidSignature(key, body, seconds) }, body });
  const id = await idOf(plaidWebhook(), 1_769_947_200);
  assert.equal(await idOf(plaidWebhook(), 1_769_947_200), id);
  assert.notEqual(await idOf(plaidWebhook(), 1_769_947_230), id);
  assert.notEqual(await idOf(plaidWebhook({ user_id: 'usr_1' }), 1_769_947_200), id);
});
