import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type Alert, FIRST_ALERT } from '../alert/telling.ts';

/** A stored alert, with what it takes to write over it. */
export interface StoredAlert {
  readonly version: number;
  readonly alert: Alert;
}

export interface AlertStore {
  /** Strongly consistent; version 0 where nothing is stored. */
  readonly alert: (tenant: string, rule: string) => Promise<StoredAlert>;
  /** Every rule of which anything is stored. */
  readonly rules: (tenant: string) => Promise<readonly string[]>;
  /** @returns false where somebody has written since `version` was read. */
  readonly put: (tenant: string, rule: string, version: number, alert: Alert) => Promise<boolean>;
}

const partition = (tenant: string): string => `T#${tenant}#ALERTS`;

/** How each rule of a tenant stands, and who was told, in the State table. */
export const alertStore = (client: DynamoDBDocumentClient, table: string): AlertStore => ({
  alert: async (tenant, rule) => {
    const { Item: item } = await client.send(
      new GetCommand({
        TableName: table,
        Key: { pk: partition(tenant), sk: rule },
        ConsistentRead: true,
      }),
    );
    if (item === undefined) return { version: 0, alert: FIRST_ALERT };
    return { version: Number(item['version']), alert: JSON.parse(String(item['document'])) as Alert };
  },
  rules: async (tenant) => {
    const { Items: items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': partition(tenant) },
        ConsistentRead: true,
      }),
    );
    return items.map((item) => String(item['sk']));
  },
  put: async (tenant, rule, version, alert) => {
    try {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: {
            pk: partition(tenant),
            sk: rule,
            kind: 'alert',
            version: version + 1,
            document: JSON.stringify(alert),
          },
          ConditionExpression: 'attribute_not_exists(pk) OR #version = :version',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':version': version },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  },
});
