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
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { canonicalJson } from '../canonical/canonical.ts';
import { STATE_TTL_ATTRIBUTE } from '../contract/names.ts';
import type { Decision, Outcome } from '../policy/decision.ts';
import type { Intent } from '../policy/intent.ts';
import { FIRST_STATE, type PolicyState } from '../policy/state.ts';

/** The right to run the policy of a tenant for a while. Fences grow: a record under an older one than the last is refused. */
export interface Lease {
  readonly fence: number;
}

export interface PolicyRecord {
  readonly state: PolicyState;
  readonly decisions: readonly Decision[];
  readonly outcomes: readonly Outcome[];
}

export interface PolicyStore {
  /** @returns undefined while somebody else holds it. */
  readonly lease: (tenant: string, nowMs: number, durationMs: number) => Promise<Lease | undefined>;
  /** Gives the lease back before its time, if it is still ours. */
  readonly release: (tenant: string, lease: Lease) => Promise<void>;
  /** The policy's state and the version to write over it with, strongly consistent. */
  readonly state: (tenant: string) => Promise<{ readonly version: number; readonly state: PolicyState }>;
  /**
   * Writes the state that follows `version` together with its decisions and outcomes, all or nothing. A decision whose id
   * is known already is left as it was first recorded.
   * @returns `rival` where another run wrote first or took the lease; nothing of ours was written then.
   */
  readonly record: (
    tenant: string,
    version: number,
    record: PolicyRecord,
    lease: Lease,
  ) => Promise<'recorded' | 'rival'>;
  /** The latest decisions, newest first. */
  readonly decisions: (tenant: string, limit?: number) => Promise<readonly Decision[]>;
  readonly decision: (tenant: string, id: string) => Promise<Decision | undefined>;
  /** What became of the decisions that were planned at this instant or later, oldest first. */
  readonly outcomes: (tenant: string, sincePlannedAt: string) => Promise<readonly Outcome[]>;
  /** Leaves an intent for the next run; one with a known id is left as it was. */
  readonly ask: (tenant: string, intent: Intent) => Promise<void>;
  /** What was asked for in the last days, in that order. */
  readonly intents: (tenant: string) => Promise<readonly Intent[]>;
}

/** Two rows a decision; one for the state, one for the lease and some for outcomes, in a transaction of at most 100. */
export const MAX_DECISIONS_PER_RECORD = 40;
/** By then each has been taken up or has lapsed. */
const INTENT_SECONDS = 7 * 24 * 3600;

const RIVALRY = new Set(['ConditionalCheckFailed', 'TransactionConflict']);
const FREE = 'attribute_not_exists(pk)';

type Writes = NonNullable<TransactWriteCommandInput['TransactItems']>;
type Key = { readonly pk: string; readonly sk: string };

const stateKey = (tenant: string): Key => ({ pk: `T#${tenant}#POLICY`, sk: 'STANCE' });
const leaseKey = (tenant: string): Key => ({ pk: `T#${tenant}#POLICY`, sk: 'LEASE' });
const decisionsOf = (tenant: string): string => `T#${tenant}#DECISIONS`;
const outcomesOf = (tenant: string): string => `T#${tenant}#OUTCOMES`;
const intentsOf = (tenant: string): string => `T#${tenant}#INTENTS`;
const guardKey = (tenant: string, id: string): Key => ({ pk: `T#${tenant}#DECISION`, sk: id });
const orderOf = ({ planned_at, decision_id }: Pick<Decision, 'planned_at' | 'decision_id'>): string =>
  `${planned_at}#${decision_id}`;

/** The decision by its time, for readers, and by its id, so that it is recorded once whenever it is taken. */
const decisionWrites = (table: string, tenant: string, decision: Decision): Writes => {
  const row = { pk: decisionsOf(tenant), sk: orderOf(decision) };
  const guard = { ...guardKey(tenant, decision.decision_id), decision: row.sk };
  const document = canonicalJson(decision);
  return [
    { Put: { TableName: table, Item: { ...guard, kind: 'decision-id' }, ConditionExpression: FREE } },
    { Put: { TableName: table, Item: { ...row, kind: 'decision', document }, ConditionExpression: FREE } },
  ];
};

const outcomeWrite = (table: string, tenant: string, outcome: Outcome): Writes[number] => ({
  Put: {
    TableName: table,
    Item: {
      pk: outcomesOf(tenant),
      sk: `${orderOf(outcome)}#${outcome.at}`,
      kind: 'decision-outcome',
      document: canonicalJson(outcome),
    },
  },
});

const stateWrite = (table: string, tenant: string, version: number, state: PolicyState): Writes[number] => ({
  Put: {
    TableName: table,
    Item: { ...stateKey(tenant), kind: 'policy', version: version + 1, document: canonicalJson(state) },
    ...(version === 0
      ? { ConditionExpression: FREE }
      : {
          ConditionExpression: '#version = :version',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':version': version },
        }),
  },
});

const leaseCheck = (table: string, tenant: string, { fence }: Lease): Writes[number] => ({
  ConditionCheck: {
    TableName: table,
    Key: leaseKey(tenant),
    ConditionExpression: '#fence = :fence',
    ExpressionAttributeNames: { '#fence': 'fence' },
    ExpressionAttributeValues: { ':fence': fence },
  },
});

