import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';

/** Puts an item where there is none, or over one of which the condition holds; says whether it did. */
export type FencedPut = (
  item: Record<string, unknown>,
  condition: string,
  names: Record<string, string>,
  values: Record<string, unknown>,
) => Promise<boolean>;

export const fencedPuts =
  (client: DynamoDBDocumentClient, table: string): FencedPut =>
  async (item, condition, names, values) => {
    try {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: item,
          ConditionExpression: `attribute_not_exists(pk) OR ${condition}`,
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: values,
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
