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

test('a delivery goes by its token: the same one is the same, another is another, within a second too', async () => {
  const key = testKey('key-1');
  const [body, seconds] = [plaidWebhook(), 1_769_947_200];
  const idOf = (token: string): string =>
    plaid.deliveryId({ headers: { 'plaid-verification': token }, body });
  const tokens = [await plaidSignature(key, body, seconds), await plaidSignature(key, body, seconds)];
  const ids = tokens.map(idOf);
  assert.deepEqual(tokens.map(idOf), ids);
  assert.notEqual(ids[0], ids[1]);
});
