import { after, before } from 'node:test';
import { type ReconciliationStore, reconciliationStore } from '../../../shared/aws/reconciliation-store.ts';
import { type LocalLedgerTable, startLedgerTable } from '../../support/dynamodb-local.ts';
import { memoryReconciliationStore } from '../../support/memory-reconciliation-store.ts';
import { reconciliationStoreContract } from '../../support/reconciliation-store.contract.ts';

let local: LocalLedgerTable;
let real: ReconciliationStore;
before(async () => {
  local = await startLedgerTable();
  /** Any table with these keys does. */
  real = reconciliationStore(local.client, local.table);
});
after(() => local.stop());

const memory = memoryReconciliationStore();
reconciliationStoreContract('memory', () => memory);
reconciliationStoreContract('DynamoDB', () => real);
