import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { STATE_TTL_ATTRIBUTE } from '../contract/names.ts';
import type { CivilDate } from '../time/civil-date.ts';
import { packedDocument, unpackedDocument } from './packed-document.ts';

/** What was told of a day, and what it was told from. */
export interface ToldForecast {
  readonly date: CivilDate;
  /** Orders the forecasts of one tenant, see `fenceOf`. */
  readonly fence: string;
  readonly document: string;
  /** The model's whole input as a document: equal input and model give the same forecast again. */
  readonly inputs: string;
}

export interface ForecastHistory {
  /** Keeps the last forecast of its day; an older one changes nothing. */
  readonly put: (tenant: string, told: ToldForecast, nowMs: number) => Promise<void>;
  /** One day's last forecast; undefined where none was kept. */
  readonly on: (tenant: string, date: CivilDate) => Promise<ToldForecast | undefined>;
  /** Days with a forecast, ascending, both ends included, without what they were told from. */
  readonly between: (
    tenant: string,
    from: CivilDate,
    to: CivilDate,
  ) => Promise<readonly Omit<ToldForecast, 'inputs'>[]>;
}

/** More than a year, so that a day can be compared with the same one a year before. */
const KEPT_SECONDS = 400 * 86_400;
const PREFIX = 'AT#';

const partition = (tenant: string): string => `T#${tenant}#FORECAST`;

/** Each day's last forecast, beside the current one in the State table. */
export const forecastHistory = (client: DynamoDBDocumentClient, table: string): ForecastHistory => ({
  put: async (tenant, { date, fence, document, inputs }, nowMs) => {
    try {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: {
            pk: partition(tenant),
            sk: `${PREFIX}${date}`,
            kind: 'told',
            fence,
            document: packedDocument(document),
            inputs: packedDocument(inputs),
            [STATE_TTL_ATTRIBUTE]: Math.floor(nowMs / 1000) + KEPT_SECONDS,
          },
          ConditionExpression: 'attribute_not_exists(pk) OR #fence <= :fence',
          ExpressionAttributeNames: { '#fence': 'fence' },
          ExpressionAttributeValues: { ':fence': fence },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  },
  on: async (tenant, date) => {
    const { Item: item } = await client.send(
      new GetCommand({ TableName: table, Key: { pk: partition(tenant), sk: `${PREFIX}${date}` } }),
    );
    return (
      item && {
        date,
        fence: String(item['fence']),
        document: unpackedDocument(item['document']),
        inputs: unpackedDocument(item['inputs']),
      }
    );
  },
  between: async (tenant, from, to) => {
    const told: Omit<ToldForecast, 'inputs'>[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ProjectionExpression: 'sk, fence, document',
          ExpressionAttributeValues: {
            ':pk': partition(tenant),
            ':from': `${PREFIX}${from}`,
            ':to': `${PREFIX}${to}`,
          },
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      for (const item of page.Items ?? [])
        told.push({
          date: String(item['sk']).slice(PREFIX.length) as CivilDate,
          fence: String(item['fence']),
          document: unpackedDocument(item['document']),
        });
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return told;
  },
});
