import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { canonicalJson } from '../canonical/canonical.ts';
import type { Decision } from '../policy/decision.ts';
import { FIRST_STATE, type PolicyState } from '../policy/state.ts';

export interface PolicyStore {
  /** The policy's state and the version to write over it with, strongly consistent. */
  readonly state: (tenant: string) => Promise<{ readonly version: number; readonly state: PolicyState }>;
  /**
   * Writes the state that follows `version` together with its decisions, all or nothing. A decision whose id is known
   * already is left as it was first recorded.
   * @returns `rival` where another run wrote first; nothing of ours was written then.
   */
  readonly record: (
    tenant: string,
    version: number,
    state: PolicyState,
    decisions: readonly Decision[],
  ) => Promise<'recorded' | 'rival'>;
  /** The latest decisions, newest first. */
  readonly decisions: (tenant: string, limit?: number) => Promise<readonly Decision[]>;
}

/** Two rows a decision and one for the state, in a transaction of at most 100. */
export const MAX_DECISIONS_PER_RECORD = 49;

const RIVALRY = new Set(['ConditionalCheckFailed', 'TransactionConflict']);
const FREE = 'attribute_not_exists(pk)';

type Writes = NonNullable<TransactWriteCommandInput['TransactItems']>;

const stateKey = (tenant: string): { pk: string; sk: string } => ({ pk: `T#${tenant}#POLICY`, sk: 'STANCE' });

/** The decision by its time, for readers, and by its id, so that it is recorded once whenever it is taken. */
const decisionWrites = (table: string, tenant: string, decision: Decision): Writes => {
  const document = canonicalJson(decision);
  const row = { pk: `T#${tenant}#DECISIONS`, sk: `${decision.planned_at}#${decision.decision_id}` };
  const guard = { pk: `T#${tenant}#DECISION`, sk: decision.decision_id, decision: row.sk };
  return [
    { Put: { TableName: table, Item: { ...guard, kind: 'decision-id' }, ConditionExpression: FREE } },
    { Put: { TableName: table, Item: { ...row, kind: 'decision', document }, ConditionExpression: FREE } },
  ];
};

/** Where the policy keeps its stance, and every decision it ever took. */
export const policyStore = (client: DynamoDBDocumentClient, table: string): PolicyStore => {
  const stateWrite = (tenant: string, version: number, state: PolicyState): Writes => [
    {
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
    },
  ];

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

  const record: PolicyStore['record'] = async (tenant, version, state, decisions) => {
    if (decisions.length > MAX_DECISIONS_PER_RECORD)
      throw new RangeError(`at most ${MAX_DECISIONS_PER_RECORD} decisions fit one record`);
    const writes = [
      ...stateWrite(tenant, version, state),
      ...decisions.flatMap((decision) => decisionWrites(table, tenant, decision)),
    ];
    try {
      await client.send(new TransactWriteCommand({ TransactItems: writes }));
      return 'recorded';
    } catch (error) {
      const refused = refusedOf(error);
      const unknown = decisions.filter(
        (_, index) => !refused.includes(1 + 2 * index) && !refused.includes(2 + 2 * index),
      );
      if (refused.includes(0) || unknown.length === decisions.length) return 'rival';
      return record(tenant, version, state, unknown);
    }
  };

  return {
    state: async (tenant) => {
      const { Item: item } = await client.send(
        new GetCommand({ TableName: table, Key: stateKey(tenant), ConsistentRead: true }),
      );
      if (item === undefined) return { version: 0, state: FIRST_STATE };
      return { version: Number(item['version']), state: JSON.parse(String(item['document'])) as PolicyState };
    },
    record,
    decisions: async (tenant, limit = 50) => {
      const decisions: Decision[] = [];
      let start: Record<string, unknown> | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': `T#${tenant}#DECISIONS` },
            ScanIndexForward: false,
            ConsistentRead: true,
            Limit: limit - decisions.length,
            ...(start && { ExclusiveStartKey: start }),
          }),
        );
        for (const item of page.Items ?? []) decisions.push(JSON.parse(String(item['document'])) as Decision);
        start = page.LastEvaluatedKey;
      } while (start !== undefined && decisions.length < limit);
      return decisions;
    },
  };
};
