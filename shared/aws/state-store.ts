import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { DayAggregate } from '../aggregate/day.ts';
import type { MonthAggregate } from '../aggregate/month.ts';
import type { PlanAggregate, ReviewAggregate } from '../aggregate/plan.ts';
import { documentOf, parseDocument } from '../canonical/document.ts';
import { CURRENT_FORECAST_KIND, STATE_TTL_ATTRIBUTE } from '../contract/names.ts';

/** Everything derived that a forecast starts from, except the days. */
export interface Overview {
  readonly months: readonly MonthAggregate[];
  readonly plan: PlanAggregate | undefined;
  readonly review: ReviewAggregate | undefined;
}

/** A stored forecast; `fence` orders forecasts of one tenant, see `fenceOf`. */
export interface StoredForecast {
  readonly fence: string;
  readonly document: string;
}

const aggregates = (tenant: string): string => `T#${tenant}#AGG`;
const PLAN = 'PLAN';
const REVIEW = 'REVIEW';

/** Derived state. Every write is fenced: a put made from an older reading of the ledger than the stored one is refused. */
export const stateStore = (client: DynamoDBDocumentClient, table: string): StateStore => {
  const fencedPut = async (
    item: Record<string, unknown>,
    condition: string,
    names: Record<string, string>,
    values: Record<string, unknown>,
  ): Promise<boolean> => {
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

  /** The ledger only grows: fewer rows, or as many but others, prove that ours was the stale reading. */
  const putAggregate = (
    pk: string,
    sk: string,
    kind: string,
    rows: number,
    hash: string,
    aggregate: unknown,
  ): Promise<boolean> =>
    fencedPut(
      { pk, sk, kind, rows, hash, document: documentOf(aggregate) },
      '#rows < :rows OR (#rows = :rows AND #hash = :hash)',
      { '#rows': 'rows', '#hash': 'hash' },
      { ':rows': rows, ':hash': hash },
    );

  const query = async (pk: string): Promise<{ sk: string; document: string }[]> => {
    const items: { sk: string; document: string }[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
          ConsistentRead: true,
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      for (const item of page.Items ?? [])
        items.push({ sk: String(item['sk']), document: String(item['document']) });
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return items;
  };

  return {
    putDay: (tenant, day) =>
      putAggregate(
        `${aggregates(tenant)}#${day.date.slice(0, 7)}`,
        `D#${day.date}#${day.slice.toString().padStart(2, '0')}`,
        'day',
        day.rows,
        day.rowsHash,
        day,
      ),
    daysOfMonth: async (tenant, month) =>
      (await query(`${aggregates(tenant)}#${month}`)).map((item) =>
        parseDocument<DayAggregate>(item.document),
      ),
    putMonth: (tenant, month) =>
      putAggregate(aggregates(tenant), `M#${month.month}`, 'month', month.rows, month.daysHash, month),
    putPlan: (tenant, plan) => putAggregate(aggregates(tenant), PLAN, 'plan', plan.rows, plan.rowsHash, plan),
    putReview: (tenant, review) =>
      putAggregate(aggregates(tenant), REVIEW, 'review', review.rows, review.rowsHash, review),
    overview: async (tenant) => {
      const items = await query(aggregates(tenant));
      const named = <Aggregate>(sk: string): Aggregate | undefined => {
        const item = items.find((candidate) => candidate.sk === sk);
        return item && parseDocument<Aggregate>(item.document);
      };
      return {
        months: items
          .filter((item) => item.sk.startsWith('M#'))
          .map((item) => parseDocument<MonthAggregate>(item.document)),
        plan: named<PlanAggregate>(PLAN),
        review: named<ReviewAggregate>(REVIEW),
      };
    },
    putForecast: (tenant, forecast) =>
      fencedPut(
        { pk: `T#${tenant}#FORECAST`, sk: 'CURRENT', kind: CURRENT_FORECAST_KIND, tenant, ...forecast },
        '#fence <= :fence',
        { '#fence': 'fence' },
        { ':fence': forecast.fence },
      ),
    forecast: async (tenant) => {
      const { Item: item } = await client.send(
        new GetCommand({
          TableName: table,
          Key: { pk: `T#${tenant}#FORECAST`, sk: 'CURRENT' },
          ConsistentRead: true,
        }),
      );
      return item && { fence: String(item['fence']), document: String(item['document']) };
    },
    countRequest: async (subject, minute, expiresAtSeconds) => {
      const { Attributes: counted } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk: `RL#${subject}`, sk: minute },
          UpdateExpression: `ADD #count :one SET #ttl = :ttl`,
          ExpressionAttributeNames: { '#count': 'count', '#ttl': STATE_TTL_ATTRIBUTE },
          ExpressionAttributeValues: { ':one': 1, ':ttl': expiresAtSeconds },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return Number(counted?.['count']);
    },
  };
};

export interface StateStore {
  /** Each put says whether it was stored; false means that a newer reading is already there. */
  readonly putDay: (tenant: string, day: DayAggregate) => Promise<boolean>;
  readonly putMonth: (tenant: string, month: MonthAggregate) => Promise<boolean>;
  readonly putPlan: (tenant: string, plan: PlanAggregate) => Promise<boolean>;
  readonly putReview: (tenant: string, review: ReviewAggregate) => Promise<boolean>;
  readonly putForecast: (tenant: string, forecast: StoredForecast) => Promise<boolean>;
  readonly daysOfMonth: (tenant: string, month: string) => Promise<DayAggregate[]>;
  readonly overview: (tenant: string) => Promise<Overview>;
  readonly forecast: (tenant: string) => Promise<StoredForecast | undefined>;
  /** Counts one request of a subject in a minute; answers how many there were. */
  readonly countRequest: (subject: string, minute: string, expiresAtSeconds: number) => Promise<number>;
}
