import { after, before } from 'node:test';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { type StateStore, stateStore } from '../../../shared/aws/state-store.ts';
import { TABLE_KEYS } from '../../../shared/contract/names.ts';
import { type LocalLedgerTable, startLedgerTable } from '../../support/dynamodb-local.ts';
import { memoryStateStore } from '../../support/memory-state-store.ts';
import { stateStoreContract } from '../../support/state-store.contract.ts';

let local: LocalLedgerTable;
let real: StateStore;
before(async () => {
  local = await startLedgerTable();
  await local.client.send(
    new CreateTableCommand({
      TableName: 'State',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: Object.values(TABLE_KEYS).map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [
        { AttributeName: TABLE_KEYS.partition, KeyType: 'HASH' },
        { AttributeName: TABLE_KEYS.sort, KeyType: 'RANGE' },
      ],
    }),
  );
  real = stateStore(local.client, 'State');
});
after(() => local.stop());

const memory = memoryStateStore();
stateStoreContract('memory', () => memory);
stateStoreContract('DynamoDB', () => real);
