import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LedgerFault, type LedgerStore, ledgerStore } from '../../../shared/aws/ledger-store.ts';
import { type LocalLedgerTable, startLedgerTable } from '../../support/dynamodb-local.ts';
import { ledgerStoreContract } from '../../support/ledger-store.contract.ts';
import { memoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { cashFact } from '../../support/rows.ts';
import { provenance, settingsOf } from '../../support/settings.ts';

let local: LocalLedgerTable;
let real: LedgerStore;
before(async () => {
  local = await startLedgerTable();
  real = ledgerStore(local.client, local.table);
});
after(() => local.stop());

const memory = memoryLedgerStore();
ledgerStoreContract('memory', () => memory);
ledgerStoreContract('DynamoDB', () => real);

test('an SDK exception leaves the store as a LedgerFault with its cause', async () => {
  const nowhere = ledgerStore(local.client, 'NoSuchTable');
  await assert.rejects(nowhere.append(cashFact({ key: 'k' }), provenance(settingsOf())), (error) => {
    assert.ok(error instanceof LedgerFault);
    assert.equal((error.cause as Error).name, 'ResourceNotFoundException');
    return true;
  });
});

test('the twin undoes nothing: a lost answer leaves its rows, and trying again finds them', async () => {
  let lose = true;
  const lossy = memoryLedgerStore(async (operation, run) => {
    const result = run();
    if (operation === 'insert' && lose) {
      lose = false;
      throw new Error('answer lost');
    }
    return result;
  });
  const from = provenance(settingsOf());
  await assert.rejects(lossy.append(cashFact({ key: 'k' }), from), /answer lost/);
  assert.equal(await lossy.append(cashFact({ key: 'k' }), from), 'duplicate');
  assert.equal(lossy.rows().length, 1);
});