/** @returns the writes that found their key taken, by position; throws what is no rivalry. */
const refusedOf = (error: unknown): readonly number[] => {
  if (error instanceof TransactionConflictException) return [0];
  if (!(error instanceof TransactionCanceledException)) throw error;
  const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code ?? 'None');
  if (codes.some((code) => code !== 'None' && !RIVALRY.has(code))) throw error;
  /** A conflict tells nothing about what is stored: as good as a rival's state. */
  if (codes.includes('TransactionConflict')) return [0];
  return codes.flatMap((code, position) => (code === 'None' ? [] : [position]));
};

/** Undefined where the condition did not hold. */
const conditionally = async <Result>(send: () => Promise<Result>): Promise<Result | undefined> => {
  try {
    return await send();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
};

const leasing = (client: DynamoDBDocumentClient, table: string): Pick<PolicyStore, 'lease' | 'release'> => ({
  lease: async (tenant, nowMs, durationMs) => {
    const answer = await conditionally(() =>
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: leaseKey(tenant),
          UpdateExpression: 'SET #until = :until ADD #fence :one',
          ConditionExpression: 'attribute_not_exists(#until) OR #until <= :now',
          ExpressionAttributeNames: { '#until': 'untilMs', '#fence': 'fence' },
          ExpressionAttributeValues: { ':until': nowMs + durationMs, ':now': nowMs, ':one': 1 },
          ReturnValues: 'UPDATED_NEW',
        }),
      ),
    );
    return answer && { fence: Number(answer.Attributes?.['fence']) };
  },
  release: async (tenant, { fence }) => {
    await conditionally(() =>
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: leaseKey(tenant),
          UpdateExpression: 'REMOVE #until',
          ConditionExpression: '#fence = :fence',
          ExpressionAttributeNames: { '#until': 'untilMs', '#fence': 'fence' },
          ExpressionAttributeValues: { ':fence': fence },
        }),
      ),
    );
  },
});

const documents = async <Document>(
  client: DynamoDBDocumentClient,
  query: ConstructorParameters<typeof QueryCommand>[0],
  limit = Number.POSITIVE_INFINITY,
): Promise<readonly Document[]> => {
  const found: Document[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        ...query,
        ConsistentRead: true,
        ...(Number.isFinite(limit) && { Limit: limit - found.length }),
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    for (const item of page.Items ?? []) found.push(JSON.parse(String(item['document'])) as Document);
    start = page.LastEvaluatedKey;
  } while (start !== undefined && found.length < limit);
  return found;
};

/** Where the policy keeps its stance, every decision it ever took and what became of each. */
export const policyStore = (client: DynamoDBDocumentClient, table: string): PolicyStore => {
  const all = (pk: string): ConstructorParameters<typeof QueryCommand>[0] => ({
    TableName: table,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pk },
  });
  const get = async (key: Key): Promise<Record<string, unknown> | undefined> =>
    (await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))).Item;

  const record: PolicyStore['record'] = async (tenant, version, { state, decisions, outcomes }, lease) => {
    if (decisions.length > MAX_DECISIONS_PER_RECORD)
      throw new RangeError(`at most ${MAX_DECISIONS_PER_RECORD} decisions fit one record`);
    const writes = [
      stateWrite(table, tenant, version, state),
      leaseCheck(table, tenant, lease),
      ...decisions.flatMap((decision) => decisionWrites(table, tenant, decision)),
      ...outcomes.map((outcome) => outcomeWrite(table, tenant, outcome)),
    ];
    try {
      await client.send(new TransactWriteCommand({ TransactItems: writes }));
      return 'recorded';
    } catch (error) {
      const refused = refusedOf(error);
      const unknown = decisions.filter(
        (_, index) => !refused.includes(2 + 2 * index) && !refused.includes(3 + 2 * index),
      );
      if (refused.includes(0) || refused.includes(1) || unknown.length === decisions.length) return 'rival';
      return record(tenant, version, { state, decisions: unknown, outcomes }, lease);
    }
  };

  return {
    ...leasing(client, table),
    state: async (tenant) => {
      const item = await get(stateKey(tenant));
      if (item === undefined) return { version: 0, state: FIRST_STATE };
      return { version: Number(item['version']), state: JSON.parse(String(item['document'])) as PolicyState };
    },
    record,
    decisions: (tenant, limit = 50) =>
      documents<Decision>(client, { ...all(decisionsOf(tenant)), ScanIndexForward: false }, limit),
    decision: async (tenant, id) => {
      const guard = await get(guardKey(tenant, id));
      const row = guard && (await get({ pk: decisionsOf(tenant), sk: String(guard['decision']) }));
      return row && (JSON.parse(String(row['document'])) as Decision);
    },
    outcomes: (tenant, sincePlannedAt) =>
      documents<Outcome>(client, {
        ...all(outcomesOf(tenant)),
        KeyConditionExpression: 'pk = :pk AND sk >= :since',
        ExpressionAttributeValues: { ':pk': outcomesOf(tenant), ':since': sincePlannedAt },
      }),
    ask: async (tenant, intent) => {
      await conditionally(() =>
        client.send(
          new PutCommand({
            TableName: table,
            Item: {
              pk: intentsOf(tenant),
              sk: `${intent.at}#${intent.id}`,
              kind: 'policy-intent',
              document: canonicalJson(intent),
              [STATE_TTL_ATTRIBUTE]: Math.floor(Date.parse(intent.at) / 1000) + INTENT_SECONDS,
            },
            ConditionExpression: FREE,
          }),
        ),
      );
    },
    intents: (tenant) => documents<Intent>(client, all(intentsOf(tenant))),
  };
};
