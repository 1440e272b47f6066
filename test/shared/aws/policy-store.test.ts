import { after, before } from 'node:test';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { type PolicyStore, policyStore } from '../../../shared/aws/policy-store.ts';
import { TABLE_KEYS } from '../../../shared/contract/names.ts';
import { type LocalLedgerTable, startLedgerTable } from '../../support/dynamodb-local.ts';
import { memoryPolicyStore } from '../../support/memory-policy-store.ts';
import { policyStoreContract } from '../../support/policy-store.contract.ts';

let local: LocalLedgerTable;
let real: PolicyStore;
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
  real = policyStore(local.client, 'State');
});
after(() => local.stop());

const memory = memoryPolicyStore();
policyStoreContract('memory', () => memory);
policyStoreContract('DynamoDB', () => real);
