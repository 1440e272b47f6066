import { after, before } from 'node:test';
import { type SealStore, sealStore } from '../../../shared/aws/seal-store.ts';
import { type LocalLedgerTable, startLedgerTable } from '../../support/dynamodb-local.ts';
import { memorySealStore } from '../../support/memory-seal-store.ts';
import { sealStoreContract } from '../../support/seal-store.contract.ts';

let local: LocalLedgerTable;
let real: SealStore;
before(async () => {
  local = await startLedgerTable();
  /** Any table with these keys does. */
  real = sealStore(local.client, local.table);
});
after(() => local.stop());

const memory = memorySealStore();
sealStoreContract('memory', () => memory);
sealStoreContract('DynamoDB', () => real);
