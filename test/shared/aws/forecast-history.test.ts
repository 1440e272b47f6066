import { after, before } from 'node:test';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { type ForecastHistory, forecastHistory } from '../../../shared/aws/forecast-history.ts';
import { TABLE_KEYS } from '../../../shared/contract/names.ts';
import { type LocalLedgerTable, startLedgerTable } from '../../support/dynamodb-local.ts';
import { forecastHistoryContract } from '../../support/forecast-history.contract.ts';
import { memoryForecastHistory } from '../../support/memory-forecast-history.ts';

let local: LocalLedgerTable;
let real: ForecastHistory;
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
  real = forecastHistory(local.client, 'State');
});
after(() => local.stop());

const memory = memoryForecastHistory();
forecastHistoryContract('memory', () => memory);
forecastHistoryContract('DynamoDB', () => real);
