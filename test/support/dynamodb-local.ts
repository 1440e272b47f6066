import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { startDynamo } from '../../scripts/local/engines.ts';
import { freePorts } from '../../scripts/local/guarded-process.ts';
import { ensurePrerequisites } from '../../scripts/local/prerequisites.ts';
import { LEDGER_INDEX, TABLE_KEYS } from '../../shared/contract/names.ts';

export interface LocalLedgerTable {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  /** One more empty table with the same keys. */
  readonly another: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

const createLedger = (table: string): CreateTableCommand =>
  new CreateTableCommand({
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      TABLE_KEYS.partition,
      TABLE_KEYS.sort,
      LEDGER_INDEX.partition,
      LEDGER_INDEX.sort,
    ].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: TABLE_KEYS.partition, KeyType: 'HASH' },
      { AttributeName: TABLE_KEYS.sort, KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: LEDGER_INDEX.name,
        KeySchema: [
          { AttributeName: LEDGER_INDEX.partition, KeyType: 'HASH' },
          { AttributeName: LEDGER_INDEX.sort, KeyType: 'RANGE' },
        ],
        Projection: {
          ProjectionType: 'INCLUDE',
          NonKeyAttributes: [...LEDGER_INDEX.attributes],
        },
      },
    ],
  });

/** An engine of this test file's own; `DYNAMODB_ENDPOINT` names one that is already running. */
const engine = async (): Promise<{ readonly endpoint: string; readonly stop: () => Promise<void> }> => {
  const { java } = await ensurePrerequisites(() => undefined);
  const running = process.env['DYNAMODB_ENDPOINT'];
  if (java === undefined && running !== undefined)
    return { endpoint: running, stop: () => Promise.resolve() };
  const [port = 0] = await freePorts(1);
  const directory = mkdtempSync(join(tmpdir(), 'capstack-test-'));
  const started = await startDynamo(
    java ?? 'java',
    { port, directory, logFile: join(directory, 'dynamodb.log') },
    false,
  );
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      await started.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

/** An empty ledger table. The access key chooses the database, so that two test files never share one. */
export const startLedgerTable = async (): Promise<LocalLedgerTable> => {
  const { endpoint, stop } = await engine();
  const dynamo = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: `test${process.pid}`, secretAccessKey: 'test' },
  });
  let tables = 0;
  const another = async (): Promise<string> => {
    const table = `Ledger${tables++}`;
    await dynamo.send(createLedger(table));
    return table;
  };
  return {
    client: DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } }),
    table: await another(),
    another,
    stop: async () => {
      dynamo.destroy();
      await stop();
    },
  };
};
