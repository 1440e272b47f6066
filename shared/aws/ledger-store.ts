import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { LEDGER_INDEX } from '../contract/names.ts';
import type { Fact } from '../event/fact.ts';
import { type AppendOutcome, appendFact, type FactTable } from '../ledger/append.ts';
import { itemOf, type LedgerItem, rowOf } from '../ledger/codec.ts';
import {
  type BucketRow,
  type DeliveryRow,
  factRowKey,
  type LedgerRow,
  type ProgressRow,
  type Provenance,
  progressRowKey,
} from '../ledger/row.ts';

export interface LedgerStore {
  /** Stores a delivery unless it is stored. */
  readonly putDelivery: (row: DeliveryRow) => Promise<'stored' | 'known'>;
  /** A delivery by its key, strongly consistent. */
  readonly delivery: (pk: string, sk: string) => Promise<DeliveryRow | undefined>;
  /** Every delivery under a key: one, but for a sender who reused an id with another body. Strongly consistent. */
  readonly deliveries: (pk: string) => Promise<readonly DeliveryRow[]>;
  /** Claims a place in a feed unless it is taken. */
  readonly putProgress: (row: ProgressRow) => Promise<'stored' | 'known'>;
  /** The furthest progress of a feed, strongly consistent. */
  readonly lastProgress: (tenant: string, feed: string) => Promise<ProgressRow | undefined>;
  readonly append: (fact: Fact, from: Provenance) => Promise<AppendOutcome>;
  /** Every row of one fact, strongly consistent, in key order. */
  readonly factRows: (tenant: string, factKey: string) => Promise<readonly LedgerRow[]>;
  /** Every row of a bucket (an index key), eventually consistent. */
  readonly bucketRows: (bucket: string) => Promise<readonly BucketRow[]>;
}

/** The ledger could not do what it was asked; nothing is known about whether a write happened. */
export class LedgerFault extends Error {
  override readonly name = 'LedgerFault';
}

const FREE = 'attribute_not_exists(pk)';

/** Reasons for which rivals, not the table, undid a transaction. */
const RIVALRY = new Set(['None', 'ConditionalCheckFailed', 'TransactionConflict']);

const isRivalry = (error: unknown): boolean =>
  error instanceof TransactionConflictException ||
  (error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).every((reason) => RIVALRY.has(reason.Code ?? 'None')));

/**
 * A put whose answer was lost is sent again by the SDK and then finds its own row: told by the row's time of recording
 * and trace, which differ between two deliveries.
 */
const foundOurs = (error: ConditionalCheckFailedException, row: LedgerRow): boolean =>
  (error.$metadata.attempts ?? 1) > 1 &&
  error.Item?.['recordedAt']?.S === row.recordedAt &&
  error.Item?.['traceparent']?.S === row.traceparent;

const faulting = async <Result>(operation: string, run: () => Promise<Result>): Promise<Result> => {
  try {
    return await run();
  } catch (cause) {
    throw new LedgerFault(`${operation} failed`, { cause });
  }
};

const insertOne = async (client: DynamoDBDocumentClient, table: string, row: LedgerRow): Promise<boolean> => {
  try {
    await client.send(
      new PutCommand({
        TableName: table,
        Item: itemOf(row),
        ConditionExpression: FREE,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return foundOurs(error, row);
    if (isRivalry(error)) return false;
    throw error;
  }
};

const insertAll = async (
  client: DynamoDBDocumentClient,
  table: string,
  rows: readonly LedgerRow[],
): Promise<boolean> => {
  try {
    await client.send(
      new TransactWriteCommand({
        TransactItems: rows.map((row) => ({
          Put: { TableName: table, Item: itemOf(row), ConditionExpression: FREE },
        })),
      }),
    );
    return true;
  } catch (error) {
    if (isRivalry(error)) return false;
    throw error;
  }
};

/** The put-only ledger table. Every write is conditional on its key being free; nothing is updated or deleted. */
export const ledgerStore = (client: DynamoDBDocumentClient, table: string): LedgerStore => {
  const query = async (input: Omit<QueryCommandInput, 'TableName'>): Promise<LedgerItem[]> => {
    const items: LedgerItem[] = [];
    let start: QueryCommandInput['ExclusiveStartKey'];
    do {
      const page = await client.send(
        new QueryCommand({ ...input, TableName: table, ...(start && { ExclusiveStartKey: start }) }),
      );
      items.push(...(page.Items ?? []));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return items;
  };

  const rowsUnder = (pk: string): Promise<readonly LedgerRow[]> =>
    faulting('reading a fact', async () => {
      const items = await query({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
      });
      return items.map((item) => rowOf(item));
    });

  const insert: FactTable['insert'] = (rows) =>
    faulting('appending', async () => {
      const [first, ...more] = rows;
      if (first === undefined) return 'inserted';
      const inserted =
        more.length === 0 ? await insertOne(client, table, first) : await insertAll(client, table, rows);
      return inserted ? 'inserted' : 'taken';
    });

  const put = async (row: LedgerRow): Promise<'stored' | 'known'> =>
    (await insert([row])) === 'inserted' ? 'stored' : 'known';

  return {
    putDelivery: put,
    delivery: (pk, sk) =>
      faulting('reading a delivery', async () => {
        const { Item: item } = await client.send(
          new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true }),
        );
        return item && rowOf<DeliveryRow>(item);
      }),
    deliveries: async (pk) => (await rowsUnder(pk)).filter((row) => row.kind === 'delivery'),
    putProgress: put,
    lastProgress: (tenant, feed) =>
      faulting('reading the progress of a feed', async () => {
        const { Items: [item] = [] } = await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': progressRowKey(tenant, feed) },
            ConsistentRead: true,
            ScanIndexForward: false,
            Limit: 1,
          }),
        );
        return item && rowOf<ProgressRow>(item);
      }),
    append: (fact, from) => appendFact({ insert, rowsUnder }, fact, from),
    factRows: (tenant, factKey) => rowsUnder(factRowKey(tenant, factKey)),
    bucketRows: (bucket) =>
      faulting('reading a bucket', async () => {
        const items = await query({
          IndexName: LEDGER_INDEX.name,
          KeyConditionExpression: '#bucket = :bucket',
          ExpressionAttributeNames: { '#bucket': LEDGER_INDEX.partition },
          ExpressionAttributeValues: { ':bucket': bucket },
        });
        return items.map((item) => rowOf<BucketRow>(item));
      }),
  };
};
