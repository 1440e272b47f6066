import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { packNames, unpackNames } from '../aggregate/reading.ts';
import type { Seal, SealedRows } from '../audit/seal.ts';
import { canonicalJson } from '../canonical/canonical.ts';
import { packedDocument, unpackedDocument } from './packed-document.ts';

/** What is sealed of one unit. */
export interface SealedUnit {
  readonly version: number;
  /** Hash of the rows that were there when it was last looked at. */
  readonly rowsHash: string;
  /** Short names of all rows that are sealed. */
  readonly names: readonly string[];
}

export interface SealStore {
  readonly head: (tenant: string) => Promise<Pick<Seal, 'seq' | 'chain'> | undefined>;
  readonly units: (tenant: string) => Promise<ReadonlyMap<string, SealedUnit>>;
  /** Adds the next link; false where another one was added meanwhile. */
  readonly append: (sealed: SealedRows, unit: SealedUnit) => Promise<boolean>;
  /** Links from number `from` on, in order. */
  readonly seals: (tenant: string, from: number, limit: number) => Promise<readonly SealedRows[]>;
}

const HEAD = 'HEAD';
const chain = (tenant: string): string => `T#${tenant}#SEAL`;
const units = (tenant: string): string => `T#${tenant}#SEALED`;
const orderOf = (seq: number): string => seq.toString().padStart(10, '0');

/** The chain of seals in the State table: a link and the head move together, and only from the head that the link follows. */
export const sealStore = (client: DynamoDBDocumentClient, table: string): SealStore => ({
  head: async (tenant) => {
    const { Item: item } = await client.send(
      new GetCommand({ TableName: table, Key: { pk: chain(tenant), sk: HEAD }, ConsistentRead: true }),
    );
    return item && { seq: Number(item['seq']), chain: String(item['chain']) };
  },
  units: async (tenant) => {
    const found = new Map<string, SealedUnit>();
    let start: Record<string, unknown> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': units(tenant) },
          ConsistentRead: true,
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      for (const item of page.Items ?? [])
        found.set(String(item['sk']), {
          version: Number(item['version']),
          rowsHash: String(item['rowsHash']),
          names: unpackNames(unpackedDocument(item['names'])),
        });
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return found;
  },
  append: async (sealed, { version, rowsHash, names }) => {
    const { tenant, seq, previous, unit, chain: link } = sealed.seal;
    try {
      await client.send(
        new TransactWriteCommand({
          TransactItems: [
            {
              Put: {
                TableName: table,
                Item: {
                  pk: chain(tenant),
                  sk: orderOf(seq),
                  kind: 'seal',
                  document: packedDocument(canonicalJson(sealed)),
                },
                ConditionExpression: 'attribute_not_exists(pk)',
              },
            },
            {
              Put: {
                TableName: table,
                Item: { pk: chain(tenant), sk: HEAD, kind: 'seal-head', seq, chain: link },
                ...(seq === 1
                  ? { ConditionExpression: 'attribute_not_exists(pk)' }
                  : {
                      ConditionExpression: '#chain = :previous',
                      ExpressionAttributeNames: { '#chain': 'chain' },
                      ExpressionAttributeValues: { ':previous': previous },
                    }),
              },
            },
            {
              Put: {
                TableName: table,
                Item: {
                  pk: units(tenant),
                  sk: unit,
                  kind: 'sealed',
                  version,
                  rowsHash,
                  names: packedDocument(packNames(names)),
                },
              },
            },
          ],
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof TransactionConflictException) return false;
      if (
        error instanceof TransactionCanceledException &&
        (error.CancellationReasons ?? []).every(({ Code: code = 'None' }) =>
          ['None', 'ConditionalCheckFailed', 'TransactionConflict'].includes(code),
        )
      )
        return false;
      throw error;
    }
  },
  seals: async (tenant, from, limit) => {
    const { Items: items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':pk': chain(tenant),
          ':from': orderOf(from),
          ':to': orderOf(from + limit - 1),
        },
        ConsistentRead: true,
      }),
    );
    return items.map((item) => JSON.parse(unpackedDocument(item['document'])) as SealedRows);
  },
});
