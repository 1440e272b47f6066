import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { documentOf, parseDocument } from '../canonical/document.ts';
import type { ReconciliationStatus } from '../reconciliation/status.ts';
import { packedDocument, unpackedDocument } from './packed-document.ts';

/** What one run found out about one source, as a document. */
export interface StoredResult {
  /** Accounting day of the run. */
  readonly date: string;
  readonly source: string;
  readonly document: string;
}

export interface ReconciliationStore {
  /** Strongly consistent; undefined where nothing was ever compared. */
  readonly status: (tenant: string) => Promise<ReconciliationStatus | undefined>;
  readonly putStatus: (tenant: string, status: ReconciliationStatus) => Promise<void>;
  /** The last run of a day stands for it. */
  readonly putResult: (tenant: string, result: StoredResult) => Promise<void>;
  /** Results of the latest `limit` days and sources, newest first. */
  readonly results: (tenant: string, limit?: number) => Promise<readonly StoredResult[]>;
}

const STATUS = 'STATUS';
const partition = (tenant: string): string => `T#${tenant}#REC`;

/** What the books and the sources say of each other, in the State table. */
export const reconciliationStore = (client: DynamoDBDocumentClient, table: string): ReconciliationStore => {
  const put = (tenant: string, sk: string, kind: string, document: string): Promise<unknown> =>
    client.send(
      new PutCommand({
        TableName: table,
        Item: { pk: partition(tenant), sk, kind, document: packedDocument(document) },
      }),
    );
  return {
    status: async (tenant) => {
      const { Item: item } = await client.send(
        new GetCommand({
          TableName: table,
          Key: { pk: partition(tenant), sk: STATUS },
          ConsistentRead: true,
        }),
      );
      return item && parseDocument<ReconciliationStatus>(unpackedDocument(item['document']));
    },
    putStatus: async (tenant, status) => {
      await put(tenant, STATUS, 'reconciliation-status', documentOf(status));
    },
    putResult: async (tenant, { date, source, document }) => {
      await put(tenant, `${date}#${source}`, 'reconciliation', document);
    },
    results: async (tenant, limit = 20) => {
      const { Items: items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          /** `STATUS` sorts after every date. */
          KeyConditionExpression: 'pk = :pk AND sk < :status',
          ExpressionAttributeValues: { ':pk': partition(tenant), ':status': STATUS },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: limit,
        }),
      );
      return items.map((item) => {
        const [date = '', ...source] = String(item['sk']).split('#');
        return { date, source: source.join('#'), document: unpackedDocument(item['document']) };
      });
    },
  };
};
