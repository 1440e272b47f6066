import { type DynamoDBDocumentClient, GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DayAggregate } from '../aggregate/day.ts';
import type { MonthAggregate } from '../aggregate/month.ts';
import type { PlanAggregate, ReviewAggregate } from '../aggregate/plan.ts';
import type { StatementsAggregate } from '../aggregate/statements.ts';
import { documentOf } from '../canonical/document.ts';
import { CURRENT_FORECAST_KIND, STATE_TTL_ATTRIBUTE } from '../contract/names.ts';
import type { Subject } from '../event/statement.ts';
import type { Adaptation } from '../runway/adaptation.ts';
import { fencedPuts } from './fenced-puts.ts';
import { documentReader, packedDocument } from './packed-document.ts';
import { readingPuts } from './reading-puts.ts';

/** Everything derived that a forecast starts from, except the days. */
export interface Overview {
  readonly months: readonly MonthAggregate[];
  readonly plan: PlanAggregate | undefined;
  readonly review: ReviewAggregate | undefined;
  /** Absent where the tenant's past has taught nothing yet. */
  readonly adaptation?: Adaptation;
}

/** A stored forecast; `fence` orders forecasts of one tenant, see `fenceOf`. */
export interface StoredForecast {
  readonly fence: string;
  readonly document: string;
}

const aggregates = (tenant: string): string => `T#${tenant}#AGG`;
const statements = (tenant: string): string => `T#${tenant}#S`;
const PLAN = 'PLAN';
const REVIEW = 'REVIEW';
const ADAPTATION = 'ADAPTATION';

/** Derived state. Every write is fenced: a put made from an older reading of the ledger than the stored one is refused. */
export const stateStore = (client: DynamoDBDocumentClient, table: string): StateStore => {
  const fencedPut = fencedPuts(client, table);
  const putReading = readingPuts(client, table);
  const documents = documentReader();

  /** The ledger only grows: fewer rows, or as many but others, prove that ours was the stale reading. */
  const putMonth = (
    pk: string,
    sk: string,
    month: MonthAggregate,
    replacing: string = month.daysHash,
  ): Promise<boolean> =>
    fencedPut(
      {
        pk,
        sk,
        kind: 'month',
        rows: month.rows,
        hash: month.daysHash,
        document: packedDocument(documentOf(month)),
      },
      '#rows < :rows OR (#rows = :rows AND #hash = :hash) OR #hash = :replacing',
      { '#rows': 'rows', '#hash': 'hash' },
      { ':rows': month.rows, ':hash': month.daysHash, ':replacing': replacing },
    );

  const query = async (pk: string, prefix = ''): Promise<{ sk: string; document: unknown }[]> => {
    const items: { sk: string; document: unknown }[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':pk': pk, ...(prefix !== '' && { ':prefix': prefix }) },
          ConsistentRead: true,
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      for (const item of page.Items ?? []) items.push({ sk: String(item['sk']), document: item['document'] });
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return items;
  };

  return {
    putDay: (tenant, day, names, replacing) =>
      putReading(
        {
          pk: `${aggregates(tenant)}#${day.date.slice(0, 7)}`,
          sk: `D#${day.date}#${day.slice.toString().padStart(2, '0')}`,
        },
        'day',
        day,
        names,
        replacing,
      ),
    daysOfMonth: async (tenant, month) =>
      (await query(`${aggregates(tenant)}#${month}`)).map(({ sk, document }) =>
        documents<DayAggregate>(`${tenant}|${month}|${sk}`, document),
      ),
    putMonth: (tenant, month, replacing) =>
      putMonth(aggregates(tenant), `M#${month.month}`, month, replacing),
    putPlan: (tenant, plan, names, replacing) =>
      putReading({ pk: aggregates(tenant), sk: PLAN }, 'plan', plan, names, replacing),
    putReview: (tenant, review, names, replacing) =>
      putReading({ pk: aggregates(tenant), sk: REVIEW }, 'review', review, names, replacing),
    putStatements: (tenant, stated, names, replacing) =>
      putReading(
        { pk: statements(tenant), sk: `${stated.subject}#${stated.month}` },
        'statements',
        stated,
        names,
        replacing,
      ),
    statements: async <Of extends Subject>(tenant: string, subject: Of, months?: readonly string[]) =>
      (await query(statements(tenant), `${subject}#`))
        .filter(({ sk }) => months === undefined || months.includes(sk.slice(subject.length + 1)))
        .map(({ sk, document }) => documents<StatementsAggregate<Of>>(`${tenant}|S|${sk}`, document)),
    overview: async (tenant) => {
      const items = await query(aggregates(tenant));
      const named = <Aggregate>(sk: string): Aggregate | undefined => {
        const item = items.find((candidate) => candidate.sk === sk);
        return item && documents<Aggregate>(`${tenant}|${sk}`, item.document);
      };
      const adaptation = named<Adaptation>(ADAPTATION);
      return {
        months: items
          .filter((item) => item.sk.startsWith('M#'))
          .map(({ sk, document }) => documents<MonthAggregate>(`${tenant}|${sk}`, document)),
        plan: named<PlanAggregate>(PLAN),
        review: named<ReviewAggregate>(REVIEW),
        ...(adaptation && { adaptation }),
      };
    },
    putAdaptation: (tenant, adaptation) =>
      fencedPut(
        {
          pk: aggregates(tenant),
          sk: ADAPTATION,
          kind: 'adaptation',
          fence: adaptation.fence,
          document: packedDocument(documentOf(adaptation)),
        },
        '#fence <= :fence',
        { '#fence': 'fence' },
        { ':fence': adaptation.fence },
      ),
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

type PutReading<Aggregate> = (
  tenant: string,
  aggregate: Aggregate,
  names: readonly string[],
  replacing?: string,
) => Promise<boolean>;

export interface StateStore {
  /**
   * Each put says whether it was stored. False for a reading of a bucket: the stored one saw a row that this one, known by
   * the `names` of its rows, did not. False for all others: a newer one is already there. Only a rebuild names what it is
   * `replacing`, by its hash: that one is then no obstacle.
   */
  readonly putDay: PutReading<DayAggregate>;
  readonly putPlan: PutReading<PlanAggregate>;
  readonly putReview: PutReading<ReviewAggregate>;
  readonly putStatements: PutReading<StatementsAggregate>;
  readonly putMonth: (tenant: string, month: MonthAggregate, replacing?: string) => Promise<boolean>;
  readonly putAdaptation: (tenant: string, adaptation: Adaptation) => Promise<boolean>;
  readonly putForecast: (tenant: string, forecast: StoredForecast) => Promise<boolean>;
  readonly daysOfMonth: (tenant: string, month: string) => Promise<DayAggregate[]>;
  /** What was stated of a subject, month by month; of all its months where none are named. */
  readonly statements: <Of extends Subject>(
    tenant: string,
    subject: Of,
    months?: readonly string[],
  ) => Promise<StatementsAggregate<Of>[]>;
  readonly overview: (tenant: string) => Promise<Overview>;
  readonly forecast: (tenant: string) => Promise<StoredForecast | undefined>;
  /** Counts one request of a subject in a minute; answers how many there were. */
  readonly countRequest: (subject: string, minute: string, expiresAtSeconds: number) => Promise<number>;
}
